using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: contracts AcknowledgeFence; rule S5, an operator's word concerns one incarnation.</summary>
[Trait("Rule", "S5")]
public sealed class When_an_operator_acknowledges_a_fence
{
    private static readonly LeaseRow Row = Cluster.Leased("n1", "a", 1);

    [Fact]
    public void A_lost_node_becomes_fenced()
    {
        LeaseRow lost = Row.As(LeaseState.Lost);

        AcknowledgementDecision decision = Decide("a", lost, lost);

        Assert.Equal(LeaseState.Fenced, Assert.IsType<AcknowledgementDecision.Accept>(decision).Row.State);
    }

    [Fact]
    public void A_node_that_is_online_is_refused()
    {
        AcknowledgementDecision decision = Decide("a", Row, Row);

        Assert.Equal(ResultCode.Invalid, Assert.IsType<AcknowledgementDecision.Refuse>(decision).Result);
    }

    /// <summary>It counts as lost, and nobody but the operator may know that it was switched off.</summary>
    [Fact, Trait("Rule", "S1")]
    public void A_node_that_beats_on_after_quorum_dissolved_becomes_fenced_once_it_counts_as_lost()
    {
        ArbiterState formedAnew = Cluster.Quorate with { FormedAt = 6, Generation = 6 };

        Assert.Equal(LeaseState.Fenced, Assert.IsType<AcknowledgementDecision.Accept>(Decide("a", Row, Row, formedAnew)).Row.State);
        Assert.IsType<AcknowledgementDecision.Refuse>(Decide("a", Row, Row, Cluster.Inquorate));
    }

    /// <summary>However long it was on its way, it must not speak of a life that began since.</summary>
    [Fact]
    public void A_word_that_names_no_incarnation_is_refused_and_told_which_one_there_is()
    {
        AcknowledgementDecision decision = Decide(null, null, Row.As(LeaseState.Lost));

        Assert.Equal(ResultCode.Invalid, Assert.IsType<AcknowledgementDecision.Refuse>(decision).Result);
        Assert.EndsWith("name the incarnation; now it is a", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_about_an_earlier_incarnation_is_refused_after_another_joined()
    {
        AcknowledgementDecision decision = Decide("a", Row.As(LeaseState.Left), Cluster.Leased("n1", "b", 1).As(LeaseState.Lost));

        Assert.IsType<AcknowledgementDecision.Refuse>(decision);
    }

    [Theory]
    [InlineData(LeaseState.Fenced)]
    [InlineData(LeaseState.Left)]
    public void A_word_that_comes_twice_or_too_late_changes_nothing(LeaseState state)
    {
        LeaseRow ended = Row.As(state);

        AcknowledgementDecision decision = Decide("a", ended, ended);

        Assert.IsType<AcknowledgementDecision.AlreadyEnded>(decision);
        Assert.Equal(ResultCode.Success, decision.Result);
    }

    [Fact]
    public void An_incarnation_that_never_was_is_refused()
    {
        AcknowledgementDecision decision = Decide("x", null, Row.As(LeaseState.Lost));

        Assert.Equal(ResultCode.Invalid, decision.Result);
    }

    [Fact]
    public void A_node_that_never_joined_is_refused()
    {
        AcknowledgementDecision decision = Decide(null, null, null);

        Assert.Equal(ResultCode.NoNode, decision.Result);
    }

    private static AcknowledgementDecision Decide(string? incarnation, LeaseRow? named, LeaseRow? current, ArbiterState? arbiter = null) => Acknowledgement.Decide(
        new AcknowledgeFence { RequestId = "r1", Node = new NodeName("n1"), Incarnation = incarnation is null ? null : new Incarnation(incarnation) },
        named,
        current,
        arbiter ?? Cluster.Quorate,
        Cluster.Noon);
}
