using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Restraints;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: rgmanager.md 3.9.</summary>
public sealed class When_an_operator_restrains_the_cluster
{
    private static readonly ArbiterState Quorate = Cluster.Quorate;

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void The_lock_is_as_it_was_asked_for(bool isOn, bool before, bool after)
    {
        RestraintDecision decision = Restraint.Lock(Quorate with { IsLocked = before }, isOn);

        Assert.Equal((ResultCode.Success, after), (decision.Result, decision.Next.IsLocked));
    }

    [Fact]
    public void Without_quorum_there_is_nothing_to_lock()
    {
        RestraintDecision decision = Restraint.Lock(ArbiterState.New, isOn: true);

        Assert.Equal((ResultCode.Quorum, false), (decision.Result, decision.Next.IsLocked));
    }

    [Fact]
    public void A_node_that_does_not_exist_is_not_drained() =>
        Assert.Equal(ResultCode.NoNode, Restraint.Drain(Quorate, Cluster.Of("n1", "n2"), new("n9"), isOn: true).Result);

    [Fact]
    public void Draining_and_undraining_are_repeated_without_harm()
    {
        var configuration = Cluster.Of("n1", "n2");
        ArbiterState drained = Restraint.Drain(Quorate, configuration, new("n2"), isOn: true).Next;

        Assert.Equal(["n2"], drained.Drained.Select(node => node.Value));
        Assert.Same(drained, Restraint.Drain(drained, configuration, new("n2"), isOn: true).Next);
        ArbiterState free = Restraint.Drain(drained, configuration, new("n2"), isOn: false).Next;
        Assert.Empty(free.Drained);
        Assert.Same(free, Restraint.Drain(free, configuration, new("n2"), isOn: false).Next);
    }

    [Fact]
    public void One_that_was_taken_out_of_the_configuration_can_be_undrained() => Assert.Empty(
        Restraint.Drain(Quorate with { Drained = [new("old")] }, Cluster.Of("n1"), new("old"), isOn: false).Next.Drained);

    [Fact]
    public void The_membership_tells_both_and_is_a_new_generation()
    {
        var configuration = Cluster.Of("n1", "n2", "n3");
        MembershipChanged before = Cluster.Evaluate(ArbiterState.New, null, TimeSpan.Zero, configuration, Rows)!.Membership;

        MembershipTransition? next = Cluster.Evaluate(Quorate with { IsLocked = true, Drained = [new("n2")] }, before, null, configuration, Rows);

        Assert.NotNull(next);
        Assert.True(next.Membership.IsLocked);
        Assert.Equal([false, true, false], next.Membership.Nodes.Select(node => node.IsDrained));
        Assert.Contains("locked by an operator", next.Reason, StringComparison.Ordinal);
    }

    /// <summary>A lock ends when quorum is regained; a drained node stays so.</summary>
    [Fact]
    public void Forming_quorum_ends_the_lock_and_no_drain()
    {
        MembershipTransition? formed = Cluster.Evaluate(
            Cluster.Inquorate with { IsLocked = true, Drained = [new("n2")] }, null, TimeSpan.Zero, Cluster.Of("n1", "n2", "n3"), Rows);

        Assert.True(formed?.HasFormed);
        Assert.Equal((false, false), (formed!.Arbiter.IsLocked, formed.Membership.IsLocked));
        Assert.True(formed.Membership.Nodes[1].IsDrained);
    }

    private static LeaseRow[] Rows => [Cluster.Leased("n1", "a", 1), Cluster.Leased("n2", "b", 1), Cluster.Leased("n3", "c", 1)];
}
