using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core;

/// <summary>All that decides what one heartbeat earns.</summary>
public sealed record AdmissionSituation
{
    public required NodeHeartbeat Heartbeat { get; init; }

    /// <summary>The node in <c>cluster.conf</c>; null when it has none of that name.</summary>
    public required ClusterNode? Configured { get; init; }

    /// <summary>The row of the heartbeat's own incarnation; null when it was never admitted.</summary>
    public required LeaseRow? Own { get; init; }

    /// <summary>The node's current row, perhaps the same one; null when the node was never admitted.</summary>
    public required LeaseRow? Current { get; init; }

    public required ArbiterState Arbiter { get; init; }

    public required QuorumTiming Timing { get; init; }

    /// <summary>Why this node must not be renewed although it speaks (<see cref="Hearing"/>); null when it hears.</summary>
    public string? Deafness { get; init; }

    public required DateTimeOffset Now { get; init; }
}
