using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 3, rules S1, S3, S4, S5.</summary>
public sealed class When_a_heartbeat_arrives
{
    private static readonly LeaseRow Old = Cluster.Leased("n1", "a", 100);

    [Fact]
    [Trait("Rule", "S1")]
    public void A_first_incarnation_is_admitted_with_a_lease_while_the_cluster_is_quorate()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 7).Answer(Cluster.Quorate, null, null);

        var admit = Assert.IsType<AdmissionDecision.Admit>(decision);
        Assert.Equal(HeartbeatVerdict.Granted, admit.Verdict);
        Assert.Equal(Cluster.Leased("n1", "a", 7), admit.Row);
        Assert.Null(admit.Ended);
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void A_first_incarnation_is_only_present_while_the_cluster_is_not_quorate()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 7).Answer(Cluster.Inquorate, null, null);

        var admit = Assert.IsType<AdmissionDecision.Admit>(decision);
        Assert.Equal(HeartbeatVerdict.Present, admit.Verdict);
        Assert.Equal((0, 0), (admit.Row.GrantedSequence, admit.Row.GrantedIn));
    }

    /// <summary>What a database refuses as a text would spoil every heartbeat that is stored with it.</summary>
    [Theory]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void An_incarnation_that_no_guard_makes_is_refused(string incarnation)
    {
        AdmissionDecision decision = Cluster.Beat("n1", incarnation, 7).Answer(Cluster.Quorate, null, null);

        Assert.Contains("incarnation", Assert.IsType<AdmissionDecision.Refuse>(decision).Reason, StringComparison.Ordinal);
    }

    /// <summary>JSON can say null where a record cannot: one such heartbeat must not end the replicas that read it.</summary>
    [Fact]
    public void A_heartbeat_with_a_null_in_it_is_refused()
    {
        Assert.IsType<AdmissionDecision.Refuse>((Cluster.Beat("n1", "a", 7) with { ProvenEnded = null! }).Answer(Cluster.Quorate, null, null));
        Assert.IsType<AdmissionDecision.Refuse>((Cluster.Beat("n1", "a", 7) with { Promise = null! }).Answer(Cluster.Quorate, null, null));
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_growing_sequence_renews_the_lease()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 101).Answer(Cluster.Quorate, Old, Old);

        var renew = Assert.IsType<AdmissionDecision.Renew>(decision);
        Assert.Equal(HeartbeatVerdict.Granted, renew.Verdict);
        Assert.Equal((101, 101), (renew.Row.Sequence, renew.Row.GrantedSequence));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(99)]
    [Trait("Rule", "S3")]
    public void A_sequence_that_does_not_grow_stores_nothing_and_gets_the_same_answer(long sequence)
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", sequence).Answer(Cluster.Quorate, Old, Old);

        Assert.Equal(new AdmissionDecision.Repeat(HeartbeatVerdict.Granted, ""), decision);
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_sequence_that_earned_no_lease_earns_none_when_it_is_repeated()
    {
        LeaseRow present = Cluster.Present("n1", "a", 100);

        AdmissionDecision decision = Cluster.Beat("n1", "a", 100).Answer(Cluster.Quorate, present, present);

        Assert.Equal(HeartbeatVerdict.Present, Assert.IsType<AdmissionDecision.Repeat>(decision).Verdict);
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_deaf_node_is_not_renewed()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 101).Answer(Cluster.Quorate, Old, Old, deafness: "it hears nothing");

        Assert.Equal(new AdmissionDecision.Refuse("it hears nothing"), decision);
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void While_inquorate_a_former_owner_still_counts_but_gets_no_lease()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 101).Answer(Cluster.Inquorate, Old, Old);

        var renew = Assert.IsType<AdmissionDecision.Renew>(decision);
        Assert.Equal(HeartbeatVerdict.Present, renew.Verdict);
        Assert.Equal((101, 100), (renew.Row.Sequence, renew.Row.GrantedSequence));
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void After_quorum_formed_again_a_former_owner_must_come_anew()
    {
        ArbiterState formedAgain = Cluster.Quorate with { FormedAt = 9, Generation = 9 };

        AdmissionDecision decision = Cluster.Beat("n1", "a", 101).Answer(formedAgain, Old, Old);

        var renew = Assert.IsType<AdmissionDecision.Renew>(decision);
        Assert.Equal(HeartbeatVerdict.Refused, renew.Verdict);
        Assert.Equal((101, 100, 3), (renew.Row.Sequence, renew.Row.GrantedSequence, renew.Row.GrantedIn));
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void A_granted_sequence_is_not_granted_again_once_quorum_has_dissolved()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 100).Answer(Cluster.Inquorate, Old, Old);

        Assert.Equal(HeartbeatVerdict.Present, Assert.IsType<AdmissionDecision.Repeat>(decision).Verdict);
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Lost)]
    [Trait("Rule", "S5")]
    public void A_second_incarnation_is_refused_while_the_first_may_run_services(LeaseState state)
    {
        AdmissionDecision decision = Cluster.Beat("n1", "b", 1).Answer(Cluster.Quorate, null, Old.As(state));

        Assert.Equal(new Incarnation("a"), Assert.IsType<AdmissionDecision.Refuse>(decision).Blocking);
    }

    [Theory]
    [InlineData(LeaseState.Fenced)]
    [InlineData(LeaseState.Left)]
    [Trait("Rule", "S5")]
    public void A_second_incarnation_is_admitted_after_the_first_has_ended(LeaseState state)
    {
        AdmissionDecision decision = Cluster.Beat("n1", "b", 1).Answer(Cluster.Quorate, null, Old.As(state));

        Assert.Null(Assert.IsType<AdmissionDecision.Admit>(decision).Ended);
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Lost)]
    [Trait("Rule", "S5")]
    public void A_guards_proof_ends_the_first_and_admits_the_second_at_once(LeaseState state)
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "b", 1) with { ProvenEnded = [new Incarnation("a")] };

        AdmissionDecision decision = heartbeat.Answer(Cluster.Quorate, null, Old.As(state));

        var admit = Assert.IsType<AdmissionDecision.Admit>(decision);
        Assert.Equal((new Incarnation("a"), LeaseState.Left), (admit.Ended?.Incarnation, admit.Ended?.State));
        Assert.Equal(new Incarnation("b"), admit.Row.Incarnation);
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void A_proof_about_another_incarnation_ends_nothing()
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "c", 1) with { ProvenEnded = [new Incarnation("b")] };

        AdmissionDecision decision = heartbeat.Answer(Cluster.Quorate, null, Old.As(LeaseState.Lost));

        Assert.Equal(new Incarnation("a"), Assert.IsType<AdmissionDecision.Refuse>(decision).Blocking);
    }

    [Theory]
    [InlineData(LeaseState.Lost)]
    [InlineData(LeaseState.Fenced)]
    [InlineData(LeaseState.Left)]
    [Trait("Rule", "S5")]
    public void An_incarnation_that_was_lost_or_ended_never_comes_back(LeaseState state)
    {
        LeaseRow own = Old.As(state);

        AdmissionDecision decision = Cluster.Beat("n1", "a", 200).Answer(Cluster.Quorate, own, own);

        Assert.IsType<AdmissionDecision.Refuse>(decision);
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void A_late_heartbeat_of_an_ended_incarnation_is_refused_although_its_successor_left_too()
    {
        AdmissionDecision decision = Cluster.Beat("n1", "a", 200)
            .Answer(Cluster.Quorate, Old.As(LeaseState.Left), Cluster.Leased("n1", "b", 5).As(LeaseState.Left));

        Assert.IsType<AdmissionDecision.Refuse>(decision);
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Lost)]
    public void A_goodbye_ends_the_incarnation(LeaseState state)
    {
        LeaseRow own = Old.As(state);

        AdmissionDecision decision = (Cluster.Beat("n1", "a", 101) with { Leaving = true }).Answer(Cluster.Quorate, own, own);

        Assert.Equal(LeaseState.Left, Assert.IsType<AdmissionDecision.Leave>(decision).Row.State);
    }

    [Fact]
    public void A_goodbye_older_than_the_last_heartbeat_ends_nothing()
    {
        AdmissionDecision decision = (Cluster.Beat("n1", "a", 99) with { Leaving = true }).Answer(Cluster.Quorate, Old, Old);

        Assert.IsType<AdmissionDecision.Repeat>(decision);
    }

    [Fact]
    public void An_unknown_node_is_refused_by_name()
    {
        AdmissionDecision decision = Cluster.Beat("n9", "a", 1).Answer(Cluster.Quorate, null, null);

        Assert.Contains("no node 'n9'", Assert.IsType<AdmissionDecision.Refuse>(decision).Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "S4")]
    public void A_lease_keeps_its_length_whatever_the_setting_is_now()
    {
        LeaseRow old = Old with { Ttl = TimeSpan.FromSeconds(30) };

        AdmissionDecision decision = Cluster.Beat("n1", "a", 101).Answer(Cluster.Quorate, old, old);

        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<AdmissionDecision.Renew>(decision).Row.Ttl);
    }

    [Theory]
    [InlineData(900, 900, true, 900, 900, true)]
    [InlineData(500, 0, true, 500, 200, true)]
    [InlineData(500, 200, false, 500, 200, false)]
    [Trait("Rule", "S4")]
    public void Within_an_incarnation_a_promise_only_gets_weaker(
        long stop, long watchdog, bool isSelfFencing, long storedStop, long storedWatchdog, bool isStoredSelfFencing)
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "a", 101) with
        {
            Promise = new NodePromise { StopDeadlineMilliseconds = stop, WatchdogMilliseconds = watchdog, IsSelfFencing = isSelfFencing },
        };

        LeaseRow row = Assert.IsType<AdmissionDecision.Renew>(heartbeat.Answer(Cluster.Quorate, Old, Old)).Row;

        Assert.Equal(
            (storedStop, storedWatchdog, isStoredSelfFencing),
            ((long)row.StopDeadline.TotalMilliseconds, (long)row.Watchdog.TotalMilliseconds, row.IsSelfFencing));
    }

    [Theory]
    [InlineData(499, 0)]
    [InlineData(3_600_001, 0)]
    [InlineData(500, -1)]
    [Trait("Rule", "S4")]
    public void A_promise_out_of_range_is_refused(long stop, long watchdog)
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "a", 1) with
        {
            Promise = new NodePromise { StopDeadlineMilliseconds = stop, WatchdogMilliseconds = watchdog, IsSelfFencing = true },
        };

        Assert.IsType<AdmissionDecision.Refuse>(heartbeat.Answer(Cluster.Quorate, null, null));
    }

    [Fact]
    public void An_answer_from_the_future_is_refused()
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "a", 1) with { NewestAnswer = 2 };

        Assert.IsType<AdmissionDecision.Refuse>(heartbeat.Answer(Cluster.Quorate, null, null));
    }
}
