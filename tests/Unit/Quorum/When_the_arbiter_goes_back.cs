using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN S14. A database that forgot a commit must not decide anything until a person says so.</summary>
public sealed class When_the_arbiter_goes_back
{
    private static readonly ArbiterState Restored = Cluster.Quorate with { Sequence = 100 };
    private static readonly ArbiterPoint Further = new() { Era = 1, Sequence = 101, Generation = 9 };

    [Theory, Trait("Rule", "S14")]
    [InlineData(1, 101, true)]
    [InlineData(1, 100, false)]
    [InlineData(1, 99, false)]
    [InlineData(2, 1, true)]
    public void It_is_behind_whoever_saw_a_later_era_or_a_higher_sequence(int era, long sequence, bool isAhead) =>
        Assert.Equal(isAhead, new ArbiterSight(era, sequence, 0).IsAheadOf(Restored));

    /// <summary>101 were seen: a beat that leaves 101 began at 100, and 102 is the count that goes on.</summary>
    [Theory, Trait("Rule", "S14")]
    [InlineData(100, true)]
    [InlineData(101, true)]
    [InlineData(102, false)]
    public void One_forgotten_beat_is_noticed_by_the_next(long beaten, bool isAhead) =>
        Assert.Equal(isAhead, ArbiterSight.Of(Further).IsAheadBefore(Restored with { Sequence = beaten }));

    [Fact, Trait("Rule", "S14")]
    public void The_furthest_point_wins_and_generations_never_go_back()
    {
        ArbiterSight seen = new ArbiterSight(1, 500, 40).With(new ArbiterSight(2, 3, 7)).With(new ArbiterSight(2, 2, 50));

        Assert.Equal(new ArbiterSight(2, 3, 50), seen);
    }

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(-1, 5, 5)]
    [InlineData(1, 0, 5)]
    [InlineData(1, 5, -1)]
    [InlineData(int.MaxValue, 5, 5)]
    public void A_witness_who_says_what_cannot_be_is_not_heard(int era, long sequence, long generation) =>
        Assert.Equal(default, ArbiterSight.Of(new ArbiterPoint { Era = era, Sequence = sequence, Generation = generation }));

    [Fact, Trait("Rule", "S14")]
    public void A_node_that_saw_it_further_gets_no_lease_from_it_whatever_its_row_says()
    {
        LeaseRow live = Cluster.Leased("n1", "a", 1);
        NodeHeartbeat witness = Cluster.Beat("n1", "a", 2) with { HighestArbiter = Further };

        LeaseRow renewed = Admission.Renewed(live, witness, Restored);
        AdmissionDecision newcomer = (Cluster.Beat("n2", "b", 1) with { HighestArbiter = Further }).Answer(Restored, null, null);

        Assert.Equal((2L, 1L), (renewed.Sequence, renewed.GrantedSequence));
        Assert.Equal(HeartbeatVerdict.Present, newcomer.Verdict);
    }

    [Fact, Trait("Rule", "S14")]
    public void A_node_that_saw_no_more_than_there_is_keeps_its_lease()
    {
        NodeHeartbeat beat = Cluster.Beat("n1", "a", 2) with { HighestArbiter = Further with { Sequence = 100 } };

        Assert.Equal(2, Admission.Renewed(Cluster.Leased("n1", "a", 1), beat, Restored).GrantedSequence);
    }

    [Fact, Trait("Rule", "S14")]
    public void Distrusted_it_grants_nothing_even_before_quorum_is_dissolved()
    {
        ArbiterState distrusted = Restored with { IsTrusted = false };

        Assert.Equal(1, Admission.Renewed(Cluster.Leased("n1", "a", 1), Cluster.Beat("n1", "a", 2), distrusted).GrantedSequence);
        Assert.Equal(HeartbeatVerdict.Present, Cluster.Beat("n2", "b", 1).Answer(distrusted, null, null).Verdict);
        Assert.True(Cluster.Evaluate(distrusted, null, TimeSpan.FromMinutes(1), Cluster.Of("n1"), Cluster.Leased("n1", "a", 1))!.HasDissolved);
    }

    [Fact, Trait("Rule", "S14")]
    public void The_new_era_lies_beyond_every_era_that_was_seen()
    {
        ArbiterAcceptanceDecision decision = Accept(1, Restored with { IsTrusted = false }, new ArbiterSight(3, 7, 0), TimeSpan.FromMinutes(1));

        Assert.Equal((ResultCode.Success, (int?)4), (decision.Result, decision.NewEra));
    }

    /// <summary>A lease of the forgotten time is in no row: only time ends it (S1).</summary>
    [Theory, Trait("Rule", "S14")]
    [InlineData(null, false)]
    [InlineData(1_799, false)]
    [InlineData(1_800, true)]
    public void It_is_accepted_only_after_every_lease_that_may_have_been_granted_is_over(int? distrustedFor, bool isAccepted)
    {
        TimeSpan? waited = distrustedFor is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

        ArbiterAcceptanceDecision decision = Accept(1, Restored with { IsTrusted = false }, default, waited, Cluster.Leased("n1", "a", 1));

        Assert.Equal(isAccepted ? ResultCode.Success : ResultCode.Again, decision.Result);
        Assert.Equal(isAccepted, decision.NewEra is not null);
    }

    /// <summary>No row says what the forgotten time placed on it: another node would start that after the acceptance.</summary>
    [Theory, Trait("Rule", "S14")]
    [InlineData(LeaseState.Live, 3, false, false)]
    [InlineData(LeaseState.Lost, 3, false, false)]
    [InlineData(LeaseState.Lost, 0, false, false)]
    [InlineData(LeaseState.Live, 0, false, true)]
    [InlineData(LeaseState.Fenced, 3, false, true)]
    [InlineData(LeaseState.Left, 3, false, true)]
    [InlineData(LeaseState.Live, 3, true, true)]
    [InlineData(LeaseState.Lost, 3, true, true)]
    public void A_node_that_no_time_ends_has_to_end_before_it_is_accepted(LeaseState state, long grantedIn, bool isSelfFencing, bool isAccepted)
    {
        LeaseRow row = Cluster.Leased("n2", "b", 1).As(state) with { GrantedIn = grantedIn, IsSelfFencing = isSelfFencing };

        ArbiterAcceptanceDecision decision = Accept(1, Restored with { IsTrusted = false }, default, TimeSpan.FromMinutes(1), Cluster.Leased("n1", "a", 1), row);

        Assert.Equal((isAccepted ? ResultCode.Success : ResultCode.Again, isAccepted), (decision.Result, decision.NewEra is not null));
        Assert.Equal(!isAccepted, decision.Reason.Contains("it: n2. Wait", StringComparison.Ordinal));
    }

    [Theory, Trait("Rule", "S14")]
    [InlineData(1, 2, true, ResultCode.Success)]
    [InlineData(2, 2, true, ResultCode.Invalid)]
    [InlineData(1, 2, false, ResultCode.Invalid)]
    public void A_word_about_another_era_opens_none_and_a_copy_of_the_one_that_did_is_answered_the_same(
        int ordered, int stored, bool isTrusted, ResultCode result)
    {
        ArbiterAcceptanceDecision decision = Accept(ordered, Restored with { Era = stored, IsTrusted = isTrusted }, default, TimeSpan.FromMinutes(1));

        Assert.Equal((result, (int?)null), (decision.Result, decision.NewEra));
    }

    [Fact, Trait("Rule", "S2")]
    public void How_long_it_is_distrusted_is_measured_by_the_replicas_own_clock_and_begins_anew_after_a_gap()
    {
        ArbiterState distrusted = Restored with { IsTrusted = false };

        (Watch watch, _) = Watch.Nothing.Watching(0, 2_000, distrusted);
        (Watch after, _) = watch.Watching(9_000, 9_200, distrusted);

        Assert.Equal(TimeSpan.FromSeconds(2), watch.HeldFor(Fact.Distrusted(distrusted)));
        Assert.Equal(TimeSpan.FromMilliseconds(200), after.HeldFor(Fact.Distrusted(distrusted)));
        Assert.Null(after.Watching(9_300, 9_400, Restored).Watch.HeldFor(Fact.Distrusted(distrusted)));
    }

    private static ArbiterAcceptanceDecision Accept(int era, ArbiterState stored, ArbiterSight highest, TimeSpan? distrustedFor, params LeaseRow[] rows) =>
        ArbiterAcceptance.Decide(new AcceptArbiter { RequestId = "r", Era = era }, stored, highest, [.. rows], distrustedFor, Cluster.Timing);
}
