namespace Quorate.Contracts.V1;

/// <summary>
/// "I am here", sent by an executor every ttl/5 over the bus and over HTTP straight to each quorum replica; the same sequence may
/// arrive on both paths. Answered by <see cref="HeartbeatAnswer"/>. Safe to receive twice, late or never (rule S3).
/// </summary>
public sealed record NodeHeartbeat
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>Grows with every heartbeat of this incarnation, across restarts of its executor too.</summary>
    public required long Sequence { get; init; }

    /// <summary>The newest sequence this executor holds an answer for; 0 before the first. A node that hears no answers is not renewed (S3).</summary>
    public required long NewestAnswer { get; init; }

    /// <summary>The newest sequence whose answer came back over the bus; 0 before the first.</summary>
    public required long NewestBusAnswer { get; init; }

    /// <summary>What this node promises to do when its lease runs out; stored with the lease (S4).</summary>
    public required NodePromise Promise { get; init; }

    /// <summary>Earlier incarnations of this node that its guard proved ended: all their services stopped. Empty as a rule.</summary>
    public IReadOnlyList<Incarnation> ProvenEnded { get; init; } = [];

    /// <summary>
    /// The furthest point of the arbiter in any answer this executor ever got; null before the first. An arbiter that is behind it went back,
    /// and grants nothing (S14).
    /// </summary>
    public ArbiterPoint? HighestArbiter { get; init; }

    /// <summary>True on the last heartbeat of an incarnation that stopped everything it ran and proved it.</summary>
    public bool Leaving { get; init; }
}
