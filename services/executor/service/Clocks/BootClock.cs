using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Quorate.Executor.Service.Clocks;

/// <summary>CLOCK_BOOTTIME, the one clock leases are counted on: it goes on in suspend, where .NET's own clocks stop (rule S2).</summary>
internal static partial class BootClock
{
    private const int ClockBootTime = 7;
    private const long MillisecondsPerSecond = 1000;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Milliseconds since the machine booted.</summary>
    public static long Milliseconds
    {
        get
        {
            if (GetTime(ClockBootTime, out TimeSpec time) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "CLOCK_BOOTTIME cannot be read; leases need Linux 2.6.39 or later");
            }

            return (time.Seconds * MillisecondsPerSecond) + (time.Nanoseconds / NanosecondsPerMillisecond);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
