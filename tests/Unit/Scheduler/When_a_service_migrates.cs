using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

using static Quorate.Tests.Unit.Scheduler.Guests;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: clusvcadm(8) -M; rgmanager.md 2.6 (results 0 1 6 7 150) and 3.5.</summary>
public sealed class When_a_service_migrates
{
    /// <summary>Rules S8 and S9: the receiver knows before anything arrives, and is the owner only once the source has proven that it runs there no more.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S9")]
    public void The_receiver_is_prepared_then_it_moves_then_the_receiver_owns_it()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");

        Assert.Equal((NodeAction.Receive, "b"), cluster.Place(Vm).Ordered());
        Assert.Equal((ServiceState.Migrating, "a", "b"), (cluster[Vm].State, cluster[Vm].Owner?.Value, cluster[Vm].Receiver?.Node.Value));
        Decision moving = cluster.Ends(Vm, OperationOutcome.Succeeded);
        Assert.Equal((NodeAction.Migrate, "a"), moving.Ordered());
        Assert.Equal("b", moving.Order()?.Peer?.Value);
        Decision arrived = cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((NodeAction.Start, "b"), arrived.Ordered());
        Assert.Equal("a", arrived.Order()?.Peer?.Value);
        Assert.Equal(("b", "a", null), (cluster[Vm].Owner?.Value, cluster[Vm].LastOwner?.Value, cluster[Vm].Receiver));
        Assert.Equal(ResultCode.Success, cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: true).Answered());
        Assert.Equal((ServiceState.Started, "b"), (cluster[Vm].State, cluster[Vm].Owner?.Value));
    }

    /// <summary>150: the hypervisor refused, and it is still here (RG_ERELO, exit 239). 6: its configuration does not allow it (RG_EINVAL).</summary>
    [Theory]
    [InlineData(150, ResultCode.Relocated)]
    [InlineData(6, ResultCode.Invalid)]
    public void What_is_still_here_runs_on_and_the_receiver_gives_back_what_it_was_prepared_for(int exitCode, ResultCode expected)
    {
        Cluster cluster = Moving();

        Decision ended = cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode);

        Assert.Equal(expected, ended.Answered());
        Assert.Equal((NodeAction.Stop, "b"), ended.Ordered());
        Assert.Equal((ServiceState.Started, "a", null, null), (cluster[Vm].State, cluster[Vm].Owner?.Value, cluster[Vm].Receiver, cluster[Vm].Pending));
        Assert.True(cluster.StatusFails(Vm).IsChanged, "what its owner says counts as before");
    }

    /// <summary>Previously (rgmanager) 1 made it failed wherever it ran, and 7 was an error of the command alone. Now both prove it stopped, and it is recovered.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, null)]
    [InlineData(7, false)]
    [InlineData(0, true)]
    [InlineData(150, false)]
    public void What_may_be_anywhere_is_proven_stopped_on_both_nodes_before_it_starts_again(int exitCode, bool? isRunning)
    {
        Cluster cluster = Moving();

        Decision ended = cluster.Ends(Vm, OperationOutcome.Failed, isRunning, exitCode);
        Assert.Equal(ResultCode.Fail, ended.Answered());
        Assert.Equal((NodeAction.Stop, "a"), ended.Ordered());
        Assert.Equal((NodeAction.Stop, "b"), cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false).Ordered());
        Assert.Null(cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false).Ordered());

        Assert.Equal((ServiceState.Recovering, null, null), (cluster[Vm].State, cluster[Vm].Owner, cluster[Vm].Receiver));
        Assert.Equal(NodeAction.Start, cluster.Place(Vm).Ordered()?.Action);
    }

    [Fact]
    [Trait("Rule", "S8")]
    public void When_the_source_dies_the_receiver_starts_what_arrived_or_did_not()
    {
        Cluster cluster = Moving().Node("a", NodeState.Fenced);

        Decision ended = cluster.Decide(Vm, new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((NodeAction.Start, "b"), ended.Ordered());
        Assert.Equal("b", cluster[Vm].Owner?.Value);
    }

    [Fact]
    public void When_the_receiver_dies_before_anything_moved_it_runs_on()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");
        cluster.Place(Vm);
        cluster.Node("b", NodeState.Fenced);

        Decision ended = cluster.Decide(Vm, new ServiceEvent.OwnerEnded(new("b"), Cluster.Life("b")));

        Assert.Equal(ResultCode.Fail, ended.Answered());
        Assert.Equal((ServiceState.Started, "a", null), (cluster[Vm].State, cluster[Vm].Owner?.Value, cluster[Vm].Receiver));
    }

    /// <summary>Rule S8: a receiver that is lost, and may run it, is waited for.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void When_it_arrived_at_a_node_that_is_lost_nobody_else_starts_it()
    {
        Cluster cluster = Moving().Node("b", NodeState.Lost);
        cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal("b", cluster[Vm].Owner?.Value);
        Assert.Equal(PlacementAction.AwaitFencing, cluster.PlanOf(Vm, Cluster.Down("b")).Action);
    }

    [Fact]
    public void A_receiver_that_refuses_leaves_everything_as_it_is()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");
        cluster.Place(Vm);

        Decision ended = cluster.Ends(Vm, OperationOutcome.Refused);

        Assert.Equal(ResultCode.Fail, ended.Answered());
        Assert.Equal((ServiceState.Started, "a"), (cluster[Vm].State, cluster[Vm].Owner?.Value));
        Assert.True(cluster.StatusFails(Vm).IsChanged, "what its owner says counts as before");
    }

    /// <summary>The receiver's journal has it from the beginning: its inventory says so, and that is no second copy.</summary>
    [Fact]
    public void The_receivers_inventory_is_expected_while_it_moves()
    {
        Cluster cluster = Moving();

        Assert.Null(cluster.Decide(Vm, Inventory("b", isRunning: true)).Ordered());
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void After_a_failed_stop_at_the_source_the_receiver_still_has_to_prove_it_stopped()
    {
        Cluster cluster = Moving();
        cluster.Ends(Vm, OperationOutcome.Failed, isRunning: null, exitCode: 1);
        cluster.Ends(Vm, OperationOutcome.Failed);
        Assert.Equal((ServiceState.Failed, "a", "b"), (cluster[Vm].State, cluster[Vm].Hold?.Node.Value, cluster[Vm].Receiver?.Node.Value));

        Assert.Equal((NodeAction.Stop, "b"), cluster.Decide(Vm, Inventory("b", isRunning: true)).Ordered());
        Assert.NotNull(cluster[Vm].Receiver);
    }

    /// <summary>What a node lists may be older than the order to receive, and a list is no monitor: a stop there proves it, or its end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S9")]
    public void No_inventory_proves_that_nothing_arrived_at_the_receiver(bool isListed)
    {
        Cluster cluster = Abandoned();

        cluster.Decide(Vm, isListed ? Inventory("b", isRunning: false) : new ServiceEvent.InventoryReported(new("b"), Cluster.Life("b"), null));

        Assert.Equal("b", cluster[Vm].Receiver?.Node.Value);
        DisableUnproven(cluster);
        cluster.Command(Vm, CommandKind.Enable, request: "r2");
        Assert.Equal((NodeAction.Stop, "b"), cluster.Place(Vm).Ordered());
    }

    /// <summary>It cannot be asked, and whoever waits is told what for.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void While_its_receiver_is_lost_it_is_not_enabled()
    {
        Cluster cluster = Abandoned();
        DisableUnproven(cluster);
        cluster.Node("b", NodeState.Lost).Node("a", NodeState.Online, 2);

        Assert.Equal(ResultCode.FencePending, cluster.Command(Vm, CommandKind.Enable, request: "r2").Answered("r2"));
    }

    /// <summary>Both stops stayed unproven, the source was fenced since: the receiver proves it before anybody starts it, and whoever asked is answered.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S13")]
    public void A_receiver_that_was_never_proven_is_asked_when_it_is_to_start_again()
    {
        Cluster cluster = Abandoned();
        DisableUnproven(cluster);
        cluster.Command(Vm, CommandKind.Enable, request: "r2");

        Assert.Equal((NodeAction.Stop, "b"), cluster.Place(Vm).Ordered());
        Assert.Null(cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false).Ordered());

        Assert.Equal((NodeAction.Start, "b"), cluster.Place(Vm).Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: true).Answered("r2"));
    }

    /// <summary>There is room for one hold: the node that it is held on proves its stop first, or it stays held there.</summary>
    [Theory]
    [InlineData(OperationOutcome.Succeeded, "b")]
    [InlineData(OperationOutcome.Failed, null)]
    [Trait("Rule", "S11")]
    public void What_is_held_on_the_source_as_well_is_stopped_there_first(OperationOutcome outcome, string? next)
    {
        Cluster cluster = Abandoned();
        cluster.Command(Vm, CommandKind.Disable);
        cluster.Ends(Vm, OperationOutcome.Failed);
        cluster.Command(Vm, CommandKind.Enable, request: "r2");

        Assert.Equal((NodeAction.Stop, "a"), cluster.Place(Vm).Ordered());
        Decision ended = cluster.Ends(Vm, outcome, isRunning: outcome == OperationOutcome.Succeeded ? false : null);

        Assert.Equal(next, ended.Ordered()?.Node);
        Assert.Equal(next is null ? ("a", "b", ResultCode.Fail) : (null, null, null), (cluster[Vm].Hold?.Node.Value, cluster[Vm].Receiver?.Node.Value, ended.Answered("r2")));
    }

    [Theory]
    [InlineData("a", ResultCode.AlreadyRunning)]
    [InlineData("nosuch", ResultCode.NoNode)]
    [InlineData("c", ResultCode.Domain)]
    [InlineData(null, ResultCode.Invalid)]
    public void A_target_that_cannot_be_is_refused(string? node, ResultCode expected)
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a b", restricted: true).Service(Vm, "d").Migratory(Vm).Running(Vm, "a");

        Assert.Equal(expected, cluster.Command(Vm, CommandKind.Migrate, node).Answered());
    }

    [Fact]
    public void A_target_that_an_exclusive_service_has_is_refused_and_it_runs_on()
    {
        Cluster cluster = Guest().Service("alone", exclusive: 1).Running("alone", "b");
        cluster.Command(Vm, CommandKind.Migrate, "b");

        Decision decided = cluster.Place(Vm);

        Assert.Equal((ResultCode.Fail, null), (decided.Answered(), decided.Ordered()));
        Assert.Equal((ServiceState.Started, null), (cluster[Vm].State, cluster[Vm].Journey));
    }

    [Fact]
    public void A_service_with_resources_below_it_cannot_migrate() =>
        Assert.Equal(ResultCode.Invalid, new Cluster("a", "b").Service("s").Running("s", "a").Command("s", CommandKind.Migrate, "b").Answered());

    [Theory]
    [InlineData(ServiceState.Stopped, ResultCode.Invalid)]
    [InlineData(ServiceState.Disabled, ResultCode.Invalid)]
    [InlineData(ServiceState.Failed, ResultCode.Fail)]
    [InlineData(ServiceState.Migrating, ResultCode.Again)]
    public void Only_what_runs_can_migrate(ServiceState state, ResultCode expected) =>
        Assert.Equal(expected, new Cluster("a", "b").Service(Vm).Migratory(Vm).At(Vm, state).Command(Vm, CommandKind.Migrate, "b").Answered());

    /// <summary>Source: rgmanager.md 4.3, "Migrating %s to better node %s"; and a drain moves it the same way.</summary>
    [Fact]
    public void What_can_migrate_is_migrated_wherever_another_service_would_be_relocated()
    {
        Cluster failback = new Cluster("a", "b").Domain("d", "b(1) a(2)", ordered: true).Service(Vm, "d").Migratory(Vm).Running(Vm, "a");
        Cluster drained = Guest();
        drained.Drained.Add("a");

        Assert.Equal((PlacementAction.Migrate, "b"), (failback.PlanOf(Vm, Cluster.Up("b")) is var plan ? plan.Action : default, failback.PlanOf(Vm, Cluster.Up("b")).Node?.Value));
        Assert.Equal(PlacementAction.Migrate, drained.PlanOf(Vm, new PlacementEvent.Sweep()).Action);
    }

    /// <summary>A given-up migration: the receiver proves the stop when it is disabled, and the operator is never told that it is proven before.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    [Trait("Rule", "S11")]
    public void Disabling_it_has_the_receiver_prove_the_stop()
    {
        Cluster cluster = Abandoned().Node("a", NodeState.Fenced);
        cluster.Decide(Vm, new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal(ResultCode.Invalid, cluster.Command(Vm, CommandKind.ConfirmStopped, "b", "r2").Answered("r2"));
        Assert.Equal((NodeAction.Stop, "b"), cluster.Command(Vm, CommandKind.Disable, request: "r3").Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false).Answered("r3"));
        Assert.Equal((ServiceState.Disabled, null), (cluster[Vm].State, cluster[Vm].Receiver));
    }

    [Fact]
    [Trait("Rule", "S9")]
    public void Disabling_it_while_the_receiver_is_lost_warns()
    {
        Cluster cluster = Abandoned().Node("a", NodeState.Fenced);
        cluster.Decide(Vm, new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));
        cluster.Node("b", NodeState.Lost);

        Assert.Equal(ResultCode.Warning, cluster.Command(Vm, CommandKind.Disable, request: "r2").Answered("r2"));
        Assert.NotNull(cluster[Vm].Receiver);
    }

    [Fact]
    public void A_failure_before_anything_moved_is_recovered_and_the_command_is_answered()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");

        Decision failed = cluster.StatusFails(Vm);

        Assert.Equal(ResultCode.Fail, failed.Answered());
        Assert.Equal((ServiceState.Recoverable, Intent.Recover), (cluster[Vm].State, cluster[Vm].Journey?.Intent));
    }

    [Fact]
    public void A_lock_that_came_before_the_planner_looked_is_the_answer()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");
        cluster.IsLocked = true;

        Decision decided = cluster.Keep(Vm, Lifecycle.Apply(cluster.Situation(Vm), cluster.PlanOf(Vm, new PlacementEvent.Sweep())));

        Assert.Equal((ResultCode.Again, ServiceState.Started, null), (decided.Answered(), cluster[Vm].State, cluster[Vm].Journey));
    }

    /// <summary>The hint to place it was lost: the sweep finds it (rule S13).</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void A_migration_that_waits_for_the_planner_is_found_by_the_sweep()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");

        Assert.Equal(PlacementAction.Migrate, cluster.PlanOf(Vm, new PlacementEvent.Sweep()).Action);
    }

    /// <summary>While neither the source nor the receiver can be asked: it was fenced, or is lost and comes back.</summary>
    private static void DisableUnproven(Cluster cluster)
    {
        cluster.Node("a", NodeState.Fenced).Node("b", NodeState.Lost);
        cluster.Command(Vm, CommandKind.Disable);
        cluster.Node("b", NodeState.Online);
    }

    private static ServiceEvent.InventoryReported Inventory(string node, bool isRunning) => new(new(node), Cluster.Life(node), new InventoryEntry
    {
        Service = new(Vm),
        Epoch = 7,
        IsRunning = isRunning,
        IsBusy = false,
    });
}
