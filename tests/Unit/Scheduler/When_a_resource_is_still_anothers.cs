using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>
/// A resource that moves from one service to another is stopped by the last before the next starts it. Source: rgmanager.md 2.9, all down-phases
/// come before any up-phase; previously (rgmanager) only within one node.
/// </summary>
public sealed class When_a_resource_is_still_anothers
{
    private const string Waits = "it waits until service:old has stopped ip:10.0.0.1, as the new configuration wants";
    private const string Before = """<service name="old"><ip address="10.0.0.1"/></service><service name="new"/>""";
    private const string Moved = """<service name="old"/><service name="new"><ip address="10.0.0.1"/></service>""";

    private static readonly PlacementEvent.Sweep Sweep = new();

    [Fact]
    public void It_waits_until_the_other_has_proven_that_it_stopped()
    {
        Cluster cluster = Running().InForce(2, Moved);

        Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
        Assert.Equal(NodeAction.Condstop, cluster.Place("old", Sweep).Ordered()?.Action);
        Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
        cluster.Ends("old", OperationOutcome.Succeeded, isRunning: true);

        Assert.Equal(PlacementAction.Condstart, Plan(cluster).Action);
    }

    [Fact]
    public void A_frozen_one_still_has_it()
    {
        Cluster cluster = Running();
        cluster.Command("old", CommandKind.Freeze);
        cluster.InForce(2, Moved);

        Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
    }

    [Fact]
    public void One_on_a_lost_node_still_has_it_until_that_is_fenced()
    {
        Cluster cluster = Running().InForce(2, Moved).Node("n1", NodeState.Lost);
        (PlacementAction, string) whileLost = Plan(cluster);

        cluster.Node("n1", NodeState.Fenced).Decide("old", new ServiceEvent.OwnerEnded(new("n1"), Cluster.Life("n1")));

        Assert.Equal((PlacementAction.LeaveAlone, Waits), whileLost);
        Assert.Equal(PlacementAction.Condstart, Plan(cluster).Action);
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void One_whose_stop_failed_still_has_it_until_an_operator_has_looked()
    {
        Cluster cluster = Running().InForce(2, Moved);
        cluster.Command("old", CommandKind.Disable);
        cluster.Ends("old", OperationOutcome.Failed);
        (PlacementAction, string) whileHeld = Plan(cluster);

        cluster.Command("old", CommandKind.ConfirmStopped, "n1", request: "r2");

        Assert.Equal((PlacementAction.LeaveAlone, Waits), whileHeld);
        Assert.Equal(PlacementAction.Condstart, Plan(cluster).Action);
    }

    [Fact]
    public void One_that_failed_to_stop_it_still_has_it_while_it_recovers()
    {
        Cluster cluster = Running().InForce(2, Moved);
        cluster.Place("old", Sweep);
        cluster.Ends("old", OperationOutcome.Failed);
        (PlacementAction, string) whileStopping = Plan(cluster);

        Decision stopped = cluster.Ends("old", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((PlacementAction.LeaveAlone, Waits), whileStopping);
        Assert.True(stopped.SeeksSweep(), "those who waited for it are looked at");
        Assert.Equal(PlacementAction.Condstart, Plan(cluster).Action);
    }

    /// <summary>It has stopped for a configuration that is no longer in force; by the one that is, it may have to keep what it has.</summary>
    [Fact]
    public void One_that_has_stopped_it_for_an_older_configuration_only_is_asked_again()
    {
        Cluster cluster = Running().InForce(2, Moved);
        cluster.Place("old", Sweep);
        cluster.Ends("old", OperationOutcome.Succeeded, isRunning: true);

        cluster.InForce(3, Moved + """<service name="third"/>""");

        Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
        Assert.Equal(PlacementAction.Condstop, cluster.PlanOf("old", Sweep).Action);
    }

    [Fact]
    public void One_that_is_removed_or_replaced_has_it_until_all_of_it_has_stopped()
    {
        Cluster removed = Running().InForce(2, """<service name="new"><ip address="10.0.0.1"/></service>""");
        Cluster replaced = Running().InForce(2, Moved.Replace("name=\"old\"", "name=\"old\" nfslock=\"1\"", StringComparison.Ordinal));

        foreach (Cluster cluster in new[] { removed, replaced })
        {
            Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
            Assert.Equal(NodeAction.Stop, cluster.Place("old", Sweep).Ordered()?.Action);
            Assert.Equal((PlacementAction.LeaveAlone, Waits), Plan(cluster));
            cluster.Ends("old", OperationOutcome.Succeeded, isRunning: false);
            Assert.Equal(PlacementAction.Condstart, Plan(cluster).Action);
        }
    }

    [Fact]
    public void An_ordinary_start_waits_too()
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, """<service name="old"><ip address="10.0.0.1"/></service>""").Running("old", "n1").InForce(2, Moved);
        (PlacementAction, string) before = Plan(cluster);
        cluster.Place("old", Sweep);
        cluster.Ends("old", OperationOutcome.Succeeded, isRunning: true);

        Assert.Equal((PlacementAction.LeaveAlone, Waits), before);
        Assert.Equal((PlacementAction.Start, "n2"), (cluster.PlanOf("new", Sweep).Action, cluster.PlanOf("new", Sweep).Node?.Value));
    }

    /// <summary>Both had it before: that the other one is to give it up keeps this one from nothing, be the other frozen.</summary>
    [Theory]
    [InlineData("<service name=\"new\"><clusterfs ref=\"c\"/><script name=\"x\" file=\"/x\"/></service>", PlacementAction.Condstart)]
    [InlineData("<service name=\"new\" nfslock=\"1\"><clusterfs ref=\"c\"/></service>", PlacementAction.Replace)]
    public void What_it_shared_before_it_need_not_wait_for(string present, PlacementAction expected)
    {
        const string Pool = """<resources><clusterfs name="c" mountpoint="/m" device="/dev/x" fstype="gfs2"/></resources>""";
        const string Shared = Pool + """<service name="old"><clusterfs ref="c"/></service><service name="new"><clusterfs ref="c"/></service>""";
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Shared).Running("old", "n1").Running("new", "n1");
        cluster.Command("old", CommandKind.Freeze);
        cluster.InForce(2, Pool + """<service name="old"/>""" + present);

        Assert.Equal(expected, Plan(cluster).Action);
        cluster.Place("new", Sweep);
        if (expected == PlacementAction.Replace)
        {
            cluster.Ends("new", OperationOutcome.Succeeded, isRunning: false);
            Assert.Equal(NodeAction.Start, cluster.Place("new").Ordered()?.Action);
        }
    }

    /// <summary>A command has an answer in time, not when another service can be reached again.</summary>
    [Fact]
    public void An_operator_who_enables_it_hears_that_it_has_to_wait()
    {
        Cluster cluster = Running().With("new", record => record with { State = ServiceState.Disabled, Owner = null, OwnerIncarnation = null }).InForce(2, Moved);
        cluster.Command("new", CommandKind.Enable);

        Decision placed = cluster.Place("new");

        Assert.Equal((ResultCode.Again, null), (placed.Answered(), placed.Ordered()));
    }

    /// <summary>A restart where it runs asks no planner as a rule; here it has to.</summary>
    [Fact]
    public void A_restart_of_the_one_that_gets_it_waits_too()
    {
        Cluster cluster = Running().InForce(2, Moved);
        cluster.StatusFails("new");
        Decision stopped = cluster.Ends("new", OperationOutcome.Succeeded, isRunning: false);
        Decision waits = cluster.Place("new");
        cluster.Place("old", Sweep);
        cluster.Ends("old", OperationOutcome.Succeeded, isRunning: true);

        Assert.Null(stopped.Ordered());
        Assert.True(stopped.SeeksPlacement());
        Assert.Null(waits.Ordered());
        Assert.Equal((NodeAction.Start, "n2"), cluster.Place("new", Sweep).Ordered());
    }

    [Fact]
    public void Two_that_give_each_other_what_they_have_both_stop_before_either_starts()
    {
        Cluster cluster = new Cluster("n1", "n2")
            .InForce(1, """<service name="old"><ip address="10.0.0.1"/></service><service name="new"><ip address="10.0.0.2"/></service>""")
            .Running("old", "n1").Running("new", "n2")
            .InForce(2, """<service name="old"><ip address="10.0.0.2"/></service><service name="new"><ip address="10.0.0.1"/></service>""");

        NodeAction?[] down = [cluster.Place("old", Sweep).Ordered()?.Action, cluster.Place("new", Sweep).Ordered()?.Action];
        cluster.Ends("new", OperationOutcome.Succeeded, isRunning: true);
        PlacementAction early = cluster.PlanOf("new", Sweep).Action;
        cluster.Ends("old", OperationOutcome.Succeeded, isRunning: true);

        Assert.Equal([NodeAction.Condstop, NodeAction.Condstop], down);
        Assert.Equal(PlacementAction.LeaveAlone, early);
        Assert.Equal([PlacementAction.Condstart, PlacementAction.Condstart], cluster.Plan(Sweep).Services.Select(plan => plan.Action));
    }

    private static Cluster Running() => new Cluster("n1", "n2").InForce(1, Before).Running("old", "n1").Running("new", "n2");

    private static (PlacementAction Action, string Reason) Plan(Cluster cluster) => (cluster.PlanOf("new", Sweep).Action, cluster.PlanOf("new", Sweep).Reason);
}
