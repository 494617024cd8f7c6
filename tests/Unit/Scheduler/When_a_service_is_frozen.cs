using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: clusvcadm(8) -Z and -U; rgmanager.md 3.5.</summary>
public sealed class When_a_service_is_frozen
{
    [Theory]
    [InlineData(ServiceState.Started)]
    [InlineData(ServiceState.Stopped)]
    [InlineData(ServiceState.Disabled)]
    public void What_is_at_rest_keeps_its_state_and_takes_the_flag(ServiceState state)
    {
        Cluster cluster = In(state);

        Decision decision = cluster.Command("s", CommandKind.Freeze);

        Assert.Equal(ResultCode.Success, decision.Answered());
        Assert.Equal((state, true), (cluster["s"].State, cluster["s"].IsFrozen));
        Assert.Null(decision.Order());
    }

    [Theory]
    [InlineData(ServiceState.Failed)]
    [InlineData(ServiceState.Uninitialized)]
    [InlineData(ServiceState.Recovering)]
    public void Any_other_state_is_refused_for_now(ServiceState state)
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", state);

        Assert.Equal(ResultCode.Again, cluster.Command("s", CommandKind.Freeze).Answered());
        Assert.False(cluster["s"].IsFrozen);
    }

    [Fact]
    public void What_is_being_started_is_refused_for_now()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", ServiceState.Stopped);
        cluster.Command("s", CommandKind.Enable, "a", "r0");
        cluster.Place("s");

        Assert.Equal(ResultCode.Again, cluster.Command("s", CommandKind.Freeze).Answered());
    }

    [Theory]
    [InlineData(CommandKind.Enable)]
    [InlineData(CommandKind.Disable)]
    [InlineData(CommandKind.Stop)]
    [InlineData(CommandKind.Restart)]
    [InlineData(CommandKind.Relocate)]
    public void Every_other_command_is_refused(CommandKind kind)
    {
        Cluster cluster = Frozen();

        Decision decision = cluster.Command("s", kind);

        Assert.Equal(ResultCode.Frozen, decision.Answered());
        Assert.Equal((ServiceState.Started, "a"), (cluster["s"].State, cluster["s"].Owner?.Value));
    }

    [Fact]
    public void A_failed_check_starts_nothing_until_it_is_unfrozen()
    {
        Cluster cluster = Frozen();

        Assert.False(cluster.StatusFails("s").IsChanged);
        cluster.Command("s", CommandKind.Unfreeze, request: "r2");

        Assert.Equal((NodeAction.Stop, "a"), cluster.StatusFails("s").Ordered());
    }

    [Fact]
    public void An_inventory_without_it_starts_nothing()
    {
        Cluster cluster = Frozen();
        cluster.Now += TimeSpan.FromMinutes(1);

        Decision decision = cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), null));

        Assert.False(decision.IsChanged);
    }

    /// <summary>Scenario 31. DESIGN 9: it says what unfreezing will do, which the original leaves undefined.</summary>
    [Fact]
    public void Scenario_31_what_is_frozen_on_a_dead_node_stays_put()
    {
        Cluster cluster = Frozen().Node("a", NodeState.Fenced);

        cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((ServiceState.Stopped, true, "a"), (cluster["s"].State, cluster["s"].IsFrozen, cluster["s"].LastOwner?.Value));
        Assert.Contains("once it is unfrozen, the best node starts it", cluster["s"].Reason, StringComparison.Ordinal);
        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", Cluster.Down("a")).Action);
        Assert.Equal(ResultCode.Frozen, cluster.Command("s", CommandKind.Enable, request: "r2").Answered("r2"));

        Decision unfrozen = cluster.Command("s", CommandKind.Unfreeze, request: "r3");

        Assert.Equal(ResultCode.Success, unfrozen.Answered("r3"));
        Assert.True(unfrozen.SeeksPlacement());
        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
    }

    [Fact]
    public void Unfreezing_one_whose_owner_is_lost_waits_for_proof()
    {
        Cluster cluster = Frozen().Node("a", NodeState.Lost);

        Decision decision = cluster.Command("s", CommandKind.Unfreeze, request: "r2");

        Assert.Equal((ServiceState.Started, "a"), (cluster["s"].State, cluster["s"].Owner?.Value));
        Assert.Contains("once that node is proven off", decision.Next.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unfreezing_what_an_operator_stopped_leaves_it_stopped()
    {
        Cluster cluster = In(ServiceState.Stopped).With("s", record => record with { AwaitsTransition = true });
        cluster.Command("s", CommandKind.Freeze);

        Assert.False(cluster.Command("s", CommandKind.Unfreeze, request: "r2").SeeksPlacement());
    }

    [Theory]
    [InlineData(CommandKind.Freeze)]
    [InlineData(CommandKind.Unfreeze)]
    public void To_ask_for_what_is_so_already_is_a_success(CommandKind kind)
    {
        Cluster cluster = In(ServiceState.Started).With("s", record => record with { IsFrozen = kind == CommandKind.Freeze });

        Decision decision = cluster.Command("s", kind);

        Assert.Equal((ResultCode.Success, false), (decision.Answered(), decision.IsChanged));
    }

    private static Cluster Frozen()
    {
        Cluster cluster = In(ServiceState.Started);
        cluster.Command("s", CommandKind.Freeze);
        return cluster;
    }

    private static Cluster In(ServiceState state) => state == ServiceState.Started
        ? new Cluster("a", "b").Service("s").Running("s", "a")
        : new Cluster("a", "b").Service("s").At("s", state);
}
