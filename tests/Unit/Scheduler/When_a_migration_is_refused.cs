using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using static Quorate.Tests.Unit.Scheduler.Guests;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>What the cluster wanted to move by itself stays, or goes the other way. Source: rgmanager.md 2.6 (result 150) and 4.3; rule S13.</summary>
public sealed class When_a_migration_is_refused
{
    /// <summary>Rule S13: it only would be better off there. Asked again at each sweep, the agent would refuse for ever.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void A_failback_that_the_agent_refuses_waits_for_the_next_node_that_comes_up()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "b(1) a(2)", ordered: true).Service(Vm, "d").Migratory(Vm).Running(Vm, "a");
        cluster.With(Vm, record => record with { Newcomers = [new("b")] });
        cluster.Place(Vm, new PlacementEvent.Sweep());
        cluster.Ends(Vm, OperationOutcome.Succeeded);

        cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode: 150);

        Assert.Equal((ServiceState.Started, "a"), (cluster[Vm].State, cluster[Vm].Owner?.Value));
        Assert.DoesNotContain(cluster.Plan(new PlacementEvent.Sweep()).Services, plan => plan.Action == PlacementAction.Migrate);
        Assert.Equal(PlacementAction.Migrate, cluster.PlanOf(Vm, Cluster.Up("b")).Action);
    }

    /// <summary>Nothing is stopped for a receiver that is not ready: it is asked again, later each time, and only then moved the other way.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void A_receiver_that_cannot_prepare_is_asked_again_before_anything_is_stopped()
    {
        Cluster cluster = Guest();
        cluster.Drained.Add("a");
        PlacementEvent sweep = new PlacementEvent.Sweep();
        for (int attempt = 1; attempt < 3; attempt++)
        {
            Assert.Equal((NodeAction.Receive, "b"), cluster.Place(Vm, sweep).Ordered());
            cluster.Ends(Vm, OperationOutcome.Failed);
            Assert.Equal(ServiceState.Started, cluster[Vm].State);
            Assert.Null(cluster.Place(Vm, sweep).Ordered());
            cluster.Now += OperationTimeouts.Default.BackOff(attempt);
        }

        cluster.Place(Vm, sweep);
        Decision last = cluster.Ends(Vm, OperationOutcome.Failed);

        Assert.Contains(last.Effects.OfType<Effect.Operate>(), order => (order.Command.Action, order.Command.Node.Value) == (NodeAction.Stop, "a"));
        Assert.Equal((0, null), (cluster[Vm].StartFailures, cluster[Vm].RetryAt));
    }

    /// <summary>It could not be started again before that is over.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_maintenance_or_under_a_lock_a_refused_migration_stops_nothing(bool isLocked)
    {
        Cluster cluster = Guest();
        cluster.Drained.Add("a");
        cluster.Place(Vm, new PlacementEvent.Sweep());
        cluster.Ends(Vm, OperationOutcome.Succeeded);
        (cluster.IsLocked, cluster.IsMaintenance) = (isLocked, !isLocked);

        cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode: 150);

        Assert.Equal((ServiceState.Started, "a"), (cluster[Vm].State, cluster[Vm].Owner?.Value));
    }

    /// <summary>Only the node that refused is forgotten: another came up meanwhile.</summary>
    [Fact]
    public void Another_node_that_came_up_while_it_was_refused_is_not_forgotten()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "c(1) b(2) a(3)", ordered: true).Service(Vm, "d").Migratory(Vm).Running(Vm, "a").Node("c", NodeState.Lost);
        cluster.Place(Vm, Cluster.Up("b"));
        cluster.Ends(Vm, OperationOutcome.Succeeded);
        cluster.With(Vm, record => record with { Newcomers = [new("b"), new("c")] }).Node("c", NodeState.Online, 2);

        cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode: 150);

        Assert.Equal(["c"], cluster[Vm].Newcomers.Select(node => node.Value));
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        Assert.Equal((PlacementAction.Migrate, "c"), (cluster.PlanOf(Vm, new PlacementEvent.Sweep()) is var plan ? plan.Action : default, plan.Node?.Value));
    }

    /// <summary>Rule S13: what may not stay is stopped and started elsewhere when it cannot be moved while it runs.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void What_must_not_be_beside_another_and_cannot_migrate_is_relocated()
    {
        Cluster cluster = Guest().Domain("here", "a", restricted: true).Service("other", "here").Running("other", "a").Ties(Vm, "other", colocate: Quorate.Model.Configuration.Colocation.Never);
        Assert.Equal((NodeAction.Receive, "b"), cluster.Place(Vm, new PlacementEvent.Sweep()).Ordered());
        cluster.Ends(Vm, OperationOutcome.Succeeded);

        Decision ended = cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode: 150);

        Assert.Contains(ended.Effects.OfType<Effect.Operate>(), order => (order.Command.Action, order.Command.Node.Value) == (NodeAction.Stop, "a"));
        Assert.Null(cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false).Ordered());
        Assert.Equal((NodeAction.Start, "b"), cluster.Place(Vm).Ordered());
    }

    /// <summary>An operator who drains a node wants it empty: what cannot migrate is moved the other way.</summary>
    [Fact]
    public void What_has_to_leave_a_drained_node_and_cannot_migrate_is_relocated()
    {
        Cluster cluster = Guest();
        cluster.Drained.Add("a");
        cluster.Keep(Vm, Lifecycle.Apply(cluster.Situation(Vm), cluster.PlanOf(Vm, new PlacementEvent.Sweep())));
        cluster.Ends(Vm, OperationOutcome.Succeeded);

        Decision ended = cluster.Ends(Vm, OperationOutcome.Failed, isRunning: true, exitCode: 150);

        Assert.Equal([(NodeAction.Stop, "b"), (NodeAction.Stop, "a")], ended.Effects.OfType<Effect.Operate>().Select(order => (order.Command.Action, order.Command.Node.Value)));
        cluster.Ends(Vm, OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, "b"), cluster.Place(Vm).Ordered());
    }
}
