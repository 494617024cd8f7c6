using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 2.9; scenarios 18 to 21: what changed stops, then starts, where the service runs; the rest is not touched.</summary>
public sealed class When_a_running_service_is_reconfigured
{
    private const string Before = """<service name="web"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""";
    private const string Changed = """<service name="web"><ip address="10.0.0.1"/><script name="x" file="/y"/></service>""";
    private const string ChangedAgain = """<service name="web"><ip address="10.0.0.1"/><script name="x" file="/z"/></service>""";
    private const string Grown = """<service name="web"><ip address="10.0.0.1"/><script name="x" file="/x"/><script name="new" file="/n"/></service>""";

    private static readonly PlacementEvent.Sweep Sweep = new();

    [Fact]
    public void What_changed_stops_and_only_then_starts()
    {
        Cluster cluster = Running().InForce(2, Changed);

        Decision down = cluster.Place("web", Sweep);
        Decision pruned = Succeeds(cluster);
        Decision up = cluster.Place("web", Sweep);
        Succeeds(cluster);

        Assert.Equal((NodeAction.Condstop, "n1"), down.Ordered());
        Assert.True(pruned.SeeksSweep(), "others may have waited for what it gave up");
        Assert.Equal((NodeAction.Condstart, "n1"), up.Ordered());
        Assert.Equal([cluster.Configuration.Digest, cluster.Configuration.Digest], [down.Order()!.ConfigurationDigest, up.Order()!.ConfigurationDigest]);
        Assert.Equal((ServiceState.Started, "n1", cluster.Configuration.Digest, null), What(cluster));
        Assert.Null(cluster["web"].Journey);
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    /// <summary>It runs, and is to be seen so, from the beginning to the end.</summary>
    [Fact]
    public void It_counts_as_started_all_the_time()
    {
        Cluster cluster = Running().InForce(2, Changed);

        List<ServiceState> states = [cluster.Place("web", Sweep).Next.State, Succeeds(cluster).Next.State, cluster.Place("web", Sweep).Next.State, Succeeds(cluster).Next.State];

        Assert.All(states, state => Assert.Equal(ServiceState.Started, state));
        Assert.Equal(Cluster.Start, cluster["web"].Since);
    }

    /// <summary>The last of these changes nothing that runs, only how it is checked: a condstart without anything to start takes it over.</summary>
    [Theory]
    [InlineData(Grown)]
    [InlineData("""<service name="web" recovery="relocate"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""")]
    [InlineData("""<service name="web"><ip address="10.0.0.1"/><script name="x" file="/x"><action name="status" depth="*" interval="7"/></script></service>""")]
    public void Where_nothing_has_to_stop_it_starts_at_once(string after)
    {
        Cluster cluster = Running().InForce(2, after);

        Assert.Equal((NodeAction.Condstart, "n1"), cluster.Place("web", Sweep).Ordered());
    }

    [Fact]
    public void A_change_of_another_service_asks_nothing_of_it()
    {
        Cluster cluster = Running().InForce(2, Before + """<service name="other"/>""");

        Assert.DoesNotContain(cluster.Plan(Sweep).Services, plan => plan.Service == new ServiceName("service:web"));
        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("web", new PlacementEvent.ConfigurationChanged()).Action);
    }

    [Fact]
    public void A_newer_configuration_between_the_two_orders_stops_once_more()
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Place("web", Sweep);
        Succeeds(cluster);
        cluster.InForce(3, ChangedAgain);

        Decision down = cluster.Place("web", Sweep);
        Succeeds(cluster);

        Assert.Equal((NodeAction.Condstop, "n1"), down.Ordered());
        Assert.Equal((NodeAction.Condstart, "n1"), cluster.Place("web", Sweep).Ordered());
    }

    /// <summary>Previously the two were alike, so that nothing was to be done, and what had stopped in between stayed stopped.</summary>
    [Fact]
    public void A_newer_configuration_that_is_as_the_first_was_starts_again_what_has_stopped()
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Place("web", Sweep);
        Succeeds(cluster);
        cluster.InForce(3, Before);

        Decision up = cluster.Place("web", Sweep);
        Succeeds(cluster);

        Assert.Equal((NodeAction.Condstart, "n1"), up.Ordered());
        Assert.Equal((ServiceState.Started, "n1", cluster.Configuration.Digest, null), What(cluster));
    }

    /// <summary>Rule S8: the same operation is the same order, whatever came into force meanwhile.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void A_repeated_order_names_the_configuration_it_named_first()
    {
        Cluster cluster = Running().InForce(2, Changed);
        OperateService first = cluster.Place("web", Sweep).Order()!; // a condstop
        cluster.InForce(3, ChangedAgain).Now += TimeSpan.FromMinutes(2);

        OperateService again = cluster.Decide("web", new ServiceEvent.DeadlineDue()).Order()!; // it is due

        Assert.Equal(first with { Attempt = 2, Reason = again.Reason }, again);
        Succeeds(cluster);
        Assert.Equal((first.ConfigurationDigest, 3), (cluster["web"].PrunedFor, cluster.Place("web", Sweep).Order()?.ConfigurationVersion));
    }

    [Fact]
    public void What_was_started_by_one_that_is_no_longer_in_force_is_looked_at_again()
    {
        Cluster cluster = Running().InForce(2, Grown);
        string second = cluster.Configuration.Digest;
        cluster.Place("web", Sweep);
        cluster.InForce(3, Before);

        Decision started = Succeeds(cluster);

        Assert.Equal((second, true), (cluster["web"].RunsBy, started.SeeksPlacement()));
        Assert.Equal((NodeAction.Condstop, "n1"), cluster.Place("web").Ordered());
    }

    [Theory]
    [InlineData(Changed, "restart", NodeAction.Start, "n1")]
    [InlineData(Changed, "relocate", NodeAction.Start, "n2")]
    [InlineData(Grown, "restart", NodeAction.Start, "n1")]
    [InlineData(Grown, "relocate", NodeAction.Start, "n2")]
    public void A_failure_is_recovered_by_the_policy_and_it_starts_by_the_new_configuration(string after, string policy, NodeAction action, string node)
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Policy(Before, policy)).Running("web", "n1").InForce(2, Policy(after, policy));
        cluster.Place("web", Sweep);

        Decision failed = cluster.Ends("web", OperationOutcome.Failed);
        Decision stopped = cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal(((NodeAction.Stop, "n1"), ServiceState.Recoverable), (failed.Ordered(), failed.Next.State));
        Assert.Null(stopped.Ordered());
        Assert.Equal((action, node), cluster.Place("web").Ordered());
        Assert.Equal((ServiceState.Starting, node, cluster.Configuration.Digest, null), What(cluster));
    }

    [Fact]
    public void A_failure_disables_where_the_policy_says_so()
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Policy(Before, "disable")).Running("web", "n1").InForce(2, Policy(Changed, "disable"));
        cluster.Place("web", Sweep);
        cluster.Ends("web", OperationOutcome.Failed);
        cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal(ServiceState.Disabled, cluster["web"].State);
    }

    /// <summary>Rule S13: a refusal began nothing, and a later look finds the same difference; each time later, or at once by a newer configuration.</summary>
    [Theory]
    [InlineData(Changed, NodeAction.Condstop)]
    [InlineData(Grown, NodeAction.Condstart)]
    [Trait("Rule", "S13")]
    public void After_a_refusal_it_runs_on_and_is_asked_again(string after, NodeAction action)
    {
        Cluster cluster = Running().InForce(2, after);
        string old = cluster["web"].RunsBy!; // set: it runs
        long epoch = cluster.Place("web", Sweep).Order()!.Epoch;

        Decision refused = cluster.Ends("web", OperationOutcome.Refused);
        Assert.Null(cluster.Place("web", Sweep).Ordered());
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        Decision again = cluster.Place("web", Sweep);

        Assert.Equal((ServiceState.Started, "n1", old), (refused.Next.State, refused.Next.Owner?.Value, refused.Next.RunsBy));
        Assert.Null(refused.Ordered());
        Assert.Equal((action, "n1"), again.Ordered());
        Assert.True(again.Order()!.Epoch > epoch);
        cluster.Ends("web", OperationOutcome.Refused);
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        Assert.Null(cluster.Place("web", Sweep).Ordered());
        cluster.InForce(3, after.Replace("/x", "/w", StringComparison.Ordinal).Replace("/y", "/w", StringComparison.Ordinal));
        Assert.NotNull(cluster.Place("web", Sweep).Ordered());
        cluster.Ends("web", OperationOutcome.Succeeded);
        Assert.Equal((0, null), (cluster["web"].StartFailures, cluster["web"].RetryAt));
    }

    [Theory]
    [InlineData(CommandKind.Disable, Changed, ServiceState.Disabled)]
    [InlineData(CommandKind.Disable, Grown, ServiceState.Disabled)]
    [InlineData(CommandKind.Stop, Changed, ServiceState.Stopped)]
    public void An_operator_may_stop_it_meanwhile(CommandKind command, string after, ServiceState expected)
    {
        Cluster cluster = Running().InForce(2, after);
        cluster.Place("web", Sweep);
        OperationEnded late = Cluster.Report(cluster["web"], OperationOutcome.Succeeded, isRunning: true);

        Decision ordered = cluster.Command("web", command);
        Decision ignored = cluster.Decide("web", new ServiceEvent.OperationEnded(late));
        Decision stopped = cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((NodeAction.Stop, "n1"), ordered.Ordered());
        Assert.False(ignored.IsChanged);
        Assert.Equal((expected, ResultCode.Success, null), (stopped.Next.State, stopped.Answered(), stopped.Next.Owner));
    }

    [Theory]
    [InlineData(CommandKind.Restart, ResultCode.Deadlock)]
    [InlineData(CommandKind.Relocate, ResultCode.Deadlock)]
    [InlineData(CommandKind.Freeze, ResultCode.Again)]
    public void Other_commands_have_to_wait(CommandKind command, ResultCode expected)
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Place("web", Sweep);

        Assert.Equal(expected, cluster.Command("web", command).Answered());
        Assert.Equal(NodeAction.Condstop, cluster["web"].Pending?.Action);
    }

    /// <summary>What is being stopped may well fail its check; what is wrong is found again afterwards.</summary>
    [Fact]
    public void A_failed_check_says_nothing_while_it_is_being_changed_and_counts_in_between()
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Place("web", Sweep);

        Decision during = cluster.StatusFails("web");
        Succeeds(cluster);
        Decision between = cluster.StatusFails("web");

        Assert.False(during.IsChanged);
        Assert.Equal((NodeAction.Stop, "n1"), between.Ordered());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void When_its_owner_ends_another_node_starts_it_by_the_new_configuration(bool isPruned)
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Place("web", Sweep);
        if (isPruned)
        {
            Succeeds(cluster);
        }

        cluster.Node("n1", NodeState.Fenced).Decide("web", new ServiceEvent.OwnerEnded(new("n1"), Cluster.Life("n1")));

        Assert.Equal((NodeAction.Start, "n2"), cluster.Place("web").Ordered());
        Assert.Equal((ServiceState.Starting, "n2", cluster.Configuration.Digest, null), What(cluster));
    }

    [Fact]
    public void A_change_of_the_service_itself_stops_it_and_places_it_anew()
    {
        Cluster cluster = Running().InForce(2, """<service name="web" nfslock="1"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""");

        Decision replaced = cluster.Place("web", Sweep);
        Decision stopped = cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);
        Decision placed = cluster.Place("web");

        Assert.Equal(((NodeAction.Stop, "n1"), ServiceState.Stopping), (replaced.Ordered(), replaced.Next.State));
        Assert.True(stopped.SeeksPlacement());
        Assert.Null(stopped.Ordered());
        Assert.Equal((NodeAction.Start, 2), (placed.Order()?.Action, placed.Order()?.ConfigurationVersion));
        Assert.Equal(cluster.Configuration.Digest, cluster["web"].RunsBy);
    }

    private static Cluster Running() => new Cluster("n1", "n2").InForce(1, Before).Running("web", "n1");

    private static Decision Succeeds(Cluster cluster) => cluster.Ends("web", OperationOutcome.Succeeded, isRunning: true);

    private static string Policy(string rm, string policy) => rm.Replace("name=\"web\"", $"name=\"web\" recovery=\"{policy}\"", StringComparison.Ordinal);

    private static (ServiceState State, string? Owner, string? RunsBy, string? PrunedFor) What(Cluster cluster) =>
        (cluster["web"].State, cluster["web"].Owner?.Value, cluster["web"].RunsBy, cluster["web"].PrunedFor);
}
