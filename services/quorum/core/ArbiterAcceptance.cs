using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>Whether an operator's word opens a new era (rule S14).</summary>
public static class ArbiterAcceptance
{
    /// <summary>
    /// Accepts only the era that is not trusted, and only after every lease that may have been granted in the forgotten time has run out and
    /// its node has had the time it promised to stop: such a lease is in no row, so only time can end it (rules S1, S7). Where no time ends
    /// what a node runs, because it keeps its services, is in maintenance or has a guard that destroys nothing, that incarnation has to end first.
    /// </summary>
    /// <param name="order">The operator's word.</param>
    /// <param name="stored">The arbiter's row.</param>
    /// <param name="highest">The furthest point anybody is known to have seen; the new era lies beyond it.</param>
    /// <param name="rows">The lease rows that are left.</param>
    /// <param name="distrustedFor">How long this replica has seen the arbiter distrusted, by its own clock; null when it has not.</param>
    /// <param name="timing">Today's times, for leases that no row knows.</param>
    public static ArbiterAcceptanceDecision Decide(
        AcceptArbiter order, ArbiterState stored, ArbiterSight highest, ImmutableArray<LeaseRow> rows, TimeSpan? distrustedFor, QuorumTiming timing)
    {
        if (stored.IsTrusted)
        {
            return order.Era < stored.Era
                ? new ArbiterAcceptanceDecision(ResultCode.Success, null, Text($"era {order.Era} was left before: era {stored.Era} is trusted"))
                : new ArbiterAcceptanceDecision(ResultCode.Invalid, null, "the database has not gone back; there is nothing to accept");
        }

        if (order.Era != stored.Era)
        {
            return new ArbiterAcceptanceDecision(
                ResultCode.Invalid, null, Text($"the database that is not trusted is in era {stored.Era}, not {order.Era}: look again with quorate arbiter status"));
        }

        TimeSpan left = WaitFor(rows, timing) - (distrustedFor ?? TimeSpan.Zero);
        if (left > TimeSpan.Zero)
        {
            return new ArbiterAcceptanceDecision(
                ResultCode.Again, null,
                Text($"leases of the forgotten time may last and their nodes be stopping for {Math.Ceiling(left.TotalSeconds)} s more: say it again then"));
        }

        return rows.Where(MayRunUnknown).Select(row => row.Node.Value).Order(StringComparer.Ordinal).ToArray() is [_, ..] unknown
            ? new ArbiterAcceptanceDecision(
                ResultCode.Again, null,
                $"no time ends what these nodes may run without this database knowing it: {string.Join(", ", unknown)}. Wait until they have joined anew, "
                    + "say quorate maintenance off if they are in maintenance, and of one that is lost make sure that it is off and say quorate fence ack NODE")
            : new ArbiterAcceptanceDecision(ResultCode.Success, Math.Max(stored.Era, highest.Era) + 1, Text($"era {Math.Max(stored.Era, highest.Era) + 1} begins"));
    }

    /// <summary>
    /// True for an incarnation that has not ended and that no time ends: it may run what the forgotten time placed on it, which the rows of the
    /// services do not say, so after the acceptance others would start it (rules S1, S7). One that never held a lease and still
    /// speaks runs nothing: it hears that there is no quorum.
    /// </summary>
    private static bool MayRunUnknown(LeaseRow row) =>
        row is { HasEnded: false, IsSelfFencing: false } && (row.State == LeaseState.Lost || row.GrantedIn != 0);

    /// <summary>How long after the distrust no lease of the forgotten time can last any more, nor its node still be stopping.</summary>
    public static TimeSpan WaitFor(ImmutableArray<LeaseRow> rows, QuorumTiming timing) =>
        rows.Select(row => row.Ttl + QuorumTiming.MarginFor(row.Ttl) + row.StopDeadline + row.Watchdog)
            .Append(timing.Ttl + timing.Margin + timing.StopDeadline).Max();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
