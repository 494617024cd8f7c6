using Quorate.Contracts;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 3.10 and 4.6; scenario 38 is in <see cref="When_a_node_comes_or_goes"/>.</summary>
public sealed class When_an_exclusive_service_needs_a_node
{
    [Fact]
    public void One_of_a_worse_priority_gives_way()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("first", exclusive: 1).Service("second", exclusive: 2).Service("other")
            .Running("second", "n1").Running("other", "n2");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.ServicesNeedPlacement([new("service:first")]));

        Assert.Equal([(PlacementAction.LeaveAlone, null), (PlacementAction.Stop, null)], plan.Services.Select(Told));
        Assert.Equal("it is exclusive and waits until service:second, of a lower priority, has left n1", plan.Services[0].Reason);
    }

    [Fact]
    public void It_moves_where_it_can()
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Domain("d", "n1", restricted: true).Service("first", "d", exclusive: 1).Service("second", exclusive: 2)
            .Service("other").Running("second", "n1").Running("other", "n2");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.ServicesNeedPlacement([new("service:first")]));

        Assert.Equal((PlacementAction.Relocate, "n3"), Told(plan.Services[1]));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void One_of_the_same_or_a_better_priority_and_one_that_shares_stay(int seeks, int runs)
    {
        Cluster cluster = new Cluster("n1").Service("first", exclusive: seeks).Service("second", exclusive: runs).Running("second", "n1");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.ServicesNeedPlacement([new("service:first")]));

        Assert.Equal((PlacementAction.LeaveAlone, null), Told(Assert.Single(plan.Services)));
    }

    [Fact]
    public void A_frozen_one_stays()
    {
        Cluster cluster = new Cluster("n1").Service("first", exclusive: 1).Service("second", exclusive: 2).Running("second", "n1")
            .With("second", record => record with { IsFrozen = true });

        Assert.Single(cluster.Plan(new PlacementEvent.ServicesNeedPlacement([new("service:first")])).Services);
    }

    /// <summary>Source: rgmanager.md 3.7 step 1: the target runs an exclusive service, or runs any and this one is exclusive: RG_EDEPEND, and nothing stops.</summary>
    [Theory]
    [InlineData("alone", "n2")]
    [InlineData("other", "n1")]
    public void A_relocation_to_where_one_is_in_the_way_is_refused_before_anything_stops(string name, string target)
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("alone", exclusive: 1).Service("other").Running("alone", "n1").Running("other", "n2");

        Decision decision = cluster.Command(name, CommandKind.Relocate, target);

        Assert.Equal(ResultCode.Depend, decision.Answered());
        Assert.Null(decision.Order());
    }

    [Fact]
    public void A_relocation_that_would_only_end_where_it_began_stops_nothing()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("alone", exclusive: 1).Service("other").Running("alone", "n1").Running("other", "n2");

        Decision decision = cluster.Command("alone", CommandKind.Relocate);

        Assert.Equal(ResultCode.Relocated, decision.Answered());
        Assert.Null(decision.Order());
    }

    private static (PlacementAction, string?) Told(ServicePlan plan) => (plan.Action, plan.Node?.Value);
}
