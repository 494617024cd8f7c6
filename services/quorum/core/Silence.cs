using System.Collections.Immutable;

namespace Quorate.Quorum.Core;

/// <summary>Which nodes have fallen silent.</summary>
public static class Silence
{
    /// <summary>
    /// The live rows whose sequence stood still for the row's own ttl and margin (rules S2, S4), as they become: lost. Each is stored
    /// only if its sequence still stands where it was seen.
    /// </summary>
    public static ImmutableArray<LeaseRow> FindLost(Watch watch, Reading reading, DateTimeOffset now) =>
        [.. reading.Rows
            .Where(row => row.State == LeaseState.Live && watch.HeldFor(Fact.Silent(row)) >= row.Ttl + QuorumTiming.MarginFor(row.Ttl))
            .OrderBy(row => row.Node)
            .Select(row => row.Become(LeaseState.Lost, now, $"no heartbeat for {(row.Ttl + QuorumTiming.MarginFor(row.Ttl)).TotalMilliseconds:0} ms"))];
}
