using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core;

/// <summary>
/// When time counts as fencing (rule S7): the guard of a self-fencing node has destroyed what it ran once its lease, its stop deadline
/// and its watchdog time are over. All of them come from the row (rule S4) and are measured from this replica's own sight of the loss
/// (rule S2), so a replica that takes over waits the whole time again.
/// </summary>
public static class TimeFencing
{
    /// <summary>The rows that are due, as they become: fenced.</summary>
    public static ImmutableArray<LeaseRow> FindDue(Watch watch, Reading reading, ClusterConfiguration configuration, DateTimeOffset now) =>
        [.. reading.Rows
            .Where(row => IsDue(row, watch, reading.Arbiter, configuration))
            .OrderBy(row => row.Node)
            .Select(row => row.Become(LeaseState.Fenced, now, ReasonFor(row)))];

    /// <summary>
    /// How long after the loss was seen the node surely runs nothing; null when no time is enough. A lost node has been silent for ttl
    /// and margin already; one whose lease was withdrawn may hold it for that long yet.
    /// </summary>
    /// <param name="row">The incarnation's.</param>
    /// <param name="arbiter">As it is now.</param>
    /// <param name="hasFenceDevice">
    /// The node can be cut off. Then its guard alone is not believed: it stands still with its machine, and a device closes that window. A
    /// watchdog does not stand still.
    /// </param>
    public static TimeSpan? WaitFor(LeaseRow row, ArbiterState arbiter, bool hasFenceDevice = false) => row switch
    {
        // Never given a lease, it never had permission to run anything; but a database that went back may have forgotten one (S14).
        { State: LeaseState.Lost, GrantedIn: 0 } when arbiter.IsTrusted => TimeSpan.Zero,
        { IsSelfFencing: false } => null,
        _ when hasFenceDevice && row.Watchdog == TimeSpan.Zero => null,
        { State: LeaseState.Lost } => row.StopDeadline + row.Watchdog,
        _ when row.IsWithdrawn(arbiter) => LongestAfterWithdrawal(row),
        _ => null,
    };

    /// <summary>What a node may take from the withdrawal of its lease to the end of all it ran, by its own promise (rule S4).</summary>
    internal static TimeSpan LongestAfterWithdrawal(LeaseRow row) => row.Ttl + QuorumTiming.MarginFor(row.Ttl) + row.StopDeadline + row.Watchdog;

    /// <summary>When the next row will be due; null when none waits for a time.</summary>
    public static TimeSpan? NextAt(Watch watch, Reading reading, ClusterConfiguration configuration) =>
        reading.Rows.Min(row => WaitFor(row, reading.Arbiter, HasFenceDevice(row.Node, configuration)) is { } wait ? watch.HeldAt(FactOf(row), wait) : null);

    private static bool IsDue(LeaseRow row, Watch watch, ArbiterState arbiter, ClusterConfiguration configuration) =>
        WaitFor(row, arbiter, HasFenceDevice(row.Node, configuration)) is { } wait && watch.HeldFor(FactOf(row)) >= wait;

    private static bool HasFenceDevice(NodeName node, ClusterConfiguration configuration) => configuration.FindNode(node) is { HasFenceDevice: true };

    private static Fact FactOf(LeaseRow row) => row.State == LeaseState.Lost ? Fact.Lost(row) : Fact.Withdrawn(row);

    private static string ReasonFor(LeaseRow row) => row.GrantedIn == 0
        ? "lost, and was never given a lease"
        : $"its guard has ended all it ran: {(row.StopDeadline + row.Watchdog).TotalMilliseconds:0} ms passed after its lease";
}
