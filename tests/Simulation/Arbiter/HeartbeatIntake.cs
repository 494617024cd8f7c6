using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>A replica's heartbeats, one after another: the usual renewal is one conditional statement, all else a transaction (rule S3).</summary>
internal sealed class HeartbeatIntake(SimulatedCluster cluster, QuorumReplica replica)
{
    private const int WaitingMax = 64;

    private readonly Queue<(NodeHeartbeat Heartbeat, Action<HeartbeatAnswer> Answer)> _waiting = [];
    private readonly World _world = cluster.World;
    private Hearing _hearing = Hearing.Nothing;
    private long? _busWorksSince;
    private bool _isBusy;

    public void Add(NodeHeartbeat heartbeat, Action<HeartbeatAnswer> answer)
    {
        if (_waiting.Count < WaitingMax)
        {
            _waiting.Enqueue((heartbeat, answer));
        }

        if (!_isBusy)
        {
            _isBusy = true;
            _world.Begin(replica.Life, WorkAsync);
        }
    }

    private async Task WorkAsync()
    {
        while (_waiting.TryDequeue(out (NodeHeartbeat Heartbeat, Action<HeartbeatAnswer> Answer) next))
        {
            try
            {
                if (await AskAsync(next.Heartbeat) is { } answer)
                {
                    next.Answer(answer);
                }
            }
            catch (StoreGoneException)
            {
                replica.RenewalsFailed = true;
                _hearing = Hearing.AfterGap;
            }
        }

        _isBusy = false;
    }

    private async Task<HeartbeatAnswer?> AskAsync(NodeHeartbeat heartbeat)
    {
        string? deafness = Judge(heartbeat);
        if (deafness is null && !heartbeat.Leaving && await RenewAsync(heartbeat) is { } renewed)
        {
            return AnswerOf(heartbeat, renewed);
        }

        return await DecideAsync(heartbeat, deafness);
    }

    private string? Judge(NodeHeartbeat heartbeat)
    {
        bool isBusAlive = cluster.Network.Connects(replica.Life.Host, Host.Broker);
        _busWorksSince = isBusAlive ? _busWorksSince ?? _world.Now : null;
        TimeSpan? worked = _busWorksSince is { } since ? TimeSpan.FromMilliseconds(_world.Now - since) : null;
        TimeSpan ttl = replica.Ttls.GetValueOrDefault(heartbeat.Node, replica.Timing.Ttl);
        (_hearing, string? deafness) = _hearing.Judge(heartbeat, ttl > replica.Timing.Ttl ? ttl : replica.Timing.Ttl, replica.Timing.BusGrace, worked);
        return deafness;
    }

    private async Task<LeaseRow?> RenewAsync(NodeHeartbeat heartbeat)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        LeaseRow? renewed = await NodeLeases.RenewAsync(work, heartbeat, _world.Breaks(Mutation.RenewalWithoutSequence), Permitting);
        if (renewed is not null)
        {
            await work.CommitAsync();
        }

        return renewed;
    }

    private async Task<HeartbeatAnswer?> DecideAsync(NodeHeartbeat heartbeat, string? deafness)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        string key = NodeLeases.KeyOf(heartbeat.Node);
        ArbiterState arbiter = (await work.ReadAsync<ArbiterRow>(ArbiterRow.Key))?.State ?? ArbiterState.New;
        NodeLeases leases = await work.LockAsync<NodeLeases>(key) ?? NodeLeases.None;
        LeaseRow? own = leases.Find(heartbeat.Incarnation);
        LeaseRow? current = _world.Breaks(Mutation.SecondIncarnationAdmitted) ? null : leases.Current;
        AdmissionDecision decision = Admission.Decide(SituationOf(heartbeat, own, current, Permitting(arbiter, own), deafness));
        NodeLeases? next = decision switch
        {
            AdmissionDecision.Admit admit => (admit.Ended is { } ended ? leases.With(ended) : leases).With(admit.Row),
            AdmissionDecision.Renew renew => leases.With(renew.Row),
            AdmissionDecision.Leave leave => leases.With(leave.Row),
            _ => null,
        };
        if (next is not null)
        {
            work.Write(key, next);
            await work.CommitAsync();
        }

        if (decision is AdmissionDecision.Admit or AdmissionDecision.Leave)
        {
            _world.Tell($"{replica.Life}: {heartbeat.Incarnation} {decision.GetType().Name}: {decision.Verdict} {decision.Reason}");
            replica.Kick();
        }

        return AnswerOf(heartbeat, decision, own?.Ttl ?? replica.Timing.Ttl, arbiter);
    }

    private AdmissionSituation SituationOf(
        NodeHeartbeat heartbeat, LeaseRow? own, LeaseRow? current, ArbiterState arbiter, string? deafness) => new()
        {
            Heartbeat = heartbeat,
            Configured = Configured(heartbeat),
            Own = own,
            Current = current,
            Arbiter = arbiter,
            Timing = replica.Timing,
            Deafness = deafness,
            Now = replica.Wall,
        };

    /// <summary>The broken rule: the arbiter as a replica sees it that takes presence for permission.</summary>
    private ArbiterState Permitting(ArbiterState arbiter, LeaseRow? row) => _world.Breaks(Mutation.PresenceIsPermission) && row is not null
        ? arbiter with { IsQuorate = true, FormedAt = row.GrantedIn == 0 ? arbiter.FormedAt : row.GrantedIn }
        : arbiter;

    private ClusterNode? Configured(NodeHeartbeat heartbeat) => cluster.Configuration.FindNode(heartbeat.Node);

    /// <summary>The answer to a renewal, from the row as the statement left it.</summary>
    private HeartbeatAnswer AnswerOf(NodeHeartbeat heartbeat, LeaseRow row)
    {
        ArbiterState arbiter = replica.Arbiter;
        bool isGranted = row.GrantedSequence == heartbeat.Sequence;
        AdmissionDecision earned = row switch
        {
            _ when isGranted => new AdmissionDecision.Renew(row, HeartbeatVerdict.Granted, ""),
            { GrantedIn: not 0 } when arbiter.IsQuorate => new AdmissionDecision.Renew(row, HeartbeatVerdict.Refused, "quorum dissolved since"),
            _ => new AdmissionDecision.Renew(row, HeartbeatVerdict.Present, "the cluster is not quorate"),
        };
        return AnswerOf(heartbeat, earned, row.Ttl, isGranted ? arbiter with { FormedAt = row.GrantedIn } : arbiter);
    }

    private static HeartbeatAnswer AnswerOf(NodeHeartbeat heartbeat, AdmissionDecision decision, TimeSpan ttl, ArbiterState arbiter)
    {
        bool isGranted = decision.Verdict == HeartbeatVerdict.Granted;
        return new HeartbeatAnswer
        {
            Node = heartbeat.Node,
            Incarnation = heartbeat.Incarnation,
            Sequence = heartbeat.Sequence,
            Verdict = decision.Verdict,
            TtlMilliseconds = decision.Verdict == HeartbeatVerdict.Refused ? 0 : (long)ttl.TotalMilliseconds,
            Generation = isGranted ? arbiter.FormedAt : arbiter.Generation,
            IsQuorate = isGranted || arbiter.IsQuorate,
            Reason = decision.Reason,
            Blocking = (decision as AdmissionDecision.Refuse)?.Blocking,
        };
    }
}
