using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 3.6 and scenarios 32 to 35.</summary>
public sealed class When_a_service_fails
{
    /// <summary>Scenario 32.</summary>
    [Fact]
    public void Scenario_32_it_is_stopped_and_started_again_where_it_was()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");

        Assert.Equal((NodeAction.Stop, "a"), cluster.StatusFails("s").Ordered());
        Assert.Equal(ServiceState.Recoverable, cluster["s"].State);
        Decision restart = cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        cluster.Ends("s", OperationOutcome.Succeeded);

        Assert.Equal((NodeAction.Start, "a"), restart.Ordered());
        Assert.Equal(ServiceState.Recovering, Assert.Single(restart.Through).State);
        Assert.Equal((ServiceState.Started, 1), (cluster["s"].State, cluster["s"].Restarts));
    }

    /// <summary>Scenario 33.</summary>
    [Theory]
    [InlineData(RecoveryPolicy.Restart, ServiceState.Recovering)]
    [InlineData(RecoveryPolicy.RestartDisable, ServiceState.Disabled)]
    public void Scenario_33_the_fourth_failure_within_the_window_exceeds_three_restarts(RecoveryPolicy policy, ServiceState expected)
    {
        Cluster cluster = new Cluster("a", "b").Service("s", recovery: policy, maxRestarts: 3, expireSeconds: 300).Running("s", "a");
        for (int failure = 1; failure <= 3; failure++)
        {
            RestartsOnce(cluster);
        }

        cluster.StatusFails("s");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal(expected, cluster["s"].State);
        if (policy == RecoveryPolicy.Restart)
        {
            Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
        }
    }

    [Fact]
    public void Restarts_older_than_the_window_do_not_count()
    {
        Cluster cluster = new Cluster("a", "b").Service("s", maxRestarts: 1, expireSeconds: 300).Running("s", "a");
        RestartsOnce(cluster);
        cluster.Now += TimeSpan.FromSeconds(300);

        RestartsOnce(cluster);

        Assert.Equal("a", cluster["s"].Owner?.Value);
    }

    /// <summary>Scenario 34.</summary>
    [Fact]
    public void Scenario_34_with_policy_relocate_every_other_node_is_tried_once_and_then_it_stays_stopped()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s", recovery: RecoveryPolicy.Relocate).Running("s", "a");
        cluster.StatusFails("s");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        List<string?> tried = [];
        while (cluster.Place("s").Ordered() is { } ordered)
        {
            tried.Add(ordered.Node);
            cluster.Ends("s", OperationOutcome.Failed);
            cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        }

        Assert.Equal(["b", "c"], tried);
        Assert.Equal(ServiceState.Stopped, cluster["s"].State);
        Assert.NotNull(cluster["s"].RetryAt);
        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", new PlacementEvent.Sweep()).Action);
        cluster.Now += TimeSpan.FromMinutes(6);
        Assert.Equal(PlacementAction.Start, cluster.PlanOf("s", new PlacementEvent.Sweep()).Action);
        // The clock had been ahead: nobody waits a day for that.
        cluster.Now -= TimeSpan.FromDays(1);
        Assert.Equal(PlacementAction.Start, cluster.PlanOf("s", new PlacementEvent.Sweep()).Action);
    }

    [Fact]
    public void With_policy_disable_it_ends_disabled()
    {
        Cluster cluster = new Cluster("a", "b").Service("s", recovery: RecoveryPolicy.Disable).Running("s", "a");
        cluster.StatusFails("s");

        Assert.Equal(ServiceState.Disabled, cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false).Next.State);
    }

    /// <summary>Messages #68 and #71.</summary>
    [Fact]
    [Trait("Message", "68")]
    [Trait("Message", "71")]
    public void A_failed_start_is_cleaned_up_before_another_node_tries()
    {
        Cluster cluster = Enabled();

        Decision failed = cluster.Ends("s", OperationOutcome.Failed, exitCode: 1);
        Decision stopped = cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal([68], failed.Raised());
        Assert.Equal((NodeAction.Stop, "a"), failed.Ordered());
        Assert.Equal([71], stopped.Raised());
        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded).Answered());
    }

    /// <summary>Scenario 35, messages #12 and #13.</summary>
    [Fact]
    [Trait("Message", "12")]
    [Trait("Message", "13")]
    [Trait("Rule", "S11")]
    public void Scenario_35_a_failed_start_that_cannot_be_cleaned_up_is_failed_and_held()
    {
        Cluster cluster = Enabled();
        cluster.Ends("s", OperationOutcome.Failed);

        Decision decision = cluster.Ends("s", OperationOutcome.Failed);

        Assert.Equal([12, 13], decision.Raised());
        Assert.Equal(ResultCode.Abort, decision.Answered());
        Assert.Equal((ServiceState.Failed, new Hold(new("a"), Cluster.Life("a"))), (decision.Next.State, decision.Next.Hold));
    }

    /// <summary>Rules S8, S9: only monitors prove a stop; one that says nothing of them frees the service for nobody else.</summary>
    [Theory]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S11")]
    [InlineData(null)]
    [InlineData(true)]
    public void A_stop_that_succeeded_without_proof_leaves_a_hold(bool? isRunning)
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, "b");

        Decision decision = cluster.Ends("s", OperationOutcome.Succeeded, isRunning);

        Assert.Equal(new Hold(new("a"), Cluster.Life("a")), decision.Next.Hold);
        Assert.Equal((ServiceState.Failed, ResultCode.Abort), (decision.Next.State, decision.Answered()));
        Assert.Null(cluster.Place("s").Order());
    }

    /// <summary>Rule S8: the deadline asks again with the same epoch and changes no owner.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void A_deadline_only_asks_again()
    {
        Cluster cluster = Enabled();
        long epoch = cluster["s"].Epoch;
        cluster.Now += TimeSpan.FromHours(2);

        Decision decision = cluster.Decide("s", new ServiceEvent.DeadlineDue());

        Assert.Equal((epoch, 2, "a"), (decision.Order()?.Epoch, decision.Order()?.Attempt, decision.Order()?.Node.Value));
        Assert.Equal("a", decision.Next.Owner?.Value);
        Assert.False(cluster.Decide("s", new ServiceEvent.DeadlineDue()).IsChanged);
    }

    [Fact]
    [Trait("Rule", "S8")]
    public void Late_doubled_and_foreign_answers_change_nothing()
    {
        Cluster cluster = Enabled();
        OperationEnded report = Cluster.Report(cluster["s"], OperationOutcome.Succeeded);

        Assert.False(cluster.Decide("s", new ServiceEvent.OperationEnded(report with { Epoch = report.Epoch - 1 })).IsChanged);
        Assert.False(cluster.Decide("s", new ServiceEvent.OperationEnded(report with { Incarnation = new("other") })).IsChanged);
        Assert.True(cluster.Decide("s", new ServiceEvent.OperationEnded(report)).IsChanged);
        Assert.False(cluster.Decide("s", new ServiceEvent.OperationEnded(report)).IsChanged);
    }

    /// <summary>Each inventory of its node asks for proof, later each time that none came (rule S13).</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void A_probe_that_proves_nothing_is_repeated_ever_more_rarely()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, "b");
        cluster.Ends("s", OperationOutcome.Failed);
        ServiceEvent inventory = new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), null);

        Assert.Equal(NodeAction.Probe, cluster.Decide("s", inventory).Ordered()?.Action);
        cluster.Ends("s", OperationOutcome.Failed);
        Assert.Null(cluster.Decide("s", inventory).Ordered());
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        Assert.Equal(NodeAction.Probe, cluster.Decide("s", inventory).Ordered()?.Action);
        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        Assert.Null(cluster.Decide("s", inventory).Ordered());
        cluster.Now += OperationTimeouts.Default.BackOff(1);
        cluster.Decide("s", inventory);

        Assert.Null(cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false).Next.Hold);
    }

    [Fact]
    public void A_refused_stop_proves_nothing_and_is_asked_again_at_the_next_epoch()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.StatusFails("s");
        long epoch = cluster["s"].Epoch;

        Assert.Null(cluster.Ends("s", OperationOutcome.Refused).Order());
        cluster.Now += TimeSpan.FromMinutes(5);
        Decision again = cluster.Decide("s", new ServiceEvent.DeadlineDue());

        Assert.Equal((NodeAction.Stop, "a"), again.Ordered());
        Assert.Equal(epoch + 1, again.Order()?.Epoch);
    }

    [Fact]
    [Trait("Rule", "S13")]
    public void A_stop_that_is_refused_again_and_again_is_asked_ever_more_rarely()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.StatusFails("s");

        List<TimeSpan> pauses = [];
        for (int refusal = 0; refusal < 8; refusal++)
        {
            cluster.Ends("s", OperationOutcome.Refused);
            pauses.Add(cluster["s"].Pending!.Deadline - cluster.Now); // pending: the next stop
            cluster.Now += pauses[^1];
            Assert.NotNull(cluster.Decide("s", new ServiceEvent.DeadlineDue()).Order());
        }

        Assert.Equal([2, 4, 8, 16, 32, 60, 60, 60], pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "S13")]
    public void An_owner_that_no_longer_runs_it_is_told_to_recover()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        InventoryEntry entry = new() { Service = cluster["s"].Name, Epoch = cluster["s"].Epoch, IsRunning = false, IsBusy = false };

        Decision decision = cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), entry));

        Assert.Equal((NodeAction.Stop, "a"), decision.Ordered());
    }

    /// <summary>Only the node's own clock says what came first; that of a scheduler may be anything (rule S2).</summary>
    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    [Trait("Rule", "S2")]
    public void An_inventory_from_before_the_start_does_not_stop_a_healthy_service(long sequence, bool isLost)
    {
        Cluster cluster = Enabled();
        cluster.Decide("s", new ServiceEvent.OperationEnded(Cluster.Report(cluster["s"], OperationOutcome.Succeeded, isRunning: true) with { EndedAt = 1000 }));
        cluster.Now += TimeSpan.FromHours(1);

        Decision decision = cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), null, sequence));

        Assert.Equal(isLost, decision.Ordered() == (NodeAction.Stop, "a"));
    }

    /// <summary>Source: #69, "distributed state unchanged"; rgmanager.md 3.4.</summary>
    [Fact]
    public void Without_quorum_what_a_node_no_longer_runs_has_not_failed()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.IsQuorate = false;
        InventoryEntry entry = new() { Service = cluster["s"].Name, Epoch = cluster["s"].Epoch, IsRunning = false, IsBusy = false };

        Assert.False(cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), entry)).IsChanged);
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void A_service_found_running_without_an_owner_is_stopped_there_first()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", ServiceState.Stopped);
        InventoryEntry entry = new() { Service = cluster["s"].Name, Epoch = 7, IsRunning = true, IsBusy = false };

        Decision decision = cluster.Decide("s", new ServiceEvent.InventoryReported(new("b"), Cluster.Life("b"), entry));

        Assert.Equal((NodeAction.Stop, "b"), decision.Ordered());
        Assert.Equal(8, decision.Order()?.Epoch);
        Assert.Null(cluster.Place("s").Order());
    }

    /// <summary>The owner's epoch stays, so that its reports and its inventory still count; the next order is above the stray's.</summary>
    [Theory]
    [Trait("Rule", "S8")]
    [InlineData(2, 6)]
    [InlineData(9, 10)]
    public void A_second_copy_is_stopped_and_its_owner_is_not_disturbed(long strayEpoch, long expected)
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");

        Decision decision = Stray(cluster, strayEpoch);

        Assert.Equal((NodeAction.Stop, "b"), decision.Ordered());
        Assert.Equal((expected, Cluster.Life("b")), (decision.Order()?.Epoch, decision.Order()?.Incarnation));
        Assert.Equal(("a", 5L, ServiceState.Started), (decision.Next.Owner?.Value, decision.Next.Epoch, decision.Next.State));
        Assert.Null(decision.Next.Pending);
        OperationEnded stopped = Cluster.Report(
            decision.Next with { Epoch = expected, Pending = new(NodeAction.Stop, new("b"), Cluster.Life("b"), 1, cluster.Now) }, OperationOutcome.Succeeded, false);
        Assert.False(cluster.Decide("s", new ServiceEvent.OperationEnded(stopped)).IsChanged);
        Assert.Equal(expected + 1, cluster.StatusFails("s").Order()?.Epoch);
    }

    /// <summary>Nothing waits for the stray's answer: it is ordered again, at an epoch the node has not taken, while it is still named.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void A_second_copy_is_stopped_again_until_no_inventory_names_it()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");

        Assert.Equal(6, Stray(cluster, 2).Order()?.Epoch);
        Assert.Null(Stray(cluster, 6, isBusy: true).Order());
        Assert.Equal(7, Stray(cluster, 6).Order()?.Epoch);
        Assert.Null(Stray(cluster, 7, isRunning: false).Order());
    }

    [Fact]
    [Trait("Rule", "S8")]
    public void A_second_copy_is_stopped_while_the_owner_is_busy_or_the_service_frozen_or_held()
    {
        Cluster busy = Enabled();
        Cluster frozen = new Cluster("a", "b").Service("s").Running("s", "a").With("s", record => record with { IsFrozen = true });
        Cluster held = new Cluster("a", "b").Service("s").At("s", ServiceState.Failed).With("s", record => record with { Hold = new(new("a"), Cluster.Life("a")) });

        foreach (Cluster cluster in (Cluster[])[busy, frozen, held])
        {
            ServiceRecord before = cluster["s"];
            Decision decision = Stray(cluster, 1);
            Assert.Equal((NodeAction.Stop, "b"), decision.Ordered());
            Assert.Equal(before with { NewestEpoch = decision.Next.NewestEpoch, Generation = decision.Next.Generation }, decision.Next);
        }
    }

    private static Decision Stray(Cluster cluster, long epoch, bool isRunning = true, bool isBusy = false) =>
        cluster.Decide("s", new ServiceEvent.InventoryReported(
            new("b"), Cluster.Life("b"), new InventoryEntry { Service = cluster["s"].Name, Epoch = epoch, IsRunning = isRunning, IsBusy = isBusy }));

    private static Cluster Enabled()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", ServiceState.Disabled);
        cluster.Command("s", CommandKind.Enable);
        cluster.Place("s");
        return cluster;
    }

    private static void RestartsOnce(Cluster cluster)
    {
        cluster.StatusFails("s");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        cluster.Ends("s", OperationOutcome.Succeeded);
    }
}
