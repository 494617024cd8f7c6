namespace Quorate.Executor.Guard.Watchdogs;

/// <summary>The watchdog cannot be used; the message says why and what to do.</summary>
internal sealed class WatchdogException : Exception
{
    public WatchdogException(string message)
        : base(message)
    {
    }
}
