using System.Collections.Immutable;
using System.Globalization;

namespace Quorate.Quorum.Core;

/// <summary>Every time of the quorum service, from the one that is set: the length of a lease (DESIGN 3, Defaults).</summary>
public sealed record QuorumTiming
{
    /// <summary>What a lease lasts when neither a setting nor <c>totem/@token</c> says so.</summary>
    public static readonly TimeSpan TtlDefault = TimeSpan.FromSeconds(10);

    /// <summary>The shortest lease: below it a busy machine loses nodes by itself.</summary>
    public static readonly TimeSpan TtlMin = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest lease: above it nobody waits for a failover.</summary>
    public static readonly TimeSpan TtlMax = TimeSpan.FromMinutes(10);

    /// <summary>The shortest margin and the shortest stop deadline.</summary>
    public static readonly TimeSpan MarginMin = TimeSpan.FromMilliseconds(100);

    /// <summary>No service is proven stopped faster than this.</summary>
    public static readonly TimeSpan StopDeadlineMin = TimeSpan.FromMilliseconds(500);

    /// <summary>A promise beyond this is taken for a mistake of units.</summary>
    public static readonly TimeSpan PromiseMax = TimeSpan.FromHours(1);

    /// <summary>
    /// The shortest bus grace. After an outage of the broker the transport pauses up to 30 s between two tries to connect, so a node may be
    /// back that much later than a replica. A broker takes up to 15 s to drop a consumer that is frozen, and may hand all heartbeats of a
    /// node to a frozen replica until then; and a replica takes 8 s to see that its own bus is dead. None of it is the node's fault.
    /// </summary>
    public static readonly TimeSpan BusGraceMin = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan TickMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TickMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(3);

    private const int HeartbeatsPerTtl = 5;
    private const int HeartbeatsPerTtlMin = 3;
    private const int TicksPerTtl = 10;
    private const int MarginsPerTtl = 10;
    private const int BusGraceTtls = 6;

    public required TimeSpan Ttl { get; init; }

    /// <summary>How often an executor sends a heartbeat; ttl/5.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>What a replica waits beyond ttl before it calls a node lost; ttl/10, at least 100 ms.</summary>
    public required TimeSpan Margin { get; init; }

    /// <summary>What a node may take to stop all after its lease ran out, unless it promises otherwise; ttl/2, at least 500 ms.</summary>
    public required TimeSpan StopDeadline { get; init; }

    /// <summary>How often a replica beats, observes and evaluates at least: earlier where a wait ends earlier; ttl/10 within 50 ms and 1 s.</summary>
    public required TimeSpan TickInterval { get; init; }

    /// <summary>Longer without an own beat, and a replica begins every observation anew (rule S2); ttl/2.</summary>
    public required TimeSpan BeatGap { get; init; }

    /// <summary>How long votes must suffice before quorum forms without all nodes; ttl, at most 3 s.</summary>
    public required TimeSpan FormationSettle { get; init; }

    /// <summary>How long a node may hear nothing over the bus while a replica's bus works (rule S3); 6 ttl, at least 20 s.</summary>
    public required TimeSpan BusGrace { get; init; }

    /// <summary>How often the membership is published unchanged; ttl.</summary>
    public TimeSpan RepublishInterval => Ttl;

    /// <summary>The times that follow from a lease's length. Ask <see cref="FindProblems"/> before using them.</summary>
    public static QuorumTiming For(TimeSpan ttl) => new()
    {
        Ttl = ttl,
        HeartbeatInterval = ttl / HeartbeatsPerTtl,
        Margin = MarginFor(ttl),
        StopDeadline = Longer(ttl / 2, StopDeadlineMin),
        TickInterval = Shorter(Longer(ttl / TicksPerTtl, TickMin), TickMax),
        BeatGap = ttl / 2,
        FormationSettle = Shorter(ttl, SettleMax),
        BusGrace = Longer(ttl * BusGraceTtls, BusGraceMin),
    };

    /// <summary>The margin of a lease: of a stored one too, whatever today's settings are (rule S4).</summary>
    public static TimeSpan MarginFor(TimeSpan ttl) => Longer(ttl / MarginsPerTtl, MarginMin);

    /// <summary>Which lease length holds: the setting, else <c>totem/@token</c>, else 10 s.</summary>
    public static TimeSpan ChooseTtl(long? setting, TimeSpan? token) =>
        setting is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : token ?? TtlDefault;

    /// <summary>Every contradiction, in words; empty when the times can be used. A service refuses to start with any.</summary>
    public ImmutableArray<string> FindProblems()
    {
        ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
        Require(Ttl >= TtlMin && Ttl <= TtlMax, $"ttl must be {Text(TtlMin)} to {Text(TtlMax)}, and is {Text(Ttl)}: set Quorate:TtlMilliseconds or totem/@token");
        Require(HeartbeatInterval > TimeSpan.Zero && HeartbeatInterval * HeartbeatsPerTtlMin <= Ttl,
            $"at least {HeartbeatsPerTtlMin} heartbeats must fit into a ttl of {Text(Ttl)}, and the interval is {Text(HeartbeatInterval)}");
        Require(Margin >= MarginMin, $"the margin must be at least {Text(MarginMin)}, and is {Text(Margin)}");
        Require(StopDeadline >= StopDeadlineMin, $"the stop deadline must be at least {Text(StopDeadlineMin)}, and is {Text(StopDeadline)}");
        Require(TickInterval > TimeSpan.Zero && TickInterval < BeatGap, $"the tick of {Text(TickInterval)} must be shorter than the beat gap of {Text(BeatGap)}");
        Require(BeatGap < Ttl, $"the beat gap of {Text(BeatGap)} must be shorter than the ttl of {Text(Ttl)}");
        Require(BusGrace > Ttl, $"the bus grace of {Text(BusGrace)} must be longer than the ttl of {Text(Ttl)}");
        return problems.ToImmutable();

        void Require(bool isMet, string problem)
        {
            if (!isMet)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>What contradicts itself in what a node promises; empty when it can be counted on. A heartbeat with any is refused.</summary>
    /// <param name="stopDeadlineMilliseconds">After the end of a lease.</param>
    /// <param name="watchdogMilliseconds">On top of that; 0 without a watchdog.</param>
    public static ImmutableArray<string> ProblemsOfPromise(long stopDeadlineMilliseconds, long watchdogMilliseconds)
    {
        ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
        if (stopDeadlineMilliseconds < StopDeadlineMin.TotalMilliseconds || stopDeadlineMilliseconds > PromiseMax.TotalMilliseconds)
        {
            problems.Add($"a stop deadline is {Text(StopDeadlineMin)} to {Text(PromiseMax)}, and this one is {stopDeadlineMilliseconds} ms");
        }

        if (watchdogMilliseconds < 0 || watchdogMilliseconds > PromiseMax.TotalMilliseconds)
        {
            problems.Add($"a watchdog time is 0 to {Text(PromiseMax)}, and this one is {watchdogMilliseconds} ms");
        }

        return problems.ToImmutable();
    }

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left >= right ? left : right;

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left <= right ? left : right;
}
