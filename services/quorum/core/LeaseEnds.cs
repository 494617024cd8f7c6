using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>When the granted leases run out, should no heartbeat come any more. For display; decides nothing.</summary>
public static class LeaseEnds
{
    /// <summary>
    /// By node, on this replica's monotonic clock; none for a node that has no lease, or whose silence means nothing now. The replica counts
    /// from when it saw the sequence grow, the node from when it sent the heartbeat (rule S2): a node's own end is a little earlier.
    /// </summary>
    /// <param name="watch">Has taken the reading in.</param>
    /// <param name="reading">The rows.</param>
    public static ImmutableSortedDictionary<NodeName, TimeSpan> Find(Watch watch, Reading reading) => reading.Rows
        .Where(row => row is { State: LeaseState.Live, GrantedIn: not 0 } && !row.IsWithdrawn(reading.Arbiter))
        .Select(row => (row.Node, EndsAt: watch.HeldAt(Fact.Silent(row), row.Ttl)))
        .Where(row => row.EndsAt is not null)
        .ToImmutableSortedDictionary(row => row.Node, row => row.EndsAt!.Value); // not null: the line before
}
