using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Guard;

namespace Quorate.Executor.Service.Leases;

/// <summary>Holds the lease of one incarnation and tells the guard about each new deadline at once. Safe for many callers.</summary>
/// <param name="guard">Where deadlines go.</param>
/// <param name="greeting">Which incarnation, and what the guard does by now when its lease runs out.</param>
/// <param name="withdrawn">Called when permission is taken back before the lease runs out, with the reason; at most once.</param>
/// <param name="changed">Called when the guard does something else from now on when the lease runs out: what it did, and what it does.</param>
/// <param name="work">Cancelled once the incarnation ends: nobody waits for the guard's disk then.</param>
internal sealed class LeaseKeeper(
    GuardClient guard, GuardReport.Hello greeting, Action<string> withdrawn, Action<OnLeaseLoss, OnLeaseLoss> changed, CancellationToken work)
{
    private Task _asking = Task.CompletedTask;
    private readonly Lock _gate = new();
    private LeaseState _state = LeaseState.None.WithHeld(greeting.OnLeaseLoss != OnLeaseLoss.Stop);
    private LeaseLossState _loss = LeaseLossState.Of(greeting.OnLeaseLoss);
    private HeartbeatAnswer? _newest;
    private long _lastSequence;
    private bool _isWithdrawn;
    private bool _isClosed;

    /// <summary>The lease as it is now.</summary>
    public LeaseState Current
    {
        get
        {
            lock (_gate)
            {
                return _state = _state.At(BootClock.Milliseconds);
            }
        }
    }

    /// <summary>What is done when the lease runs out, and what is about to be.</summary>
    public LeaseLossState OnLoss
    {
        get
        {
            lock (_gate)
            {
                return _loss;
            }
        }
    }

    /// <summary>The answer to the newest answered heartbeat; null before the first.</summary>
    public HeartbeatAnswer? NewestAnswer
    {
        get
        {
            lock (_gate)
            {
                return _newest;
            }
        }
    }

    /// <summary>Takes the next sequence, remembered as sent now: before the heartbeat leaves (rule S2).</summary>
    public (long Sequence, LeaseState Lease, LeaseLossState OnLoss) NextBeat()
    {
        lock (_gate)
        {
            long now = BootClock.Milliseconds;
            _lastSequence = HeartbeatRhythm.NextSequence(_lastSequence, now);
            _state = _state.At(now).WithSent(_lastSequence, now);
            _loss = _loss.WithSent(_lastSequence);
            return (_lastSequence, _state, _loss);
        }
    }

    /// <summary>Takes an answer for this incarnation.</summary>
    /// <returns>True when it was the one that admitted the incarnation.</returns>
    public bool Take(HeartbeatAnswer answer, bool overBus)
    {
        bool isAdmission;
        bool isWithdrawal;
        OnLeaseLoss? toAsk;
        lock (_gate)
        {
            LeaseState before = _state;
            isWithdrawal = before.IsWithdrawnBy(answer) && !_loss.IsSuspended;
            _state = before.WithAnswer(answer, overBus, BootClock.Milliseconds);
            _newest = _newest is null || answer.Sequence >= _newest.Sequence ? answer : _newest;
            isAdmission = !before.IsAdmitted && _state.IsAdmitted;
            if (_state.DeadlineMilliseconds is { } deadline && deadline != before.DeadlineMilliseconds && !_state.HasEnded && !_isClosed)
            {
                guard.SetLease(deadline);
            }

            // After the lease: the guard reads in this order, and holds or ends only one that has not run out.
            _loss = _loss.WithAnswer(answer);
            toAsk = _isClosed ? null : _loss.ToAsk;
            if (toAsk is { } what)
            {
                _loss = _loss.WithAsked(what);
                _asking = AskAsync(what);
            }
        }


        if (isWithdrawal)
        {
            Withdraw("the cluster is not quorate any more");
        }

        return isAdmission;
    }

    /// <summary>Takes the news that quorum was lost.</summary>
    public void Take(QuorumDissolved dissolved)
    {
        if (Current.IsWithdrawnBy(dissolved) && !OnLoss.IsSuspended)
        {
            Withdraw("quorum dissolved");
        }
    }

    /// <summary>From here on no deadline reaches the guard: a late grant must not lengthen the life of the next incarnation.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Waits for what the guard is being asked; it ends with the incarnation's work at the latest.</summary>
    public Task SettleAsync() => _asking;

    /// <summary>One at a time, and no heartbeat waits for it: the guard's disk may hang.</summary>
    private async Task AskAsync(OnLeaseLoss what)
    {
        try
        {
            // Not under the gate, which its caller holds.
            await Task.Yield();
            await guard.SetOnLeaseLossAsync(greeting.Incarnation, what, work);
        }
        catch (Exception refusal) when (refusal is GuardRefusedException or IOException or OperationCanceledException)
        {
            lock (_gate)
            {
                _loss = _loss.WithRefused();
            }

            return;
        }

        OnLeaseLoss before;
        lock (_gate)
        {
            before = _loss.Applied;
            _loss = _loss.WithApplied(what);
            _state = _state.WithHeld(what != OnLeaseLoss.Stop);
        }

        changed(before, what);
    }

    private void Withdraw(string reason)
    {
        if (!Interlocked.Exchange(ref _isWithdrawn, true))
        {
            withdrawn(reason);
        }
    }
}
