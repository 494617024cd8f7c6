using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: clusvcadm(8) -l and -u; rgmanager.md 3.9.</summary>
public sealed class When_the_cluster_is_locked
{
    /// <summary>DESIGN 9: what happened meanwhile counts as soon as it is unlocked; the original waits for another event.</summary>
    [Fact]
    public void Scenario_40_a_dead_nodes_service_is_not_taken_over_until_it_is_unlocked()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.IsLocked = true;
        cluster.Node("a", NodeState.Fenced);
        cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", Cluster.Down("a")).Action);
        Assert.Equal("the cluster is locked by an operator", cluster.PlanOf("s", new PlacementEvent.Sweep()).Reason);
        Assert.Equal(ServiceState.Stopped, cluster["s"].State);

        cluster.IsLocked = false;

        Assert.Equal((PlacementAction.Start, "b"), Told(cluster.PlanOf("s", new PlacementEvent.Sweep())));
    }

    [Theory]
    [InlineData(CommandKind.Enable, ServiceState.Stopped)]
    [InlineData(CommandKind.Enable, ServiceState.Disabled)]
    [InlineData(CommandKind.Restart, ServiceState.Started)]
    [InlineData(CommandKind.Relocate, ServiceState.Started)]
    public void What_starts_something_is_refused_for_now(CommandKind kind, ServiceState state)
    {
        Cluster cluster = In(state);
        cluster.IsLocked = true;

        Decision decision = cluster.Command("s", kind);

        Assert.Equal((ResultCode.Again, state), (decision.Answered(), cluster["s"].State));
        Assert.Null(decision.Order());
    }

    [Theory]
    [InlineData(CommandKind.Stop, ServiceState.Stopped)]
    [InlineData(CommandKind.Disable, ServiceState.Disabled)]
    public void Stops_go_on(CommandKind kind, ServiceState state)
    {
        Cluster cluster = In(ServiceState.Started);
        cluster.IsLocked = true;

        cluster.Command("s", kind);
        Decision ended = cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((ResultCode.Success, state), (ended.Answered(), cluster["s"].State));
    }

    [Fact]
    public void What_fails_is_stopped_and_waits()
    {
        Cluster cluster = In(ServiceState.Started);
        cluster.IsLocked = true;

        cluster.StatusFails("s");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Decision waiting = cluster.Place("s");

        Assert.Null(waiting.Order());
        Assert.Equal(ServiceState.Recovering, cluster["s"].State);
        cluster.IsLocked = false;
        Assert.Equal((NodeAction.Start, "a"), cluster.Place("s").Ordered());
    }

    [Fact]
    public void A_command_that_is_under_way_is_answered_and_starts_nothing()
    {
        Cluster cluster = In(ServiceState.Started);
        cluster.Command("s", CommandKind.Relocate, "b");
        cluster.IsLocked = true;
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Decision decision = cluster.Place("s");

        Assert.Equal(ResultCode.Again, decision.Answered());
        Assert.Null(decision.Order());
    }

    /// <summary>The lock is checked where the start is ordered too: a plan may be older than it.</summary>
    [Fact]
    public void A_plan_from_before_starts_nothing()
    {
        Cluster cluster = In(ServiceState.Stopped);
        ServicePlan plan = cluster.PlanOf("s", new PlacementEvent.QuorumFormed());
        cluster.IsLocked = true;

        Assert.Equal(PlacementAction.Start, plan.Action);
        Assert.Null(Lifecycle.Apply(cluster.Situation("s"), plan).Order());
    }

    private static (PlacementAction, string?) Told(ServicePlan plan) => (plan.Action, plan.Node?.Value);

    private static Cluster In(ServiceState state) => state == ServiceState.Started
        ? new Cluster("a", "b").Service("s").Running("s", "a")
        : new Cluster("a", "b").Service("s").At("s", state);
}
