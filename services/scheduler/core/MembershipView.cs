using System.Collections.Frozen;
using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>The membership a decision is based on: one generation, never mixed with another.</summary>
public sealed class MembershipView
{
    private readonly FrozenDictionary<NodeName, MemberNode> _byName;

    /// <param name="generation">Grows with every change of the membership.</param>
    /// <param name="isQuorate">Without quorum nothing may start.</param>
    /// <param name="nodes">Every configured node once, in any order.</param>
    /// <param name="isMaintenance">In maintenance only an operator's orders move anything.</param>
    /// <param name="isLocked">While it is locked nothing starts, whoever asks.</param>
    public MembershipView(long generation, bool isQuorate, IEnumerable<MemberNode> nodes, bool isMaintenance = false, bool isLocked = false)
    {
        IsMaintenance = isMaintenance;
        IsLocked = isLocked;
        Generation = generation;
        IsQuorate = isQuorate;
        Nodes = [.. nodes.OrderBy(node => node.Name)];
        _byName = Nodes.ToFrozenDictionary(node => node.Name);
    }

    /// <summary>What a scheduler knows before quorum spoke: nothing, so nothing may start and nobody has ended.</summary>
    public static MembershipView Empty { get; } = new(0, false, []);

    public long Generation { get; }

    public bool IsQuorate { get; }

    /// <summary>True while an operator works on the cluster: nothing is recovered, moved or fenced but on an order.</summary>
    public bool IsMaintenance { get; }

    /// <summary>True while an operator keeps the cluster from starting anything.</summary>
    public bool IsLocked { get; }

    /// <summary>By name.</summary>
    public ImmutableArray<MemberNode> Nodes { get; }

    /// <summary>Reads the message of the quorum service.</summary>
    public static MembershipView From(MembershipChanged message) => new(message.Generation, message.IsQuorate, message.Nodes, message.IsMaintenance, message.IsLocked);

    /// <summary>What is known about one life of a node. A node that is not in the membership proves nothing.</summary>
    public OwnerStanding Of(NodeName node, Incarnation incarnation) => _byName.GetValueOrDefault(node) switch
    {
        null or { Incarnation: null } => OwnerStanding.Unknown,
        var member when member.Incarnation != incarnation => OwnerStanding.Ended,
        { State: NodeState.Online } => OwnerStanding.Online,
        { State: NodeState.Lost } => OwnerStanding.Lost,
        { State: NodeState.Fenced or NodeState.Left } => OwnerStanding.Ended,
        _ => OwnerStanding.Unknown,
    };

    /// <summary>
    /// The same, for a fact written under <paramref name="sinceGeneration"/>: an older membership does not know the incarnation
    /// yet and must not call it ended.
    /// </summary>
    public OwnerStanding Of(NodeName node, Incarnation incarnation, long sinceGeneration) =>
        Generation < sinceGeneration ? OwnerStanding.Unknown : Of(node, incarnation);

    /// <summary>The incarnation of a node that is online now; null when it is not.</summary>
    public Incarnation? OnlineIncarnation(NodeName node) =>
        _byName.GetValueOrDefault(node) is { State: NodeState.Online, Incarnation: { } incarnation } ? incarnation : null;

    public bool IsOnline(NodeName node) => OnlineIncarnation(node) is not null;

    /// <summary>True while an operator keeps services from the node.</summary>
    public bool IsDrained(NodeName node) => _byName.GetValueOrDefault(node) is { IsDrained: true };

    /// <summary>True for a node that services may be started on.</summary>
    public bool IsAvailable(NodeName node) => IsOnline(node) && !IsDrained(node);
}
