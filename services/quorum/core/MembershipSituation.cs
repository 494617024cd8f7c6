using System.Collections.Immutable;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core;

/// <summary>All that decides the next membership generation.</summary>
public sealed record MembershipSituation
{
    public required ClusterConfiguration Configuration { get; init; }

    public required ArbiterState Arbiter { get; init; }

    /// <summary>The newest generation; null before the first.</summary>
    public required MembershipChanged? Previous { get; init; }

    /// <summary>Each node's current row, as the same transaction will have stored it.</summary>
    public required ImmutableArray<LeaseRow> Rows { get; init; }

    /// <summary>How long this replica has seen enough votes without a break; null when it does not.</summary>
    public required TimeSpan? EnoughVotesFor { get; init; }

    public required QuorumTiming Timing { get; init; }

    /// <summary>The highest generation any replica is known to have published; above the stored one after a restore (rule S14).</summary>
    public long HighestGenerationSeen { get; init; }

    public required DateTimeOffset Now { get; init; }
}
