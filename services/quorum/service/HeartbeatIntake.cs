using System.Data.Common;
using System.Threading.Channels;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>
/// Takes the heartbeats of both paths. Those that arrive while a statement runs are the next statement: one row update for each, on
/// connections that nothing else uses (rule S3). Only newcomers, goodbyes and refusals cost a transaction of their own.
/// </summary>
internal sealed class HeartbeatIntake : BackgroundService
{
    private const int WaitingMax = 4_096;
    private const int BatchMax = 256;
    private const int AttemptsMax = 3;

    private readonly Channel<PendingHeartbeat> _waiting = Channel.CreateBounded<PendingHeartbeat>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly IDatabase _database;
    private readonly ConfigurationInForce _configuration;
    private readonly QuorumTiming _timing;
    private readonly ReplicaView _view;
    private readonly BusProbe _bus;
    private readonly TimeProvider _time;
    private readonly ILogger<HeartbeatIntake> _logger;
    private Hearing _hearing = Hearing.Nothing;
    private long? _busWorksSince;

    public HeartbeatIntake(
        IDatabase database, ConfigurationInForce configuration, QuorumTiming timing, ReplicaView view, BusProbe bus, TimeProvider time,
        ILogger<HeartbeatIntake> logger)
    {
        _database = database.Reserve(connectionsMax: 3);
        _configuration = configuration;
        _timing = timing;
        _view = view;
        _bus = bus;
        _time = time;
        _logger = logger;
    }

    /// <summary>Waits for what the heartbeat earned; null when it could not be stored or too many wait already.</summary>
    public async Task<HeartbeatAnswer?> AskAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        // Until then what this replica remembers was not compared with the database, which may be an old one (rule S14).
        await _view.FirstLook.WaitAsync(_timing.Ttl, _time, cancellationToken);
        PendingHeartbeat pending = new(heartbeat);
        if (!_waiting.Writer.TryWrite(pending))
        {
            _logger.TooManyHeartbeats(WaitingMax);
            return null;
        }

        try
        {
            // As long as a node waits over HTTP. What waited for a whole lease over the bus would look deaf beside its successors.
            return await pending.Answered.WaitAsync(_timing.Ttl / 2, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            pending.Abandon();
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<PendingHeartbeat> batch = [];
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < BatchMax && _waiting.Reader.TryRead(out PendingHeartbeat? pending))
                {
                    // What waited for a database that hung is over: it would only delay the heartbeats of now.
                    if (!pending.IsAbandoned)
                    {
                        batch.Add(pending);
                    }
                }

                await AnswerAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: whoever waits gives up by its own bound.
        }
    }

    private async Task AnswerAsync(List<PendingHeartbeat> batch, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        try
        {
            batch.ForEach(pending => Witness(pending.Heartbeat));
            Dictionary<PendingHeartbeat, string?> deafness = batch.ToDictionary(pending => pending, pending => Judge(pending.Heartbeat));
            List<PendingHeartbeat> usual = [.. batch.Where(pending => deafness[pending] is null && IsUsual(pending.Heartbeat))];
            HashSet<PendingHeartbeat> open = [.. batch];
            if (usual.Count > 0)
            {
                await RenewAsync(usual, open, cancellationToken);
            }

            foreach (PendingHeartbeat pending in open)
            {
                pending.Answer(await DecideAsync(pending.Heartbeat, deafness[pending], cancellationToken));
            }
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            _view.RenewalsFailed();
            _logger.HeartbeatsNotStored(batch.Count, failure.Message);
            batch.ForEach(pending => pending.Answer(null));
            _hearing = Hearing.AfterGap;
        }

        // Who was given no answer is not to blame for hearing none: every observation begins anew, as that of silence does (S2).
        if (_time.GetElapsedTime(began) > _timing.HeartbeatInterval)
        {
            _hearing = Hearing.AfterGap;
        }
    }

    /// <summary>Takes over how far a node saw the arbiter count; if that is further than it is now, the ticker looks at once (rule S14).</summary>
    private void Witness(NodeHeartbeat heartbeat)
    {
        if (Admission.FindFault(heartbeat) is null && _configuration.Current.FindNode(heartbeat.Node) is not null)
        {
            ArbiterSight witnessed = ArbiterSight.Of(heartbeat.HighestArbiter);
            _view.Note(witnessed);
            if (_view.Arbiter.IsTrusted && witnessed.IsAheadOf(_view.Arbiter))
            {
                _view.Kick();
            }
        }
    }

    private bool IsUsual(NodeHeartbeat heartbeat) =>
        !heartbeat.Leaving && Admission.FindFault(heartbeat) is null && _configuration.Current.FindNode(heartbeat.Node) is not null;

    private string? Judge(NodeHeartbeat heartbeat)
    {
        if (Admission.FindFault(heartbeat) is not null || _configuration.Current.FindNode(heartbeat.Node) is null)
        {
            return null;
        }

        _busWorksSince = _bus.IsAlive ? _busWorksSince ?? _time.GetTimestamp() : null;
        TimeSpan? busWorkedFor = _busWorksSince is { } since ? _time.GetElapsedTime(since) : null;
        TimeSpan ttl = _view.Ttls.GetValueOrDefault(heartbeat.Node, _timing.Ttl);
        (_hearing, string? deafness) = _hearing.Judge(heartbeat, ttl > _timing.Ttl ? ttl : _timing.Ttl, _timing.BusGrace, busWorkedFor);
        return deafness;
    }

    private async Task RenewAsync(List<PendingHeartbeat> usual, HashSet<PendingHeartbeat> open, CancellationToken cancellationToken)
    {
        ILookup<(NodeName, Incarnation), PendingHeartbeat> lives =
            usual.ToLookup(pending => (pending.Heartbeat.Node, pending.Heartbeat.Incarnation));
        // Of one life the newest counts.
        List<NodeHeartbeat> newest = [.. lives.Select(life => life.MaxBy(pending => pending.Heartbeat.Sequence)!.Heartbeat)];
        await using DbConnection connection = await _database.OpenAsync(cancellationToken);
        LeaseStore store = new(connection, null, _database.Dialect);
        foreach (LeaseRow row in await store.RenewAsync(newest))
        {
            foreach (PendingHeartbeat pending in lives[(row.Node, row.Incarnation)].Where(pending => pending.Heartbeat.Sequence == row.Sequence))
            {
                open.Remove(pending);
                pending.Answer(AnswerOf(pending.Heartbeat, row));
            }
        }

        await RepeatAsync(store, usual, open);
    }

    /// <summary>The second copy of a heartbeat, from the other path: answered from what is stored, without a transaction.</summary>
    private async Task RepeatAsync(LeaseStore store, List<PendingHeartbeat> usual, HashSet<PendingHeartbeat> open)
    {
        List<PendingHeartbeat> copies = [.. usual.Where(open.Contains)];
        if (copies.Count == 0)
        {
            return;
        }

        ArbiterState arbiter = (await store.ReadStateAsync()).ToState();
        Dictionary<NodeName, LeaseRow> rows =
            (await store.ReadCurrentAsync([.. copies.Select(copy => copy.Heartbeat.Node).Distinct()])).ToDictionary(row => row.Node);
        foreach (PendingHeartbeat copy in copies)
        {
            if (rows.GetValueOrDefault(copy.Heartbeat.Node) is { } row && row.Incarnation == copy.Heartbeat.Incarnation
                && Admission.Decide(SituationOf(copy.Heartbeat, row, row, arbiter, null)) is AdmissionDecision.Repeat repeat)
            {
                open.Remove(copy);
                copy.Answer(AnswerOf(copy.Heartbeat, repeat, row.Ttl, arbiter, row));
            }
        }
    }

    private async Task<HeartbeatAnswer?> DecideAsync(NodeHeartbeat heartbeat, string? deafness, CancellationToken cancellationToken)
    {
        if (Admission.FindFault(heartbeat) is not null || _configuration.Current.FindNode(heartbeat.Node) is null)
        {
            AdmissionDecision refused = Admission.Decide(SituationOf(heartbeat, null, null, _view.Arbiter, null));
            _logger.HeartbeatRefused(heartbeat.Node.Value, heartbeat.Incarnation.Value, refused.Reason);
            return AnswerOf(heartbeat, refused, _timing.Ttl, _view.Arbiter, stored: null);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await DecideOnceAsync(heartbeat, deafness, cancellationToken);
            }
            catch (DbException conflict) when (attempt < AttemptsMax)
            {
                _logger.AdmissionRetried(heartbeat.Node.Value, heartbeat.Incarnation.Value, conflict.Message);
            }
        }
    }

    private async Task<HeartbeatAnswer?> DecideOnceAsync(NodeHeartbeat heartbeat, string? deafness, CancellationToken cancellationToken)
    {
        await using DatabaseTransaction work = await _database.BeginAsync(cancellationToken);
        LeaseStore store = new(work.Connection, work.Transaction, _database.Dialect);
        ArbiterState arbiter = (await store.ReadStateAsync()).ToState();
        LeaseRow? current = await store.FindCurrentAsync(heartbeat.Node);
        LeaseRow? own = current?.Incarnation == heartbeat.Incarnation ? current : await store.FindAsync(heartbeat.Node, heartbeat.Incarnation);
        AdmissionDecision decision = Admission.Decide(SituationOf(heartbeat, own, current, arbiter, deafness));
        bool isStored = decision switch
        {
            AdmissionDecision.Admit admit => await AdmitAsync(store, admit, current),
            // A copy of a heartbeat that is stored already changes nothing.
            AdmissionDecision.Renew renew => renew.Row.Sequence == own?.Sequence || await store.RenewAsync([heartbeat]) is [{ } row] && row.GrantedSequence == renew.Row.GrantedSequence,
            // The row was read under its lock, so it still is what was decided on.
            AdmissionDecision.Leave leave => own is not null && await store.ChangeStateAsync(own, leave.Row),
            _ => true,
        };
        if (!isStored)
        {
            // Somebody else changed the row between: no answer, and nothing is stored. The node asks again.
            return null;
        }

        await work.CommitAsync(cancellationToken);
        if (decision is AdmissionDecision.Admit or AdmissionDecision.Leave)
        {
            _logger.NodeChanged(heartbeat.Node.Value, heartbeat.Incarnation.Value, decision is AdmissionDecision.Admit ? "joined" : "left", decision.Reason);
            _view.Kick();
        }
        else if (decision.Verdict == HeartbeatVerdict.Refused)
        {
            _logger.HeartbeatRefused(heartbeat.Node.Value, heartbeat.Incarnation.Value, decision.Reason);
        }

        return AnswerOf(heartbeat, decision, own?.Ttl ?? _timing.Ttl, arbiter, StoredBy(decision, own));
    }

    private static async Task<bool> AdmitAsync(LeaseStore store, AdmissionDecision.Admit admit, LeaseRow? current)
    {
        if (admit.Ended is { } ended && (current is null || !await store.ChangeStateAsync(current, ended)))
        {
            return false;
        }

        await store.AdmitAsync(admit.Row);
        return true;
    }

    private AdmissionSituation SituationOf(NodeHeartbeat heartbeat, LeaseRow? own, LeaseRow? current, ArbiterState arbiter, string? deafness) => new()
    {
        Heartbeat = heartbeat,
        Configured = string.IsNullOrEmpty(heartbeat.Node.Value) ? null : _configuration.Current.FindNode(heartbeat.Node),
        Own = own,
        Current = current,
        Arbiter = arbiter,
        Timing = _timing,
        Deafness = deafness,
        Now = _time.GetUtcNow(),
    };

    /// <summary>The answer to a renewal, from the row as the statement left it.</summary>
    private HeartbeatAnswer AnswerOf(NodeHeartbeat heartbeat, LeaseRow row)
    {
        ArbiterState arbiter = _view.Arbiter;
        AdmissionDecision earned = row switch
        {
            _ when IsGranted(row) => new AdmissionDecision.Renew(row, HeartbeatVerdict.Granted, ""),
            { GrantedIn: not 0 } when arbiter.IsQuorate => new AdmissionDecision.Renew(
                row, HeartbeatVerdict.Refused, "quorum dissolved since this incarnation held its lease: stop all it runs, prove it, and join anew"),
            _ => new AdmissionDecision.Renew(row, HeartbeatVerdict.Present, "the cluster is not quorate"),
        };
        return AnswerOf(heartbeat, earned, row.Ttl, IsGranted(row) ? arbiter with { FormedAt = row.GrantedIn } : arbiter, row);

        bool IsGranted(LeaseRow renewed) => renewed.GrantedSequence == heartbeat.Sequence;
    }

    /// <summary>The row as it is now that the decision was stored; null where there is none.</summary>
    private static LeaseRow? StoredBy(AdmissionDecision decision, LeaseRow? own) => decision switch
    {
        AdmissionDecision.Admit admit => admit.Row,
        AdmissionDecision.Renew renew => renew.Row,
        _ => own,
    };

    private HeartbeatAnswer AnswerOf(NodeHeartbeat heartbeat, AdmissionDecision decision, TimeSpan ttl, ArbiterState arbiter, LeaseRow? stored) => new()
    {
        Node = heartbeat.Node,
        Incarnation = heartbeat.Incarnation,
        Sequence = heartbeat.Sequence,
        Verdict = decision.Verdict,
        // Who waits for quorum needs it too: it must beat often enough not to be lost.
        TtlMilliseconds = decision.Verdict == HeartbeatVerdict.Refused ? 0 : (long)ttl.TotalMilliseconds,
        // The newest generation may already be the one in which the quorum of this lease dissolved, and the node could not tell.
        Generation = decision.Verdict == HeartbeatVerdict.Granted ? arbiter.FormedAt : arbiter.Generation,
        IsQuorate = decision.Verdict == HeartbeatVerdict.Granted || arbiter.IsQuorate,
        Reason = decision.Reason,
        // Of the last look, so that it was surely committed; a row read in this transaction may yet be rolled back.
        Arbiter = ArbiterSight.Of(_view.Arbiter).ToPoint(),
        Blocking = (decision as AdmissionDecision.Refuse)?.Blocking,
        StoredOnLeaseLoss = stored?.OnLeaseLoss,
        LeaseLossOrder = !string.IsNullOrEmpty(heartbeat.Node.Value) && _configuration.Current.FindNode(heartbeat.Node) is { } node ? LeaseLossPolicy.OrderFor(node, arbiter, _configuration.Current.Version) : null,
    };
}
