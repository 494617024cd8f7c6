namespace Quorate.Executor.Guard.Watchdogs;

/// <summary>An armed watchdog: it resets the machine when it is not fed for its timeout.</summary>
/// <remarks>Source: Documentation/watchdog/watchdog-api.rst of the Linux kernel.</remarks>
internal interface IWatchdogDevice
{
    /// <summary>The time without food after which it resets the machine, as the device itself says: at least 1 s.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Puts the reset off by <see cref="Timeout"/>; false where the device did not take it.</summary>
    bool Feed();

    /// <summary>Disarms and closes it. A kernel that says nowayout keeps it armed all the same.</summary>
    void Disarm();
}
