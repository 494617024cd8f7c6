using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>What the cases about an executor have in common.</summary>
internal static class An
{
    public const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static readonly NodeName Node = new("n1");

    public static readonly Incarnation Incarnation = new("aaaa");

    public static OperateService Order(long epoch, NodeAction action = NodeAction.Start, int attempt = 1) => new()
    {
        Service = new ServiceName("service:web"),
        Epoch = epoch,
        Attempt = attempt,
        Action = action,
        Node = Node,
        Incarnation = Incarnation,
        ConfigurationDigest = Digest,
        ConfigurationVersion = 1,
    };

    public static OperationEnded Answer(OperateService order) => new()
    {
        Service = order.Service,
        Epoch = order.Epoch,
        Attempt = order.Attempt,
        Action = order.Action,
        Node = order.Node,
        Incarnation = order.Incarnation,
        Outcome = OperationOutcome.Succeeded,
        IsRunning = true,
    };

    public static HeartbeatAnswer Heard(
        long sequence, HeartbeatVerdict verdict = HeartbeatVerdict.Granted, long ttl = 1000, long generation = 1, Incarnation? blocking = null) => new()
    {
        Node = Node,
        Incarnation = Incarnation,
        Sequence = sequence,
        Verdict = verdict,
        TtlMilliseconds = verdict == HeartbeatVerdict.Refused ? 0 : ttl,
        Generation = generation,
        IsQuorate = verdict == HeartbeatVerdict.Granted,
        Blocking = blocking,
    };

    /// <summary>A lease of 1 s, sent and granted at the instant 1000: it ends at 2000.</summary>
    public static LeaseState Lease => LeaseState.None.WithSent(1000, 1000).WithAnswer(Heard(1000), overBus: true, 1010);
}
