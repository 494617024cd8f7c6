using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: DESIGN 4, <c>maintenance on</c> suspends recovery; ADR 0010.</summary>
public sealed class When_an_operator_works_on_the_cluster
{
    [Fact]
    public void A_failed_service_is_left_as_it_is_and_recovered_afterwards()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.IsMaintenance = true;

        Decision during = cluster.StatusFails("s");
        cluster.IsMaintenance = false;
        Decision after = cluster.StatusFails("s");

        Assert.False(during.IsChanged);
        Assert.Contains("in maintenance nothing is recovered", during.Reason, StringComparison.Ordinal);
        Assert.Equal((NodeAction.Stop, "a"), after.Ordered());
    }

    [Fact]
    public void One_whose_node_ended_is_placed_only_afterwards()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").Node("a", NodeState.Fenced);
        cluster.IsMaintenance = true;

        ServicePlan during = cluster.PlanOf("s", Cluster.Down("a"));
        cluster.IsMaintenance = false;
        ServicePlan after = cluster.PlanOf("s", new PlacementEvent.Sweep());

        Assert.Equal((PlacementAction.LeaveAlone, "the cluster is in maintenance"), (during.Action, during.Reason));
        Assert.Equal((PlacementAction.TakeOver, Cluster.N("b")), (after.Action, after.Node));
    }

    [Fact]
    public void A_better_node_that_came_meanwhile_gets_it_afterwards()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a(1) b(2)", ordered: true).Service("s", "d").Running("s", "b");
        cluster.IsMaintenance = true;

        ServicePlan during = cluster.PlanOf("s", Cluster.Up("a"));
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), during));
        cluster.IsMaintenance = false;
        ServicePlan after = cluster.PlanOf("s", new PlacementEvent.Sweep());

        Assert.Equal(PlacementAction.LeaveAlone, during.Action);
        Assert.Equal((PlacementAction.Relocate, Cluster.N("a")), (after.Action, after.Node));
    }

    [Fact]
    public void What_a_node_no_longer_runs_is_no_failure()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.IsMaintenance = true;
        cluster.Now += TimeSpan.FromMinutes(1);

        Decision decision = cluster.Decide("s", new ServiceEvent.InventoryReported(Cluster.N("a"), Cluster.Life("a"), null));

        Assert.False(decision.IsChanged);
    }

    [Fact]
    public void An_operators_order_is_carried_out()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Service("t").Running("t", "a");
        cluster.IsMaintenance = true;

        cluster.Command("s", CommandKind.Enable, request: "r1");
        Decision stop = cluster.Command("t", CommandKind.Stop, request: "r2");

        Assert.Equal(NodeAction.Start, cluster.Place("s").Ordered()?.Action);
        Assert.Equal((NodeAction.Stop, "a"), stop.Ordered());
    }

    [Fact]
    public void A_stop_that_fails_fences_nobody()
    {
        Cluster cluster = new Cluster("a", "b").Fenced("a", "b").Service("s", onStopFailure: StopFailurePolicy.Fence).Running("s", "a");
        cluster.IsMaintenance = true;
        cluster.Command("s", CommandKind.Stop);

        Decision decision = cluster.Ends("s", OperationOutcome.Failed);

        Assert.Null(decision.Fences());
        Assert.NotNull(cluster["s"].Hold);
    }
}
