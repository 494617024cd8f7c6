using System.Collections.Immutable;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Core;

/// <summary>What a replica read right after its own beat committed, and when by its own monotonic clock.</summary>
public sealed record Reading
{
    /// <summary>Just before the beat was sent. What was true before and is true in this reading was true until here at least.</summary>
    public required TimeSpan BeganAt { get; init; }

    /// <summary>Just after the rows had arrived. What is new in this reading is true since here at the latest.</summary>
    public required TimeSpan EndedAt { get; init; }

    public required ArbiterState Arbiter { get; init; }

    /// <summary>Each node's current row.</summary>
    public required ImmutableArray<LeaseRow> Rows { get; init; }

    /// <summary>The fencings that are not done.</summary>
    public ImmutableArray<FenceRow> Fences { get; init; } = [];

    /// <summary>True when this replica failed to store heartbeats since the reading before: it cannot tell silence from its own failure.</summary>
    public bool RenewalsFailed { get; init; }
}
