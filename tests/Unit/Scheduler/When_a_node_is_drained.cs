using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

public sealed class When_a_node_is_drained
{
    [Fact]
    public void Its_services_move_to_the_best_other_node()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a(1) c(2) b(3)", ordered: true).Service("s", "d").Running("s", "a");
        cluster.Drained.Add("a");

        ServicePlan plan = cluster.PlanOf("s", Cluster.Down("a"));

        Assert.Equal((PlacementAction.Relocate, "c"), (plan.Action, plan.Node?.Value));
        Assert.Contains("a is drained by an operator", plan.Reason, StringComparison.Ordinal);
    }

    /// <summary>Rule S13: the event may be lost.</summary>
    [Fact]
    public void The_sweep_finds_them_too()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Drained.Add("a");

        Assert.Equal(PlacementAction.Relocate, cluster.PlanOf("s", new PlacementEvent.Sweep()).Action);
    }

    [Fact]
    public void What_no_other_node_may_run_is_stopped_and_says_why()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a", restricted: true).Service("s", "d").Running("s", "a");
        cluster.Drained.Add("a");

        ServicePlan plan = cluster.PlanOf("s", Cluster.Down("a"));

        Assert.Equal(PlacementAction.Stop, plan.Action);
        Assert.Contains("no other node can take it", plan.Reason, StringComparison.Ordinal);
    }

    /// <summary>Source: issue 4, deliverable 4: services leave in order.</summary>
    [Fact]
    public void What_needs_another_leaves_before_it()
    {
        Cluster cluster = new Cluster("a", "b").Service("db").Service("app", depend: "db").Running("db", "a").Running("app", "a");
        cluster.Drained.Add("a");

        Assert.Equal(
            [(PlacementAction.Relocate, "service:app"), (PlacementAction.LeaveAlone, "service:db")],
            cluster.Plan(Cluster.Down("a")).Services.Select(plan => (plan.Action, plan.Service.Value)));
        cluster.Keep("app", Lifecycle.Apply(cluster.Situation("app"), cluster.PlanOf("app", Cluster.Down("a"))));
        cluster.Ends("app", OperationOutcome.Succeeded, isRunning: false);
        cluster.Place("app");
        Decision left = cluster.Ends("app", OperationOutcome.Succeeded, isRunning: true);

        Assert.Contains(new ServiceName("service:db"), left.Effects.OfType<Effect.NeedsPlacement>().SelectMany(effect => effect.Services));
        Assert.Equal(PlacementAction.Relocate, cluster.PlanOf("db", new PlacementEvent.ServicesNeedPlacement([new("service:db")])).Action);
    }

    /// <summary>One that is frozen does not leave, and keeps nobody.</summary>
    [Fact]
    public void What_needs_another_and_is_frozen_does_not_keep_it()
    {
        Cluster cluster = new Cluster("a", "b").Service("db").Service("app", depend: "db").Running("db", "a").Running("app", "a")
            .With("app", record => record with { IsFrozen = true });
        cluster.Drained.Add("a");

        Assert.Equal(PlacementAction.Relocate, cluster.PlanOf("db", Cluster.Down("a")).Action);
    }

    [Fact]
    public void Two_that_need_each_other_do_not_wait_for_each_other()
    {
        Cluster cluster = new Cluster("a", "b").Service("x", depend: "y").Service("y", depend: "x").Running("x", "a").Running("y", "a");
        cluster.Drained.Add("a");

        Assert.Contains(cluster.Plan(Cluster.Down("a")).Services, plan => plan.Action is PlacementAction.Relocate or PlacementAction.Stop);
    }

    [Fact]
    public void One_that_can_start_nowhere_else_does_not_come_back()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Drained.Add("a");
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", Cluster.Down("a"))));
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Null(cluster.Place("s").Order());
        Assert.Equal(ServiceState.Stopped, cluster["s"].State);
    }

    [Fact]
    public void Nothing_is_started_there_not_even_on_request()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", ServiceState.Stopped);
        cluster.Drained.Add("a");

        Decision refused = cluster.Command("s", CommandKind.Enable, "a");

        Assert.Equal(ResultCode.Domain, refused.Answered());
        Assert.Equal("b", cluster.PlanOf("s", new PlacementEvent.QuorumFormed()).Node?.Value);
    }

    [Fact]
    public void A_frozen_service_stays()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").With("s", record => record with { IsFrozen = true });
        cluster.Drained.Add("a");

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", Cluster.Down("a")).Action);
    }

    /// <summary>With failback it goes home when the node is put into use again, as if it had come up.</summary>
    [Theory]
    [InlineData(false, PlacementAction.Relocate)]
    [InlineData(true, PlacementAction.LeaveAlone)]
    public void Undraining_is_a_node_that_comes_up(bool nofailback, PlacementAction expected)
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a(1) b(2)", ordered: true, nofailback: nofailback).Service("s", "d").Running("s", "b");

        Assert.Equal(expected, cluster.PlanOf("s", Cluster.Up("a")).Action);
    }
}
