using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Sessions;

namespace Quorate.Executor.Service.Leases;

/// <summary>
/// Sends the heartbeats of one incarnation on both paths, takes their answers, and tells the inventory on admission and every ttl.
/// Nothing here waits for an agent, a broker or a slow replica.
/// </summary>
internal sealed class HeartbeatLoop(
    SessionParts parts, GuardReport.Hello greeting, LeaseKeeper lease, Func<ImmutableArray<InventoryEntry>> inventory, Action admitted,
    Action<string> rejected) : IDisposable
{
    /// <summary>HTTP heartbeats under way at a time; while so many hang, the bus carries them alone.</summary>
    private const int InFlightMax = 8;

    /// <summary>How long the last heartbeat may take.</summary>
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(2);

    /// <summary>How often the same trouble is told again.</summary>
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _farewell = new();
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;
    private long _lastInventory = long.MinValue;
    private long _lastTold = long.MinValue;
    private long _begunAt;
    private bool _isUnreachableTold;
    private bool _isRejected;

    /// <summary>Beats until cancelled, or until goodbye is to be said.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource life = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _farewell.Token);
        try
        {
            await BeatAsync(life.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Goodbye is the last word.
        }
        finally
        {
            _silent.TrySetResult();
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        _begunAt = BootClock.Milliseconds;
        List<Task> sending = [];
        try
        {
            for (int beats = 1; ; beats++)
            {
                (long sequence, LeaseState state, LeaseLossState loss) = lease.NextBeat();
                NodeHeartbeat heartbeat = Heartbeat(sequence, state, loss, isLeaving: false);
                parts.Bus.Publish(heartbeat);
                sending.RemoveAll(task => task.IsCompleted);
                sending.Add(SendAsync(heartbeat, state.Ttl / 2, cancellation));
                await Task.Delay(HeartbeatRhythm.Pause(state, beats), cancellation);
                Review();
            }
        }
        finally
        {
            await Task.WhenAll(sending);
        }
    }

    /// <summary>Takes an answer from either path.</summary>
    public void Take(HeartbeatAnswer answer, bool overBus)
    {
        if (answer.Node != greeting.Node || answer.Incarnation != greeting.Incarnation)
        {
            return;
        }

        parts.Arbiter.Note(answer.Arbiter);
        if (lease.Take(answer, overBus))
        {
            parts.Logger.Admitted(greeting.Node.Value, greeting.Incarnation.Value, answer.Generation, answer.TtlMilliseconds);
            admitted();
            TellInventory();
        }
    }

    /// <summary>An order may have got lost: says what runs here out of turn, and the scheduler sees from it what this node has not heard of.</summary>
    public void TellAgain()
    {
        if (lease.Current.IsAdmitted)
        {
            TellInventory();
        }
    }

    /// <summary>
    /// The last heartbeat of an incarnation that proved everything stopped; tried on both paths, once. The beats end before it, so
    /// that none can overtake it and make the node look present again.
    /// </summary>
    public async Task SayGoodbyeAsync(CancellationToken cancellation)
    {
        await _farewell.CancelAsync();
        await _silent.Task.WaitAsync(cancellation);
        (long sequence, LeaseState state, LeaseLossState loss) = lease.NextBeat();
        NodeHeartbeat heartbeat = Heartbeat(sequence, state, loss, isLeaving: true);
        parts.Bus.Publish(heartbeat);
        await parts.Quorum.SendAsync(heartbeat, GoodbyePatience, static _ => { }, cancellation);
    }

    /// <summary>To be called after <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _farewell.Dispose();

    private NodeHeartbeat Heartbeat(long sequence, LeaseState state, LeaseLossState loss, bool isLeaving) => new()
    {
        Node = greeting.Node,
        Incarnation = greeting.Incarnation,
        Sequence = sequence,
        NewestAnswer = state.NewestAnswer,
        NewestBusAnswer = state.NewestBusAnswer,
        Promise = new NodePromise
        {
            StopDeadlineMilliseconds = greeting.StopDeadlineMilliseconds,
            WatchdogMilliseconds = greeting.WatchdogMilliseconds,
            IsSelfFencing = greeting.IsSelfFencing && loss.Said == OnLeaseLoss.Stop,
            OnLeaseLoss = loss.Said,
            IsOnLeaseLossApplied = loss.Said == loss.Applied,
        },
        ProvenEnded = greeting.ProvenEnded,
        HighestArbiter = parts.Arbiter.Highest,
        Leaving = isLeaving,
    };

    private async Task SendAsync(NodeHeartbeat heartbeat, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _inFlight) > InFlightMax)
            {
                return;
            }

            IReadOnlyList<string> problems =
                await parts.Quorum.SendAsync(heartbeat, patience, answer => Take(answer, overBus: false), cancellation);
            if (problems.Count > 0 && MayTell())
            {
                string told = string.Join("; ", problems);
                parts.Logger.HeartbeatUnanswered(told);
            }
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    /// <summary>Looks at what the last beats brought.</summary>
    private void Review()
    {
        LeaseState state = lease.Current;
        long now = BootClock.Milliseconds;
        if (state.IsAdmitted && now - _lastInventory >= (long)state.Ttl.TotalMilliseconds)
        {
            TellInventory();
        }

        HeartbeatAnswer? newest = lease.NewestAnswer;
        if (newest is { Verdict: not HeartbeatVerdict.Granted } && MayTell())
        {
            parts.Logger.NotGranted(newest.Verdict, newest.Reason, newest.Blocking);
        }

        if (newest is not null)
        {
            _isUnreachableTold = false;
        }
        else if (!_isUnreachableTold && now - _begunAt >= (long)state.Ttl.TotalMilliseconds)
        {
            _isUnreachableTold = true;
            parts.Messages.Raise(CatalogueMessage.ClusterUnreachable, service: null);
        }

        if (!_isRejected && state.IsRejectedForGood(now) && !lease.OnLoss.IsSuspended)
        {
            _isRejected = true;
            rejected($"the arbiter refuses this incarnation: {newest?.Reason}");
        }
    }

    private void TellInventory()
    {
        long now = BootClock.Milliseconds;
        Volatile.Write(ref _lastInventory, now);
        parts.Bus.Publish(new NodeInventory
        {
            Node = greeting.Node,
            Incarnation = greeting.Incarnation,
            Sequence = now,
            Services = inventory(),
        });
    }

    private bool MayTell()
    {
        long now = BootClock.Milliseconds;
        long last = Volatile.Read(ref _lastTold);
        return (last == long.MinValue || now - last >= (long)TellAgainAfter.TotalMilliseconds)
            && Interlocked.CompareExchange(ref _lastTold, now, last) == last;
    }
}
