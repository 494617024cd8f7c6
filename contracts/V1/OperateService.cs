namespace Quorate.Contracts.V1;

/// <summary>
/// A scheduler orders one incarnation of one node to start, stop, probe or adjust one service; sent to that incarnation's own queue and
/// answered by <see cref="OperationEnded"/>. Sent again with a higher <see cref="Attempt"/> when the answer is late: the same
/// (service, epoch) is the same operation and gets the same answer (rule S8).
/// </summary>
public sealed record OperateService
{
    public required ServiceName Service { get; init; }

    /// <summary>Grows by one with every operation of the service; an executor refuses one that is not above its last.</summary>
    public required long Epoch { get; init; }

    /// <summary>From 1; only the transport differs between attempts of one epoch.</summary>
    public required int Attempt { get; init; }

    public required NodeAction Action { get; init; }

    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>The configuration that a start, condstop or condstart must use; stop and probe use the journalled tree (rule S10) and need this only if nothing was journalled.</summary>
    public required string ConfigurationDigest { get; init; }

    public required int ConfigurationVersion { get; init; }

    /// <summary>The other node of a migration: where a migrate goes to, where a receive or a start expects it from. Null for all else.</summary>
    public NodeName? Peer { get; init; }

    /// <summary>
    /// The membership generation under which it was ordered, or ordered again. A node takes nothing that needs a lease from before the quorum
    /// formed that granted its lease: a database that went back has forgotten such an order (rule S14). 0 from an older version.
    /// </summary>
    public long Generation { get; init; }

    /// <summary>Why, for the node's log.</summary>
    public string Reason { get; init; } = "";
}
