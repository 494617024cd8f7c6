using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 4, rules S1 and S5; cman(5) for votes.</summary>
public sealed class When_the_membership_is_evaluated
{
    private static readonly ClusterConfiguration Three = Cluster.Of("n1", "n2", "n3");
    private static readonly LeaseRow[] All = [Cluster.Leased("n1", "a", 1), Cluster.Leased("n2", "b", 1), Cluster.Leased("n3", "c", 1)];

    [Fact]
    public void The_first_generation_names_every_configured_node()
    {
        MembershipTransition? first = Cluster.Evaluate(ArbiterState.New, null, null, Three);

        Assert.NotNull(first);
        Assert.Equal(1, first.Membership.Generation);
        Assert.All(first.Membership.Nodes, node => Assert.Equal((NodeState.Absent, null), (node.State, node.Incarnation)));
        Assert.Equal(["n1", "n2", "n3"], first.Membership.Nodes.Select(node => node.Name.Value));
    }

    [Fact]
    public void Quorum_forms_at_once_when_all_are_present()
    {
        MembershipTransition? next = Cluster.Evaluate(ArbiterState.New, null, TimeSpan.Zero, Three, [.. All.Select(Unleased)]);

        Assert.True(next?.HasFormed);
        Assert.Equal(next?.Membership.Generation, next?.Arbiter.FormedAt);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1_000, true)]
    public void Quorum_forms_without_all_after_the_settle_time(int milliseconds, bool isQuorate)
    {
        MembershipTransition? next = Cluster.Evaluate(
            ArbiterState.New, null, TimeSpan.FromMilliseconds(milliseconds), Three, Unleased(All[0]), Unleased(All[1]));

        Assert.Equal(isQuorate, next?.Membership.IsQuorate);
    }

    [Fact]
    public void Nothing_changed_is_no_generation()
    {
        MembershipChanged now = Present(Cluster.Quorate, All);

        Assert.Null(Cluster.Evaluate(Cluster.Quorate, now, TimeSpan.Zero, Three, All));
    }

    [Fact]
    public void A_heartbeat_alone_is_no_generation()
    {
        MembershipChanged now = Present(Cluster.Quorate, All);

        Assert.Null(Cluster.Evaluate(Cluster.Quorate, now, TimeSpan.Zero, Three, [.. All.Select(row => row with { Sequence = 900, GrantedSequence = 900 })]));
    }

    [Theory]
    [InlineData(LeaseState.Lost, NodeState.Lost)]
    [InlineData(LeaseState.Fenced, NodeState.Fenced)]
    [InlineData(LeaseState.Left, NodeState.Left)]
    public void A_node_that_is_gone_takes_its_vote_with_it(LeaseState state, NodeState shown)
    {
        MembershipTransition? next = Cluster.Evaluate(
            Cluster.Quorate, Present(Cluster.Quorate, All), TimeSpan.Zero, Three, All[0].As(state), All[1], All[2]);

        Assert.NotNull(next);
        Assert.Equal((6, 2, true), (next.Membership.Generation, next.Membership.Votes, next.Membership.IsQuorate));
        Assert.Equal(shown, next.Membership.Nodes[0].State);
        Assert.Equal(Cluster.Noon, next.Membership.Nodes[0].Since);
        Assert.False(next.HasFormed || next.HasDissolved);
    }

    /// <summary>Source: message #1.</summary>
    [Fact]
    [Trait("Rule", "S1")]
    [Trait("Message", "1")]
    public void Too_few_votes_dissolve_quorum()
    {
        MembershipTransition? next = Cluster.Evaluate(
            Cluster.Quorate, Present(Cluster.Quorate, All), null, Three, All[0].As(LeaseState.Lost), All[1].As(LeaseState.Lost), All[2]);

        Assert.NotNull(next);
        Assert.True(next.HasDissolved);
        Assert.False(next.Membership.IsQuorate);
        Assert.Equal(NodeState.Online, next.Membership.Nodes[2].State);
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void A_former_owner_votes_but_counts_as_lost_after_quorum_formed_again()
    {
        MembershipTransition? next = Cluster.Evaluate(
            Cluster.Inquorate, Present(Cluster.Inquorate, All), TimeSpan.FromHours(1), Three,
            All[0], Cluster.Present("n2", "b2", 1), All[2].As(LeaseState.Lost));

        Assert.NotNull(next);
        Assert.True(next.HasFormed);
        Assert.Equal(2, next.Membership.Votes);
        Assert.Equal([NodeState.Lost, NodeState.Online, NodeState.Lost], next.Membership.Nodes.Select(node => node.State));
    }

    [Fact]
    public void One_vote_is_quorum_with_two_node()
    {
        ClusterConfiguration two = Cluster.Of("n1", "n2") with { Quorum = new QuorumSettings(2, IsTwoNode: true, null) };

        MembershipTransition? next = Cluster.Evaluate(ArbiterState.New, null, Cluster.Timing.FormationSettle, two, Cluster.Present("n1", "a", 1));

        Assert.True(next?.HasFormed);
        Assert.Equal((1, 1), (next?.Membership.Votes, next?.Membership.VotesNeeded));
    }

    [Fact]
    public void Votes_are_the_configured_ones()
    {
        ClusterConfiguration weighted = Cluster.Of("n1", "n2", "n3") with
        {
            Nodes = [.. Three.Nodes.Select(node => node.Name.Value == "n1" ? node with { Votes = 3 } : node)],
            Quorum = new QuorumSettings(5, false, null),
        };

        MembershipTransition? next = Cluster.Evaluate(ArbiterState.New, null, Cluster.Timing.FormationSettle, weighted, Cluster.Present("n1", "a", 1));

        Assert.Equal((true, 3, 3), (next?.Membership.IsQuorate, next?.Membership.Votes, next?.Membership.VotesNeeded));
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void A_node_removed_from_the_configuration_is_named_so_that_its_end_is_known()
    {
        ClusterConfiguration without = Cluster.Of("n1", "n2");

        MembershipTransition? still = Cluster.Evaluate(Cluster.Quorate, null, TimeSpan.Zero, without, All[0], All[1], All[2].As(LeaseState.Lost));
        MembershipTransition? ended = Cluster.Evaluate(Cluster.Quorate, null, TimeSpan.Zero, without, All[0], All[1], All[2].As(LeaseState.Fenced));

        Assert.Equal(["n1", "n2", "n3"], still!.Membership.Nodes.Select(node => node.Name.Value));
        Assert.Equal(["n1", "n2", "n3"], ended!.Membership.Nodes.Select(node => node.Name.Value));
        Assert.Equal(NodeState.Fenced, ended.Membership.Nodes[2].State);
        Assert.Equal(2, still.Membership.Votes);
    }

    [Fact]
    [Trait("Rule", "S14")]
    public void An_arbiter_that_went_back_dissolves_with_a_generation_above_all_that_were_seen()
    {
        MembershipTransition? next = Membership.Evaluate(new MembershipSituation
        {
            Configuration = Three,
            Arbiter = Cluster.Quorate with { IsTrusted = false },
            Previous = Present(Cluster.Quorate, All),
            Rows = [.. All],
            EnoughVotesFor = TimeSpan.FromHours(1),
            Timing = Cluster.Timing,
            HighestGenerationSeen = 70,
            Now = Cluster.Noon,
        });

        Assert.NotNull(next);
        Assert.True(next.HasDissolved);
        Assert.Equal(71, next.Membership.Generation);
    }

    private static LeaseRow Unleased(LeaseRow row) => row with { GrantedIn = 0, GrantedSequence = 0 };

    private static MembershipChanged Present(ArbiterState arbiter, LeaseRow[] rows) =>
        Cluster.Evaluate(arbiter, null, TimeSpan.FromHours(1), Three, rows)!.Membership with { IsQuorate = arbiter.IsQuorate };
}
