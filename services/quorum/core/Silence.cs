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
            .Where(row => row.State == LeaseState.Live && watch.HeldFor(Fact.Silent(row)) >= WaitFor(row))
            .OrderBy(row => row.Node)
            .Select(row => row.Become(LeaseState.Lost, now, $"no heartbeat for {WaitFor(row).TotalMilliseconds:0} ms"))];

    /// <summary>When the next of the live rows will be lost, should its sequence go on standing still; null when none is live.</summary>
    public static TimeSpan? NextAt(Watch watch, Reading reading) =>
        reading.Rows.Where(row => row.State == LeaseState.Live).Min(row => watch.HeldAt(Fact.Silent(row), WaitFor(row)));

    private static TimeSpan WaitFor(LeaseRow row) => row.Ttl + QuorumTiming.MarginFor(row.Ttl);
}
