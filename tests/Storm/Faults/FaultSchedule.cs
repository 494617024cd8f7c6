using System.Collections.Immutable;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Storm.Faults;

/// <summary>Draws what goes wrong in one round. Pure: the same dice give the same faults.</summary>
internal static class FaultSchedule
{
    /// <summary>So many faults are under way at once, at most: a cluster in which all is broken all the time shows nothing.</summary>
    public const int ConcurrentMax = 3;

    /// <summary>Two nodes of three may be gone, and quorum with them; the third is left alone.</summary>
    public const int BrokenNodesMax = 2;

    private const int DrawsMax = 50;
    private const int GapMillisecondsMin = 300;
    private const int GapMillisecondsMax = 2_500;
    private const int CalmPerThousand = 200;
    private const int CalmMillisecondsMax = 8_000;
    private const int NodeMillisecondsMax = 8_000;
    private const int ReplicaMillisecondsMax = 6_000;
    private const int EngineMillisecondsMax = 5_000;
    private const int AgentMillisecondsMin = 2_000;
    private const int AgentMillisecondsMax = 8_000;
    private const int LastsMillisecondsMin = 500;

    private static readonly string[] Actions = ["start", "stop", "monitor"];

    /// <summary>Node faults are drawn more often than those of one engine: they are what a cluster is for.</summary>
    private static readonly FaultKind[] Kinds =
    [
        FaultKind.PowerLoss, FaultKind.PowerLoss, FaultKind.ExecutorCrash, FaultKind.ExecutorPause, FaultKind.NodeFreeze, FaultKind.NodeFreeze,
        FaultKind.Partition, FaultKind.Partition, FaultKind.Deafness, FaultKind.Muteness, FaultKind.QuorumKill, FaultKind.SchedulerKill,
        FaultKind.BrokerKill, FaultKind.DatabaseKill, FaultKind.AgentFails, FaultKind.AgentFails, FaultKind.AgentHangs, FaultKind.FenceDeviceFails,
    ];

    /// <summary>The faults of a round, by time; no target is broken twice at once.</summary>
    /// <param name="chance">The dice.</param>
    /// <param name="cluster">What there is to break.</param>
    /// <param name="length">No fault begins later.</param>
    public static ImmutableArray<Fault> Draw(Chance chance, StormCluster cluster, TimeSpan length)
    {
        ImmutableArray<Fault>.Builder faults = ImmutableArray.CreateBuilder<Fault>();
        for (TimeSpan at = Gap(chance); at < length; at += Gap(chance))
        {
            if (DrawOne(chance, cluster, at, [.. faults.Where(fault => fault.At + fault.Lasts > at)]) is { } fault)
            {
                faults.Add(fault);
            }
        }

        return faults.ToImmutable();
    }

    /// <summary>True for what takes a node away.</summary>
    public static bool BreaksNode(FaultKind kind) =>
        kind is FaultKind.PowerLoss or FaultKind.ExecutorCrash or FaultKind.ExecutorPause or FaultKind.NodeFreeze
            or FaultKind.Partition or FaultKind.Deafness or FaultKind.Muteness;

    private static Fault? DrawOne(Chance chance, StormCluster cluster, TimeSpan at, IReadOnlyList<Fault> present)
    {
        for (int draw = 0; draw < DrawsMax && present.Count < ConcurrentMax; draw++)
        {
            FaultKind kind = chance.OneOf(Kinds);
            string target = chance.OneOf(TargetsOf(chance, kind, cluster));
            TimeSpan lasts = LastsOf(chance, kind);
            bool isPossible = cluster.HasFenceDevices || kind is not (FaultKind.NodeFreeze or FaultKind.FenceDeviceFails);
            bool isBusy = present.Any(fault => fault.Target == target)
                || (BreaksNode(kind) && present.Count(fault => BreaksNode(fault.Kind)) >= BrokenNodesMax);
            if (isPossible && !isBusy)
            {
                return new Fault(at, kind, target, lasts);
            }
        }

        return null;
    }

    private static IReadOnlyList<string> TargetsOf(Chance chance, FaultKind kind, StormCluster cluster) => kind switch
    {
        FaultKind.QuorumKill => ["quorum1", "quorum2"],
        FaultKind.SchedulerKill => ["scheduler1", "scheduler2"],
        FaultKind.BrokerKill => ["rabbitmq"],
        FaultKind.DatabaseKill => ["postgres"],
        FaultKind.AgentFails or FaultKind.AgentHangs => [$"{chance.OneOf(cluster.Services)}.{chance.OneOf(Actions)}"],
        FaultKind.FenceDeviceFails => ["board"],
        _ => cluster.Nodes,
    };

    private static TimeSpan LastsOf(Chance chance, FaultKind kind) => TimeSpan.FromMilliseconds(kind switch
    {
        FaultKind.ExecutorCrash => 0,
        FaultKind.QuorumKill or FaultKind.SchedulerKill => chance.Between(LastsMillisecondsMin, ReplicaMillisecondsMax),
        FaultKind.BrokerKill or FaultKind.DatabaseKill => chance.Between(LastsMillisecondsMin, EngineMillisecondsMax),
        FaultKind.AgentFails or FaultKind.AgentHangs or FaultKind.FenceDeviceFails => chance.Between(AgentMillisecondsMin, AgentMillisecondsMax),
        _ => chance.Between(LastsMillisecondsMin, NodeMillisecondsMax),
    });

    /// <summary>Now and then long enough that a takeover ends before the next fault, so that there is an owner to be hit.</summary>
    private static TimeSpan Gap(Chance chance) => TimeSpan.FromMilliseconds(
        chance.Between(GapMillisecondsMin, chance.PerThousand(CalmPerThousand) ? CalmMillisecondsMax : GapMillisecondsMax));
}
