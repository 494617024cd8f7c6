namespace Quorate.Executor.Guard.Native;

/// <summary>Calls back once when a deadline on CLOCK_BOOTTIME has passed, from a thread that does nothing else.</summary>
internal sealed unsafe class LeaseTimer
{
    private const long MillisecondsInSecond = 1000;
    private const long NanosecondsInMillisecond = 1_000_000;

    private readonly Action _expired;
    private readonly int _descriptor;
    private readonly Lock _gate = new();
    private long _deadline;

    /// <param name="name">The thread's.</param>
    /// <param name="expired">Called on that thread.</param>
    public LeaseTimer(string name, Action expired)
    {
        _expired = expired;
        _descriptor = Libc.TimerCreate(Libc.ClockBoottime, Libc.OpenCloseOnExec);
        if (_descriptor < 0)
        {
            throw Libc.Failure("timerfd_create(CLOCK_BOOTTIME)");
        }

        new Thread(Watch) { IsBackground = true, Name = name, Priority = ThreadPriority.Highest }.Start();
    }

    /// <summary>The deadline in milliseconds on CLOCK_BOOTTIME; 0 where none is set.</summary>
    public long DeadlineMilliseconds => Volatile.Read(ref _deadline);

    /// <summary>Sets the deadline; 0 sets none. One in the past fires at once.</summary>
    public void Set(long deadlineMilliseconds)
    {
        lock (_gate)
        {
            _deadline = deadlineMilliseconds;
            Libc.TimerSpec value = default;
            value.Value.Seconds = deadlineMilliseconds / MillisecondsInSecond;
            value.Value.Nanoseconds = deadlineMilliseconds % MillisecondsInSecond * NanosecondsInMillisecond;
            if (Libc.TimerSet(_descriptor, Libc.TimerAbsolute, &value, null) != 0)
            {
                throw Libc.Failure("timerfd_settime");
            }
        }
    }

    private void Watch()
    {
        while (true)
        {
            ulong times;
            _ = Libc.Read(_descriptor, &times, sizeof(ulong));
            long deadline = DeadlineMilliseconds;
            if (deadline > 0 && BootClock.NowMilliseconds() >= deadline)
            {
                _expired();
            }
        }
    }
}
