using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Core.Operations;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Nodes;

/// <summary>One executor process for one incarnation: heartbeats on both paths, the lease, and what its operations are told.</summary>
internal sealed class ExecutorProcess
{
    private const int PipeMax = 3;
    private const int AnswerLagMax = 900;

    private readonly GuardProcess _guard;
    private readonly Machine _machine;
    private readonly SimulatedCluster _cluster;
    private readonly World _world;
    private readonly ServiceWork _work;
    private LeaseState _lease = LeaseState.None;
    private long _lastSequence;
    private bool _hasSaidGoodbye;
    private long _lastInventory = long.MinValue;

    public ExecutorProcess(GuardProcess guard)
    {
        (_guard, _machine, _cluster, _world) = (guard, guard.Machine, guard.Machine.Cluster, guard.Machine.Cluster.World);
        Incarnation = _machine.Incarnation;
        Life = new Life($"executor of {Incarnation}", _machine.Host, _machine.Life);
        _work = new ServiceWork(this, guard);
    }

    public Life Life { get; }

    public Incarnation Incarnation { get; }

    /// <summary>True once the incarnation ends: no work begins any more.</summary>
    public bool IsClosed { get; private set; }

    public LeaseState Lease => _lease = _lease.At(_machine.Clock);

    public void Start()
    {
        _world.Tell($"{Life}: starts");
        if (_machine.Operations.Of != Incarnation)
        {
            _machine.Operations = (Incarnation, []);
        }

        _cluster.Bus.Consume(_cluster.QueueOf(_machine.Name, Incarnation), Life, TakeAsync);
        _world.Begin(Life, _work.RestoreAsync);
        _world.Begin(Life, BeatAsync);
    }

    public void Close() => IsClosed = true;

    /// <summary>The last heartbeat, once everything is proven stopped: on both paths, and no other one after it.</summary>
    public void SayGoodbye()
    {
        if (Life.IsDead || _hasSaidGoodbye)
        {
            return;
        }

        _hasSaidGoodbye = true;
        _lastSequence = HeartbeatRhythm.NextSequence(_lastSequence, _machine.Clock);
        _world.Tell($"{Life}: says goodbye");
        Send(HeartbeatOf(_lastSequence) with { Leaving = true });
    }

    public void Publish(object message) => _cluster.Bus.Publish(_machine.Host, new Envelope("scheduler", message));

    /// <summary>The way of one line to the guard or back.</summary>
    public Task PipeAsync() => _world.Delay(_world.Chance.Between(0, PipeMax), Life);

    private async Task BeatAsync()
    {
        for (int beats = 1; !_hasSaidGoodbye; beats++)
        {
            long now = _machine.Clock;
            _lastSequence = HeartbeatRhythm.NextSequence(_lastSequence, now);
            _lease = Lease.WithSent(_lastSequence, now);
            Send(HeartbeatOf(_lastSequence));
            await _world.Delay((long)HeartbeatRhythm.Pause(_lease, beats).TotalMilliseconds, Life);
            Review();
        }
    }

    private void Send(NodeHeartbeat heartbeat)
    {
        _cluster.Bus.Publish(_machine.Host, new Envelope("quorum", heartbeat));
        foreach (Arbiter.QuorumReplica replica in _cluster.QuorumReplicas)
        {
            Life life = replica.Life;
            _cluster.Network.Post(_machine.Host, life, AnswerLagMax, () => replica.Hear(heartbeat, answer =>
                _cluster.Network.Post(life.Host, Life, AnswerLagMax, () => Take(answer, overBus: false))));
        }
    }

    private NodeHeartbeat HeartbeatOf(long sequence) => new()
    {
        Node = _machine.Name,
        Incarnation = Incarnation,
        Sequence = sequence,
        NewestAnswer = _lease.NewestAnswer,
        NewestBusAnswer = _lease.NewestBusAnswer,
        Promise = new NodePromise
        {
            StopDeadlineMilliseconds = SimulatedCluster.StopDeadline,
            WatchdogMilliseconds = 0,
            IsSelfFencing = _cluster.IsSelfFencing,
        },
        ProvenEnded = _guard.ProvenEnded,
    };

    private void Review()
    {
        if (!IsClosed && Lease.IsRejectedForGood(_machine.Clock))
        {
            GiveUp("the arbiter refuses this incarnation");
        }

        if (Lease.IsAdmitted && _machine.Clock - _lastInventory >= (long)Lease.Ttl.TotalMilliseconds)
        {
            TellInventory();
            _work.CheckStatus();
        }
    }

    private Task TakeAsync(Envelope envelope)
    {
        switch (envelope.Message)
        {
            case HeartbeatAnswer answer:
                Take(answer, overBus: true);
                break;
            case OperateService order:
                _work.Take(_world.Breaks(Mutation.IncarnationUnchecked) ? order with { Incarnation = Incarnation } : order, mayWait: true);
                break;
            case QuorumDissolved dissolved when Lease.IsWithdrawnBy(dissolved):
                GiveUp("quorum dissolved");
                break;
        }

        return Task.CompletedTask;
    }

    private void Take(HeartbeatAnswer answer, bool overBus)
    {
        if (answer.Node != _machine.Name || answer.Incarnation != Incarnation)
        {
            return;
        }

        LeaseState before = Lease;
        bool isWithdrawal = before.IsWithdrawnBy(answer);
        _lease = After(answer, overBus, before);
        if (_lease.DeadlineMilliseconds is { } deadline && deadline != before.DeadlineMilliseconds && !_lease.HasEnded)
        {
            // A line on the pipe: it arrives whatever becomes of this process.
            _world.After(_world.Chance.Between(0, PipeMax), _guard.Life, () => _guard.TakeLease(Incarnation, deadline));
        }

        if (isWithdrawal)
        {
            GiveUp("the cluster is not quorate any more");
        }
        else if (!before.IsAdmitted && _lease.IsAdmitted)
        {
            TellInventory();
            _world.After(PipeMax + 1, Life, _work.LeaseGranted);
        }
    }

    private LeaseState After(HeartbeatAnswer answer, bool overBus, LeaseState before)
    {
        bool fromArrival = answer.Verdict == HeartbeatVerdict.Granted && before.Sent.ContainsKey(answer.Sequence)
            && (_world.Breaks(Mutation.LeaseCountsFromArrival) || (_world.Breaks(Mutation.GrantAfterExpiry) && before.HasEnded));
        if (!fromArrival)
        {
            return before.WithAnswer(answer, overBus, _machine.Clock);
        }

        // The broken rule: as if the heartbeat had been sent just now.
        LeaseState renewed = LeaseState.None;
        foreach ((long sequence, long sent) in before.Sent)
        {
            renewed = renewed.WithSent(sequence, sequence == answer.Sequence ? _machine.Clock : sent);
        }

        renewed = renewed.WithAnswer(answer, overBus, _machine.Clock);
        IsClosed &= !_world.Breaks(Mutation.GrantAfterExpiry);
        return renewed.DeadlineMilliseconds >= (before.DeadlineMilliseconds ?? 0) ? renewed : before.WithAnswer(answer, overBus, _machine.Clock);
    }

    private void GiveUp(string reason) =>
        _world.After(_world.Chance.Between(0, PipeMax), _guard.Life, () => _guard.EndIncarnation(Incarnation, reason));

    private void TellInventory()
    {
        _lastInventory = _machine.Clock;
        Publish(new NodeInventory
        {
            Node = _machine.Name,
            Incarnation = Incarnation,
            Sequence = _lastInventory,
            Services =
            [
                .. _machine.Operations.Taken.Values.Select(taken => new InventoryEntry
                {
                    Service = taken.Order.Service,
                    Epoch = taken.Order.Epoch,
                    IsRunning = _machine.Journal.GetValueOrDefault(taken.Order.Service) is { StartEpoch: > 0, IsStopProven: false },
                    IsBusy = taken.IsBusy,
                }),
            ],
        });
    }
}
