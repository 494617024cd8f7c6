using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>An error of our own over one service leaves that one out, and no other. Previously nothing was placed any more.</summary>
public sealed class When_the_planner_fails
{
    private static readonly PlacementEvent.QuorumFormed All = new();

    [Fact]
    [Trait("Rule", "S13")]
    public void One_that_makes_it_fail_is_left_out_and_the_others_are_placed()
    {
        Cluster cluster = Break(new Cluster("n1", "n2").Service("a").Service("b").Service("c").Running("b", "n1"), "b");

        PlacementPlan plan = SturdyPlanner.Plan(cluster.Placement, All);

        Assert.Equal(["service:b"], plan.LeftOut.Keys.Select(name => name.Value));
        Assert.Equal([("service:a", PlacementAction.Start), ("service:c", PlacementAction.Start)], plan.Services.Select(service => (service.Service.Value, service.Action)));
    }

    /// <summary>The sweep meets what is amiss while it looks for what it concerns, a group of services while one of them is placed.</summary>
    [Fact]
    public void It_is_in_nobodys_way_where_only_others_are_looked_at()
    {
        Cluster cluster = Break(new Cluster("n1", "n2").Service("b").Service("c").Ties("c", "b", colocate: Colocation.Never).Running("b", "n1"), "b");

        PlacementPlan swept = SturdyPlanner.Plan(cluster.Placement, new PlacementEvent.Sweep());
        PlacementPlan asked = SturdyPlanner.Plan(cluster.Placement, new PlacementEvent.ServicesNeedPlacement([new("service:c")]));

        Assert.Equal("service:b", Assert.Single(swept.LeftOut).Key.Value);
        Assert.All([swept, asked], plan => Assert.Equal((PlacementAction.Start, "n2"), (Assert.Single(plan.Services).Action, plan.Services[0].Node?.Value)));
    }

    /// <summary>One service put where it must not be is worse than one that waits.</summary>
    [Fact]
    public void What_it_may_run_is_in_the_way_of_the_others_as_ever()
    {
        Cluster cluster = Break(new Cluster("n1").Service("b").Service("alone", exclusive: 1).Running("b", "n1"), "b");

        Assert.Equal(PlacementAction.LeaveAlone, Assert.Single(SturdyPlanner.Plan(cluster.Placement, All).Services).Action);
    }

    [Fact]
    public void The_others_are_placed_together()
    {
        Cluster cluster = Break(new Cluster("n1", "n2").Service("b").Running("b", "n1").Service("x", exclusive: 1).Service("y", exclusive: 2), "b");

        PlacementPlan plan = SturdyPlanner.Plan(cluster.Placement, All);

        Assert.Equal([(PlacementAction.Start, "n2"), (PlacementAction.LeaveAlone, null)], plan.Services.Select(service => (service.Action, service.Node?.Value)));
    }

    [Fact]
    public void One_that_is_parked_is_not_tried()
    {
        Cluster cluster = Break(new Cluster("n1").Service("b").Running("b", "n1").Park("b").Service("a"), "b");

        PlacementPlan plan = SturdyPlanner.Plan(cluster.Placement, All);

        Assert.Empty(plan.LeftOut);
        Assert.Equal(PlacementAction.Start, Assert.Single(plan.Services).Action);
    }

    /// <summary>Nobody waits for a word that will not come.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void Whoever_waits_for_one_that_is_left_out_is_answered()
    {
        Cluster cluster = Break(new Cluster("n1").Service("a").Service("b").At("b", ServiceState.Disabled), "b");
        cluster.With("b", record => record with { Journey = record.Journey! with { RequestIds = ["r1"] } }); // there: it is broken by it

        ServicePlan plan = Assert.Single(SturdyPlanner.Plan(cluster.Placement, new PlacementEvent.Sweep()).Services, plan => plan.Service.Name == "b");

        Assert.Equal((PlacementAction.GiveUp, ResultCode.Fail), (plan.Action, plan.Result));
        Assert.StartsWith("an internal error", plan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_error_it_is_the_planners_word()
    {
        Cluster cluster = new Cluster("n1").Service("a");

        PlacementPlan plan = SturdyPlanner.Plan(cluster.Placement, All);

        Assert.Empty(plan.LeftOut);
        Assert.Equal(PlacementAction.Start, Assert.Single(plan.Services).Action);
    }

    /// <summary>No decision makes such a record.</summary>
    private static Cluster Break(Cluster cluster, string name)
    {
        cluster.With(name, record => record with { Newcomers = default, Journey = new Journey(Intent.Relocate) { Tried = default } });
        Assert.ThrowsAny<Exception>(() => Planner.Plan(cluster.Placement with { Parked = [] }, All));
        return cluster;
    }
}
