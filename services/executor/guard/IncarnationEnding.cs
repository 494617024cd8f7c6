using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard;

/// <summary>
/// Ends an incarnation: all services at once, round after round, until each is proven stopped. When the deadline passes first, the
/// node is destroyed, or, where it may not be, the rounds go on for ever and nothing starts meanwhile. The deadline has a thread
/// of its own: no agent, kill or disk that hangs can put it off (rule S7).
/// </summary>
internal sealed class IncarnationEnding
{
    private static readonly TimeSpan RoundPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RoundPauseAfterDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepTimeMin = TimeSpan.FromMilliseconds(500);

    /// <summary>An escalation that had no effect is tried again after this.</summary>
    private const long EscalateAgainMilliseconds = 1_000;

    private readonly IServiceStopping _stopping;
    private readonly IContainment _containment;
    private readonly Action<JournalEntry> _write;
    private readonly long _stopDeadlineMilliseconds;
    private readonly Escalate _escalate;
    private readonly Log _log;
    private readonly LeaseTimer _alarm;
    private readonly Lock _gate = new();
    private string _reason = NothingToldYet;
    private bool _isArmed;
    private bool _hasEscalated;

    private const string NothingToldYet = "nothing was proven stopped by the stop deadline";

    /// <param name="stopping">Stops and proves one service.</param>
    /// <param name="containment">Kills what is left.</param>
    /// <param name="write">Writes a journal to disk; it may hang.</param>
    /// <param name="stopDeadlineMilliseconds">From the lease's end.</param>
    /// <param name="escalate">Destroys the node, or says why not.</param>
    /// <param name="log">Where it is told.</param>
    public IncarnationEnding(
        IServiceStopping stopping, IContainment containment, Action<JournalEntry> write, long stopDeadlineMilliseconds, Escalate escalate, Log log)
    {
        (_stopping, _containment, _write) = (stopping, containment, write);
        (_stopDeadlineMilliseconds, _escalate, _log) = (stopDeadlineMilliseconds, escalate, log);
        _alarm = new LeaseTimer("stop deadline", OnDeadline);
    }

    /// <summary>What happens at the stop deadline; called from a thread of its own, again and again while nothing is proven.</summary>
    /// <param name="reason">What is not proven.</param>
    /// <param name="isFirst">False from the second time on.</param>
    public delegate void Escalate(string reason, bool isFirst);

    /// <summary>True from the stop deadline on until all is proven stopped, by the clock and not by the thread that watches it.</summary>
    public bool IsOverdue
    {
        get
        {
            lock (_gate)
            {
                return _isArmed && (_hasEscalated || _alarm.DeadlineMilliseconds <= BootClock.NowMilliseconds());
            }
        }
    }

    /// <summary>A lease was granted: from now on its end and the stop deadline after it count, even if this guard hangs meanwhile.</summary>
    public void Arm(long leaseDeadline)
    {
        lock (_gate)
        {
            _isArmed = true;
            _alarm.Set(leaseDeadline + _stopDeadlineMilliseconds);
        }
    }

    /// <summary>The lease is held from now on: neither its end nor a stop deadline counts until <see cref="Arm"/>. Never while an incarnation is being ended.</summary>
    public void Relax() => Disarm();

    /// <summary>Returns once all is proven stopped and on disk.</summary>
    /// <param name="prepare">What comes before the first round, within the same deadline.</param>
    /// <param name="entries">The journals of this incarnation, those proven included.</param>
    /// <param name="leaseDeadline">When the lease ends or ended; 0 where none was granted.</param>
    /// <param name="report">Gets what each round could not prove.</param>
    public async Task EndAsync(Func<Task> prepare, IReadOnlyList<JournalEntry> entries, long leaseDeadline, Action<ImmutableArray<string>> report)
    {
        EndingTimes times = EndingTimes.First(BootClock.NowMilliseconds(), leaseDeadline, _stopDeadlineMilliseconds);
        Arm(times.Deadline - _stopDeadlineMilliseconds);
        await prepare();
        List<JournalEntry> left = [.. entries.Where(entry => !entry.IsStopProven)];
        Dictionary<ServiceName, Task<string?>> underWay = [];
        while (true)
        {
            ImmutableArray<string> reasons = await RoundAsync(left, underWay, times);
            if (reasons.IsEmpty)
            {
                Disarm();
                return;
            }

            Volatile.Write(ref _reason, reasons[0]);
            foreach (string reason in reasons)
            {
                _log.StopUnproven(reason);
            }

            report(reasons);
            bool isOver = BootClock.NowMilliseconds() >= times.Deadline;
            await Task.Delay(isOver ? RoundPauseAfterDeadline : RoundPause);
            times = isOver
                ? EndingTimes.First(BootClock.NowMilliseconds(), 0, _stopDeadlineMilliseconds)
                : times.Again(BootClock.NowMilliseconds());
        }
    }

    private async Task<ImmutableArray<string>> RoundAsync(List<JournalEntry> left, Dictionary<ServiceName, Task<string?>> underWay, EndingTimes times)
    {
        string?[] problems = await Task.WhenAll(left.Select(entry => AwaitOneAsync(entry, underWay, times)).ToArray());
        for (int index = left.Count - 1; index >= 0; index--)
        {
            if (problems[index] is null)
            {
                left.RemoveAt(index);
            }
        }

        // What ran without a journal (a probe, a status check of a stopped service) ends here too.
        TimeSpan limit = Limit(times);
        Task<bool> kill = Task.Run(() => _containment.KillAsync(ContainedGroup.Services, limit));
        bool isEmpty = await Task.WhenAny(kill, Task.Delay(limit + StepTimeMin)) == kill && await kill;
        ImmutableArray<string> reasons = [.. problems.OfType<string>()];
        return isEmpty ? reasons : reasons.Add("a process of some service cannot be killed, it hangs in the kernel");
    }

    /// <summary>Waits for a service until the round is over. One that hangs is not begun a second time, and keeps no other waiting.</summary>
    private async Task<string?> AwaitOneAsync(JournalEntry entry, Dictionary<ServiceName, Task<string?>> underWay, EndingTimes times)
    {
        Task<string?> work;
        lock (underWay)
        {
            if (!underWay.Remove(entry.Service, out Task<string?>? known))
            {
                known = Task.Run(() => StopOneAsync(entry, times));
            }

            work = known;
        }

        if (await Task.WhenAny(work, Task.Delay(Limit(times))) == work)
        {
            return await work;
        }

        lock (underWay)
        {
            underWay[entry.Service] = work;
        }

        return $"{entry.Service}: stopping it hangs";
    }

    private async Task<string?> StopOneAsync(JournalEntry entry, EndingTimes times)
    {
        if (await _stopping.StopAsync(entry, times) is { } problem)
        {
            return problem;
        }

        try
        {
            _write(ServiceStopping.Proven(entry));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{entry.Service}: stopped, but that cannot be written down: {failure.Message}";
        }
    }

    private static TimeSpan Limit(EndingTimes times)
    {
        TimeSpan limit = BootClock.Until(times.Deadline);
        return limit > StepTimeMin ? limit : StepTimeMin;
    }

    private void Disarm()
    {
        lock (_gate)
        {
            _alarm.Set(0);
            _reason = NothingToldYet;
            _isArmed = _hasEscalated = false;
        }
    }

    /// <summary>On the alarm's thread. The gate is held by nothing that waits.</summary>
    private void OnDeadline()
    {
        lock (_gate)
        {
            // A lease renewed at this very moment has moved the alarm.
            if (!_isArmed || _alarm.DeadlineMilliseconds > BootClock.NowMilliseconds())
            {
                return;
            }

            _escalate(Volatile.Read(ref _reason), !_hasEscalated);
            _hasEscalated = true;
            _alarm.Set(BootClock.NowMilliseconds() + EscalateAgainMilliseconds);
        }
    }
}
