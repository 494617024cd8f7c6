using Quorate.Contracts;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Core;

/// <summary>Something a replica saw to be true and measures how long it stays true (rule S2).</summary>
/// <param name="Kind">What is true.</param>
/// <param name="Node">Of which node; empty for a fact about the cluster.</param>
/// <param name="Incarnation">Of which life of it.</param>
/// <param name="Sequence">With which number: when that changes it is another fact, and its time begins anew.</param>
public readonly record struct Fact(FactKind Kind, NodeName Node, Incarnation Incarnation, long Sequence)
{
    /// <summary>Enough votes are present, whoever gives them.</summary>
    public static Fact EnoughVotes { get; } = new(FactKind.EnoughVotes, default, default, 0);

    /// <summary>The row is live and stands at its sequence.</summary>
    public static Fact Silent(LeaseRow row) => new(FactKind.Silent, row.Node, row.Incarnation, row.Sequence);

    /// <summary>The row is lost.</summary>
    public static Fact Lost(LeaseRow row) => new(FactKind.Lost, row.Node, row.Incarnation, 0);

    /// <summary>The cluster is quorate, since that formation.</summary>
    public static Fact Formed(ArbiterState arbiter) => new(FactKind.Formed, default, default, arbiter.FormedAt);

    /// <summary>The arbiter is not trusted, in that era.</summary>
    public static Fact Distrusted(ArbiterState arbiter) => new(FactKind.Distrusted, default, default, arbiter.Era);

    /// <summary>The fencing stands at its step.</summary>
    public static Fact Fencing(FenceRow row) => new(FactKind.Fencing, row.Node, row.Incarnation, row.Step);

    /// <summary>The row's lease was taken back by dissolving quorum.</summary>
    public static Fact Withdrawn(LeaseRow row) => new(FactKind.Withdrawn, row.Node, row.Incarnation, row.GrantedSequence);
}
