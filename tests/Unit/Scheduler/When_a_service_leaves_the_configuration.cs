using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 2.9 (a service that goes is stopped, a vm is let go), 1.4 (autostart), scenario 22.</summary>
public sealed class When_a_service_leaves_the_configuration
{
    private const string Web = """<service name="web"><script name="x" file="/x"/></service>""";
    private const string Guest = """<vm name="guest"/>""";
    private const string Vm = "vm:guest";

    private static readonly PlacementEvent.Sweep Sweep = new();

    [Fact]
    public void It_stops_and_is_disabled_from_then_on()
    {
        Cluster cluster = With(Web).Running("web", "n1").InForce(2, "");

        Decision stops = cluster.Place("web", Sweep);
        cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((NodeAction.Stop, "n1"), stops.Ordered());
        Assert.Equal((ServiceState.Disabled, true, null), (cluster["web"].State, cluster["web"].IsRemoved, cluster["web"].Owner));
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    [Theory]
    [InlineData(ServiceState.Uninitialized)]
    [InlineData(ServiceState.Stopped)]
    [InlineData(ServiceState.Disabled)]
    [InlineData(ServiceState.Failed)]
    public void One_that_runs_nowhere_is_marked_as_gone(ServiceState state)
    {
        Cluster cluster = With(Web).With("web", record => record with { State = state, IsFrozen = state == ServiceState.Disabled }).InForce(2, "");

        Decision marked = cluster.Place("web", Sweep);

        Assert.Null(marked.Ordered());
        Assert.Equal((ServiceState.Disabled, true, false), (marked.Next.State, marked.Next.IsRemoved, marked.Next.IsFrozen));
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    /// <summary>Whoever waits for it hears that there is no such service any more.</summary>
    [Fact]
    public void A_command_that_waits_for_a_node_is_answered()
    {
        Cluster cluster = With(Web).At("web", ServiceState.Disabled);
        cluster.Command("web", CommandKind.Enable);
        cluster.InForce(2, "");

        Assert.Equal(ResultCode.NoService, cluster.Place("web", Sweep).Answered());
    }

    /// <summary>The planner had not yet looked whether the other node can take it.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void A_migration_that_waits_is_answered_and_then_it_is_let_go()
    {
        Cluster cluster = With(Guest).Running(Vm, "n1");
        cluster.Command(Vm, CommandKind.Migrate, "n2");
        cluster.InForce(2, "");

        Assert.Equal(ResultCode.NoService, cluster.Place(Vm, Sweep).Answered());

        Assert.Equal(PlacementAction.Release, cluster.PlanOf(Vm, Sweep).Action);
    }

    [Fact]
    public void Commands_to_start_it_are_refused()
    {
        Cluster cluster = With(Web).InForce(2, "");
        cluster.Place("web", Sweep);

        Assert.Equal(ResultCode.NoService, cluster.Command("web", CommandKind.Enable).Answered());
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void One_that_may_still_run_somewhere_is_kept_in_mind()
    {
        Cluster cluster = With(Web).Running("web", "n1");
        cluster.Command("web", CommandKind.Disable);
        cluster.Ends("web", OperationOutcome.Failed);
        cluster.InForce(2, "");
        PlacementAction planned = cluster.PlanOf("web", Sweep).Action;

        cluster.Place("web", Sweep);

        Assert.Equal(PlacementAction.LeaveAlone, planned);
        Assert.Equal((ServiceState.Failed, "n1", false), (cluster["web"].State, cluster["web"].Hold?.Node.Value, cluster["web"].IsRemoved));
    }

    [Fact]
    public void A_frozen_one_runs_on_until_it_is_unfrozen()
    {
        Cluster cluster = With(Web).Running("web", "n1");
        cluster.Command("web", CommandKind.Freeze);
        cluster.InForce(2, "");
        Decision frozen = cluster.Place("web", Sweep);

        cluster.Command("web", CommandKind.Unfreeze, request: "r2");

        Assert.Null(frozen.Ordered());
        Assert.Equal((NodeAction.Stop, "n1"), cluster.Place("web", Sweep).Ordered());
    }

    [Fact]
    public void In_maintenance_it_runs_on()
    {
        Cluster cluster = With(Web).Running("web", "n1").InForce(2, "");
        cluster.IsMaintenance = true;

        Assert.Null(cluster.Place("web", Sweep).Ordered());
    }

    /// <summary>Whatever it was before, and whoever had disabled it: nobody knows any more why.</summary>
    [Theory]
    [InlineData(ServiceState.Started)]
    [InlineData(ServiceState.Disabled)]
    [InlineData(ServiceState.Stopped)]
    public void Put_back_it_begins_as_a_new_one(ServiceState state)
    {
        Cluster cluster = Removed(state);
        Cluster waiting = Removed(state);

        cluster.InForce(3, Web);
        waiting.InForce(3, Web.Replace("name=\"web\"", "name=\"web\" autostart=\"0\"", StringComparison.Ordinal));

        Assert.Equal((NodeAction.Start, "n1"), cluster.Place("web", Sweep).Ordered());
        Assert.Null(waiting.Place("web", Sweep).Ordered());
        Assert.Equal((ServiceState.Disabled, false, "autostart is off and it never ran"), (waiting["web"].State, waiting["web"].IsRemoved, waiting["web"].Reason));
        Assert.False(cluster["web"].IsRemoved);
        Assert.Empty(waiting.Plan(Sweep).Services);
    }

    [Fact]
    public void One_that_an_operator_disabled_stays_disabled_when_the_configuration_changes()
    {
        Cluster cluster = With(Web).Running("web", "n1");
        cluster.Command("web", CommandKind.Disable);
        cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);
        cluster.InForce(2, Web.Replace("/x", "/y", StringComparison.Ordinal));

        Decision changed = cluster.Place("web", new PlacementEvent.ConfigurationChanged());

        Assert.Null(changed.Ordered());
        Assert.Equal(ServiceState.Disabled, cluster["web"].State);
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    /// <summary>Source: rgmanager.md 2.1, destroy_on_delete.</summary>
    [Fact]
    [Trait("Rule", "S11")]
    public void A_virtual_machine_is_let_go_and_a_hold_remembers_where_it_runs()
    {
        Cluster cluster = Released();

        Assert.Equal((ServiceState.Disabled, null, true), (cluster[Vm].State, cluster[Vm].Owner, cluster[Vm].IsRemoved));
        Assert.Equal(new Hold(new("n2"), Cluster.Life("n2")), cluster[Vm].Hold);
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void Put_back_a_virtual_machine_starts_only_where_it_may_still_run()
    {
        Cluster cluster = Released().InForce(3, Guest);
        Cluster cutOff = Released().InForce(3, Guest).Node("n2", NodeState.Lost);
        Cluster ended = Released().InForce(3, Guest).Node("n2", NodeState.Fenced);

        Assert.Equal((NodeAction.Start, "n2"), cluster.Place(Vm, Sweep).Ordered());
        Assert.Equal(PlacementAction.AwaitFencing, cutOff.PlanOf(Vm, Sweep).Action);
        Assert.Equal((NodeAction.Start, "n1"), ended.Place(Vm, Sweep).Ordered());
    }

    [Fact]
    public void A_virtual_machine_that_is_frozen_or_locked_is_not_let_go()
    {
        Cluster frozen = With(Guest).Running(Vm, "n2");
        frozen.Command(Vm, CommandKind.Freeze);
        Cluster locked = With(Guest).Running(Vm, "n2");
        locked.IsLocked = true;

        foreach (Cluster cluster in new[] { frozen, locked })
        {
            cluster.InForce(2, "").Place(Vm, Sweep);

            Assert.Equal((ServiceState.Started, "n2"), (cluster[Vm].State, cluster[Vm].Owner?.Value));
        }
    }

    private static Cluster With(string rm) => new Cluster("n1", "n2").InForce(1, rm);

    private static Cluster Released()
    {
        Cluster cluster = With(Guest).Running(Vm, "n2").InForce(2, "");
        Assert.Null(cluster.Place(Vm, Sweep).Ordered());
        return cluster;
    }

    private static Cluster Removed(ServiceState state)
    {
        Cluster cluster = state == ServiceState.Started ? With(Web).Running("web", "n1") : With(Web).At("web", state);
        cluster.InForce(2, "");
        if (cluster.Place("web", Sweep).Ordered() is not null)
        {
            cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);
        }

        return cluster;
    }

    /// <summary>Found by <see cref="When_all_heals_without_new_lives"/>: the command waited for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_waits_for_it_is_answered_although_it_was_out_before_or_is_held(bool isHeld)
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, """<service name="s"/>""").At("s", ServiceState.Disabled)
            .With("s", record => record with { IsRemoved = !isHeld, Hold = isHeld ? new Hold(new("n1"), Cluster.Life("n1")) : null });
        cluster.Command("s", CommandKind.Enable);
        cluster.InForce(2, """<service name="other"/>""");

        Decision decision = cluster.Place("s", new PlacementEvent.Sweep());

        Assert.Equal(ResultCode.NoService, decision.Answered());
        Assert.Null(cluster["s"].Journey);
    }
}
