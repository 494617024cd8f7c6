using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Guard;

namespace Quorate.Executor.Service.Leases;

/// <summary>Holds the lease of one incarnation and tells the guard about each new deadline at once. Safe for many callers.</summary>
/// <param name="guard">Where deadlines go.</param>
/// <param name="withdrawn">Called when permission is taken back before the lease runs out, with the reason; at most once.</param>
internal sealed class LeaseKeeper(GuardClient guard, Action<string> withdrawn)
{
    private readonly Lock _gate = new();
    private LeaseState _state = LeaseState.None;
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
    public (long Sequence, LeaseState Lease) NextBeat()
    {
        lock (_gate)
        {
            long now = BootClock.Milliseconds;
            _lastSequence = HeartbeatRhythm.NextSequence(_lastSequence, now);
            _state = _state.At(now).WithSent(_lastSequence, now);
            return (_lastSequence, _state);
        }
    }

    /// <summary>Takes an answer for this incarnation.</summary>
    /// <returns>True when it was the one that admitted the incarnation.</returns>
    public bool Take(HeartbeatAnswer answer, bool overBus)
    {
        bool isAdmission;
        bool isWithdrawal;
        lock (_gate)
        {
            LeaseState before = _state;
            isWithdrawal = before.IsWithdrawnBy(answer);
            _state = before.WithAnswer(answer, overBus, BootClock.Milliseconds);
            _newest = _newest is null || answer.Sequence >= _newest.Sequence ? answer : _newest;
            isAdmission = !before.IsAdmitted && _state.IsAdmitted;
            if (_state.DeadlineMilliseconds is { } deadline && deadline != before.DeadlineMilliseconds && !_state.HasEnded && !_isClosed)
            {
                guard.SetLease(deadline);
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
        if (Current.IsWithdrawnBy(dissolved))
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

    private void Withdraw(string reason)
    {
        if (!Interlocked.Exchange(ref _isWithdrawn, true))
        {
            withdrawn(reason);
        }
    }
}
