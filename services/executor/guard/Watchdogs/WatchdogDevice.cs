using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Watchdogs;

/// <summary>A watchdog of the kernel, such as <c>/dev/watchdog</c>. Open, it is armed, and stays so when this process dies.</summary>
internal sealed unsafe class WatchdogDevice : IWatchdogDevice
{
    private const int NotOpen = -1;

    /// <summary>Closing after this byte disarms it ("magic close"); closing without it does not.</summary>
    private const byte MagicClose = (byte)'V';

    private int _descriptor;

    private WatchdogDevice(int descriptor, TimeSpan timeout) => (_descriptor, Timeout) = (descriptor, timeout);

    /// <inheritdoc/>
    public TimeSpan Timeout { get; }

    /// <summary>Opens and arms a watchdog.</summary>
    /// <param name="path">The device.</param>
    /// <param name="timeoutSeconds">What is asked for; the device may round it, see <see cref="Timeout"/>.</param>
    /// <exception cref="WatchdogException">It cannot be opened, or is no watchdog; nothing is armed then.</exception>
    public static WatchdogDevice Open(string path, int timeoutSeconds)
    {
        int descriptor = Libc.Open(path, Libc.OpenWriteOnly | Libc.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw new WatchdogException($"the watchdog {path} cannot be opened: {Libc.Failure("open").Message}; only one process can have it, so see whether systemd (RuntimeWatchdogSec), sbd or watchdogd does");
        }

        int seconds = timeoutSeconds;
        string problem = Libc.DeviceControl(descriptor, Libc.WatchdogSetTimeout, &seconds) == 0
            ? "" : $"it does not take a timeout of {timeoutSeconds} s ({Libc.Failure("ioctl").Message})";
        int actual;
        if (Libc.DeviceControl(descriptor, Libc.WatchdogGetTimeout, &actual) != 0)
        {
            // A driver that sets it writes back what it set; one that does neither promises nothing that could be counted on.
            actual = problem.Length == 0 ? seconds : 0;
        }

        if (actual > 0)
        {
            return new WatchdogDevice(descriptor, TimeSpan.FromSeconds(actual));
        }

        Close(descriptor);
        throw new WatchdogException($"{path} is no watchdog that can be used: {(problem.Length == 0 ? "it does not say its timeout" : problem)}");
    }

    /// <inheritdoc/>
    public bool Feed()
    {
        int nothing = 0;
        return Libc.DeviceControl(_descriptor, Libc.WatchdogKeepAlive, &nothing) == 0;
    }

    /// <inheritdoc/>
    public void Disarm()
    {
        Close(_descriptor);
        _descriptor = NotOpen;
    }

    private static void Close(int descriptor)
    {
        byte magic = MagicClose;
        _ = Libc.Write(descriptor, &magic, 1);
        _ = Libc.Close(descriptor);
    }
}
