namespace Quorate.Executor.Guard.Native;

/// <summary>CLOCK_BOOTTIME: it goes on while the machine is suspended, as .NET's own clocks do not (rule S2).</summary>
internal static unsafe class BootClock
{
    private const long MillisecondsInSecond = 1000;
    private const long NanosecondsInMillisecond = 1_000_000;

    /// <summary>Milliseconds since the machine started.</summary>
    public static long NowMilliseconds()
    {
        Libc.TimeSpec time;
        return Libc.ClockGetTime(Libc.ClockBoottime, &time) == 0
            ? (time.Seconds * MillisecondsInSecond) + (time.Nanoseconds / NanosecondsInMillisecond)
            : throw Libc.Failure("clock_gettime(CLOCK_BOOTTIME)");
    }

    /// <summary>From now to an instant, never below zero.</summary>
    public static TimeSpan Until(long instantMilliseconds) =>
        TimeSpan.FromMilliseconds(Math.Max(0, instantMilliseconds - NowMilliseconds()));
}
