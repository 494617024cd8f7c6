namespace Quorate.Contracts.V1;

/// <summary>
/// The whole membership, published by quorum with every new generation and again every ttl; a receiver keeps the highest
/// generation it saw. A node appears once, with its newest incarnation: an older incarnation that is not named has ended (rule S5).
/// </summary>
public sealed record MembershipChanged : IEvent
{
    public required long Generation { get; init; }

    public required bool IsQuorate { get; init; }

    public required int Votes { get; init; }

    public required int VotesNeeded { get; init; }

    /// <summary>True while an operator works on the cluster: nothing is recovered, moved or fenced but on an operator's order.</summary>
    public bool IsMaintenance { get; init; }

    /// <summary>True while an operator keeps the cluster from starting anything.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The configuration by which votes and nodes are counted here; 0 from a replica that does not say. Schedulers tell quorum of a newer one until it has it.</summary>
    public int ConfigurationVersion { get; init; }

    /// <summary>Its digest; empty where that is not said.</summary>
    public string ConfigurationDigest { get; init; } = "";

    /// <summary>
    /// The W3C traceparent of what led to this generation, the loss of a node for one; null when nobody records it. It is here beside the message's own,
    /// since whoever heard of a generation when it was said again goes on from its cause all the same.
    /// </summary>
    public string? Trace { get; init; }

    /// <summary>Every configured node, by name.</summary>
    public required IReadOnlyList<MemberNode> Nodes { get; init; }
}
