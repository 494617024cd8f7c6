using Quorate.Model.Fencing;

namespace Quorate.Quorum.Core;

/// <summary>
/// How long the steps of a takeover take at most, from the moment a node dies, while quorum and database work. What agents take to stop
/// and start, and what fence devices take, comes on top and is theirs.
/// </summary>
/// <remarks>Source: DESIGN 3, S2, S6 and S7, and Defaults; each figure says what it is made of.</remarks>
/// <param name="Lost">
/// Until the others call it lost: a heartbeat that was stored just before counts for ttl and margin, and a replica saw it up to a tick later.
/// </param>
/// <param name="FencedByTime">
/// Until its guard, or its watchdog, has surely ended all it ran: the stop deadline and the watchdog's time after that, seen up to a tick later.
/// </param>
/// <param name="FencingBegins">Until the first fence agent runs: a heartbeat and <c>post_fail_delay</c> after the loss, seen up to a tick later.</param>
/// <param name="StopBegins">Until a node that hears nothing any more begins to stop its services: what is left of its lease.</param>
public sealed record WorstCase(TimeSpan Lost, TimeSpan FencedByTime, TimeSpan FencingBegins, TimeSpan StopBegins)
{
    /// <summary>The worst cases that these times lead to.</summary>
    /// <param name="timing">Without problems.</param>
    /// <param name="fencing">What <c>fence_daemon</c> says.</param>
    /// <param name="watchdog">What the nodes' watchdogs take, as their guards promise it; zero without.</param>
    public static WorstCase Of(QuorumTiming timing, FencingSettings fencing, TimeSpan watchdog = default)
    {
        TimeSpan lost = timing.Ttl + timing.Margin + timing.TickInterval;
        return new WorstCase(
            lost,
            lost + timing.StopDeadline + watchdog + timing.TickInterval,
            lost + timing.HeartbeatInterval + fencing.PostFailDelay + timing.TickInterval,
            timing.Ttl);
    }
}
