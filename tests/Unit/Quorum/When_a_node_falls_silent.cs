using Quorate.Model.Configuration;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: rules S2 (each replica judges silence on its own clock), S4 (by the row), S7 (when time counts as fencing).</summary>
public sealed class When_a_node_falls_silent
{
    private static readonly LeaseRow Row = Cluster.Leased("n1", "a", 100);
    private static readonly ClusterConfiguration Bare = Cluster.Of("n1", "n2", "n3");
    private static readonly ClusterConfiguration Fenced =
        Bare with { Nodes = [.. Bare.Nodes.Select(node => node with { FenceMethods = [new FenceMethod("power", [])] })] };

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_100, true)]
    [Trait("Rule", "S2")]
    public void It_is_lost_after_ttl_and_margin(double to, bool isLost)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, to, Cluster.Quorate, Row);

        Assert.Equal(isLost, !Silence.FindLost(watch, reading, Cluster.Noon).IsEmpty);
    }

    [Fact]
    [Trait("Rule", "S4")]
    public void It_is_lost_by_its_own_rows_ttl_not_by_todays()
    {
        LeaseRow longer = Row with { Ttl = TimeSpan.FromSeconds(5) };

        (Watch watch, Reading before) = Watch.Nothing.Watching(0, 5_400, Cluster.Quorate, longer);
        (Watch later, Reading after) = watch.Watching(5_500, 5_500, Cluster.Quorate, longer);

        Assert.Empty(Silence.FindLost(watch, before, Cluster.Noon));
        Assert.Single(Silence.FindLost(later, after, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_new_sequence_begins_the_wait_anew()
    {
        (Watch watch, _) = Watch.Nothing.Watching(0, 1_000, Cluster.Quorate, Row);
        (watch, Reading reading) = watch.Watching(1_100, 2_100, Cluster.Quorate, Row with { Sequence = 101 });

        Assert.Empty(Silence.FindLost(watch, reading, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_gap_in_the_replicas_own_beat_begins_every_wait_anew()
    {
        (Watch watch, _) = Watch.Nothing.Watching(0, 1_000, Cluster.Quorate, Row);
        (watch, Reading reading) = watch.Watching(1_501, 2_501, Cluster.Quorate, Row);

        Assert.Empty(Silence.FindLost(watch, reading, Cluster.Noon));
    }

    /// <summary>A replica that was stopped, or whose database hung, in the middle of its beat stored no heartbeat meanwhile either.</summary>
    [Theory]
    [InlineData(1_050)]
    [InlineData(5_000)]
    [Trait("Rule", "S2")]
    public void A_beat_that_took_too_long_begins_every_wait_anew(double beganAt)
    {
        (Watch watch, _) = Watch.Nothing.Watching(0, 1_000, Cluster.Quorate, Row);
        Reading slow = Cluster.Read(beganAt, Cluster.Quorate, Row) with { EndedAt = TimeSpan.FromMilliseconds(5_000) };
        watch = watch.Next(slow, Cluster.Of("n1"), Cluster.Timing);
        (watch, Reading reading) = watch.Watching(5_100, 6_000, Cluster.Quorate, Row);

        Assert.Empty(Silence.FindLost(watch, reading, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_replica_that_failed_to_store_heartbeats_begins_every_wait_anew()
    {
        (Watch watch, _) = Watch.Nothing.Watching(0, 1_000, Cluster.Quorate, Row);
        Reading reading = Cluster.Read(1_100, Cluster.Quorate, Row) with { RenewalsFailed = true };
        watch = watch.Next(reading, Cluster.Of("n1"), Cluster.Timing);

        Assert.Empty(Silence.FindLost(watch, reading, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_slow_reading_counts_from_its_end_and_to_its_beginning()
    {
        Reading slow = Cluster.Read(0, Cluster.Quorate, Row) with { EndedAt = TimeSpan.FromMilliseconds(300) };
        Watch watch = Watch.Nothing.Next(slow, Cluster.Of("n1"), Cluster.Timing);
        (watch, Reading early) = watch.Watching(400, 1_399, Cluster.Quorate, Row);
        (Watch later, Reading due) = watch.Watching(1_400, 1_400, Cluster.Quorate, Row);

        Assert.Empty(Silence.FindLost(watch, early, Cluster.Noon));
        Assert.Single(Silence.FindLost(later, due, Cluster.Noon));
    }

    [Theory]
    [InlineData(600, false)]
    [InlineData(700, true)]
    [Trait("Rule", "S7")]
    public void A_self_fencing_node_is_fenced_after_stop_deadline_and_watchdog(double to, bool isDue)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, to, Cluster.Quorate, Row.As(LeaseState.Lost));

        Assert.Equal(isDue, !TimeFencing.FindDue(watch, reading, Bare, Cluster.Noon).IsEmpty);
    }

    [Fact]
    [Trait("Rule", "S4")]
    public void The_wait_is_the_one_in_the_row()
    {
        LeaseRow slow = Row.As(LeaseState.Lost) with { StopDeadline = TimeSpan.FromSeconds(60), Watchdog = TimeSpan.FromSeconds(5) };

        Assert.Equal(TimeSpan.FromSeconds(65), TimeFencing.WaitFor(slow, Cluster.Quorate));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void A_node_that_does_not_fence_itself_is_never_fenced_by_time()
    {
        (Watch watch, Reading reading) =
            Watch.Nothing.Watching(0, 100_000, Cluster.Quorate, Row.As(LeaseState.Lost) with { IsSelfFencing = false });

        Assert.Empty(TimeFencing.FindDue(watch, reading, Bare, Cluster.Noon));
    }

    /// <summary>A machine that stands still takes its guard with it: where there is a device, only the device or a watchdog is believed.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(200, true)]
    [Trait("Rule", "S7")]
    public void A_node_with_a_fence_device_is_fenced_by_time_only_if_it_has_a_watchdog(int watchdogMilliseconds, bool isDue)
    {
        LeaseRow lost = Row.As(LeaseState.Lost) with { Watchdog = TimeSpan.FromMilliseconds(watchdogMilliseconds) };
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, 100_000, Cluster.Quorate, lost);

        Assert.Equal(isDue, !TimeFencing.FindDue(watch, reading, Fenced, Cluster.Noon).IsEmpty);
        Assert.Equal(isDue, TimeFencing.NextAt(watch, reading, Fenced) is not null);
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void A_node_that_never_had_a_lease_runs_nothing_and_is_fenced_at_once()
    {
        (Watch watch, Reading reading) =
            Watch.Nothing.Watching(0, 0, Cluster.Quorate, Cluster.Present("n1", "a", 1).As(LeaseState.Lost) with { IsSelfFencing = false });

        Assert.Single(TimeFencing.FindDue(watch, reading, Bare, Cluster.Noon));
    }

    /// <summary>Found by the simulation: the row was from before the lease, and the node still ran what that lease had let it start.</summary>
    [Fact]
    [Trait("Rule", "S14")]
    public void While_the_database_may_have_forgotten_a_lease_no_node_counts_as_never_having_had_one()
    {
        ArbiterState wentBack = Cluster.Inquorate with { IsTrusted = false };
        LeaseRow unleased = Cluster.Present("n1", "a", 1).As(LeaseState.Lost);

        Assert.Null(TimeFencing.WaitFor(unleased with { IsSelfFencing = false }, wentBack));
        Assert.Equal(TimeSpan.FromMilliseconds(700), TimeFencing.WaitFor(unleased, wentBack));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void Another_replica_waits_the_whole_time_again()
    {
        (Watch first, Reading reading) = Watch.Nothing.Watching(0, 600, Cluster.Quorate, Row.As(LeaseState.Lost));
        (Watch second, Reading itsFirst) = Watch.Nothing.Watching(600, 1_200, Cluster.Quorate, Row.As(LeaseState.Lost));

        Assert.Empty(TimeFencing.FindDue(first, reading, Bare, Cluster.Noon));
        Assert.Empty(TimeFencing.FindDue(second, itsFirst, Bare, Cluster.Noon));
    }

    [Theory]
    [InlineData(1_700, false)]
    [InlineData(1_800, true)]
    [Trait("Rule", "S1")]
    public void A_lease_that_dissolving_took_back_may_last_ttl_and_margin_more(double to, bool isDue)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, to, Cluster.Inquorate, Row);

        Assert.Equal(isDue, !TimeFencing.FindDue(watch, reading, Bare, Cluster.Noon).IsEmpty);
    }

    /// <summary>A replica looks again at that instant: up to two ticks, 2 s with the default ttl, are not added to each failover.</summary>
    [Fact]
    public void The_end_of_each_wait_is_known_beforehand()
    {
        (Watch silent, Reading live) = Watch.Nothing.Watching(250, 250, Cluster.Quorate, Row, Cluster.Leased("n2", "b", 1) with { Ttl = TimeSpan.FromSeconds(5) });
        (Watch gone, Reading lost) = Watch.Nothing.Watching(250, 250, Cluster.Quorate, Row.As(LeaseState.Lost));
        (Watch ended, Reading fenced) = Watch.Nothing.Watching(250, 250, Cluster.Quorate, Row.As(LeaseState.Fenced));

        Assert.Equal(TimeSpan.FromMilliseconds(250 + 1_100), Silence.NextAt(silent, live));
        Assert.Null(TimeFencing.NextAt(silent, live, Bare));
        Assert.Equal(TimeSpan.FromMilliseconds(250 + 700), TimeFencing.NextAt(gone, lost, Bare));
        Assert.Null(Silence.NextAt(gone, lost));
        Assert.Null(Silence.NextAt(ended, fenced) ?? TimeFencing.NextAt(ended, fenced, Bare));
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Fenced)]
    [InlineData(LeaseState.Left)]
    [Trait("Rule", "S7")]
    public void Only_a_lost_node_is_fenced_by_time(LeaseState state)
    {
        Assert.Null(TimeFencing.WaitFor(Row.As(state), Cluster.Quorate));
    }
}
