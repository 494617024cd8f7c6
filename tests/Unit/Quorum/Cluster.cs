using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Short words for the situations of the quorum tests: three nodes n1 to n3, ttl 1 s, and what happens to them.</summary>
internal static class Cluster
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly QuorumTiming Timing = QuorumTiming.For(TimeSpan.FromSeconds(1));
    public static readonly ArbiterState Quorate = ArbiterState.New with { Generation = 5, IsQuorate = true, FormedAt = 3 };
    public static readonly ArbiterState Inquorate = Quorate with { IsQuorate = false };

    public static readonly NodePromise Promise = new() { StopDeadlineMilliseconds = 500, WatchdogMilliseconds = 200, IsSelfFencing = true };

    public static ClusterConfiguration Of(params string[] nodes) => new()
    {
        ClusterName = "test",
        Version = 1,
        Digest = new string('0', 64),
        Nodes = [.. nodes.Select((name, index) => new ClusterNode(new NodeName(name), index + 1, 1))],
        Quorum = new QuorumSettings(nodes.Length, false, null),
        ResourceManager = new ResourceManagerSettings(false, TimeSpan.FromSeconds(10)),
        FailoverDomains = ImmutableSortedDictionary<string, FailoverDomain>.Empty,
        Services = [],
    };

    public static NodeHeartbeat Beat(string node, string incarnation, long sequence) => new()
    {
        Node = new NodeName(node),
        Incarnation = new Incarnation(incarnation),
        Sequence = sequence,
        NewestAnswer = 0,
        NewestBusAnswer = 0,
        Promise = Promise,
    };

    /// <summary>A live row that holds a lease of the formation of <see cref="Quorate"/>.</summary>
    public static LeaseRow Leased(string node, string incarnation, long sequence) => new()
    {
        Node = new NodeName(node),
        Incarnation = new Incarnation(incarnation),
        State = LeaseState.Live,
        Sequence = sequence,
        GrantedSequence = sequence,
        GrantedIn = Quorate.FormedAt,
        Ttl = Timing.Ttl,
        StopDeadline = TimeSpan.FromMilliseconds(500),
        Watchdog = TimeSpan.FromMilliseconds(200),
        IsSelfFencing = true,
        Since = Noon,
        Reason = "joined",
    };

    /// <summary>A live row that was never given a lease.</summary>
    public static LeaseRow Present(string node, string incarnation, long sequence) =>
        Leased(node, incarnation, sequence) with { GrantedSequence = 0, GrantedIn = 0 };

    public static LeaseRow As(this LeaseRow row, LeaseState state) => row with { State = state, Reason = "as the test says" };

    public static AdmissionDecision Answer(this NodeHeartbeat heartbeat, ArbiterState arbiter, LeaseRow? own, LeaseRow? current, string? deafness = null) =>
        Admission.Decide(new AdmissionSituation
        {
            Heartbeat = heartbeat,
            Configured = Of("n1", "n2", "n3").FindNode(heartbeat.Node),
            Own = own,
            Current = current,
            Arbiter = arbiter,
            Timing = Timing,
            Deafness = deafness,
            Now = Noon,
        });

    public static Reading Read(double milliseconds, ArbiterState arbiter, params LeaseRow[] rows) => new()
    {
        BeganAt = TimeSpan.FromMilliseconds(milliseconds),
        EndedAt = TimeSpan.FromMilliseconds(milliseconds),
        Arbiter = arbiter,
        Rows = [.. rows],
    };

    /// <summary>Reads the same rows every 100 ms from one instant to another.</summary>
    public static (Watch Watch, Reading Reading) Watching(this Watch watch, double from, double to, ArbiterState arbiter, params LeaseRow[] rows)
    {
        Reading reading = Read(from, arbiter, rows);
        for (double at = from; at <= to; at += 100)
        {
            reading = Read(at, arbiter, rows);
            watch = watch.Next(reading, Of("n1", "n2", "n3"), Timing);
        }

        return (watch, reading);
    }

    public static MembershipTransition? Evaluate(
        ArbiterState arbiter, MembershipChanged? previous, TimeSpan? enoughVotesFor, ClusterConfiguration configuration, params LeaseRow[] rows) =>
        Membership.Evaluate(new MembershipSituation
        {
            Configuration = configuration,
            Arbiter = arbiter,
            Previous = previous,
            Rows = [.. rows],
            EnoughVotesFor = enoughVotesFor,
            Timing = Timing,
            Now = Noon,
        });
}
