namespace Quorate.Contracts.V1;

/// <summary>What a node does by itself when its lease runs out, in milliseconds from the expiry. Stored when granted; loss and time fencing use the stored one (rule S4).</summary>
public sealed record NodePromise
{
    /// <summary>Within this time after expiry all services are proven stopped or destroyed. At least 500.</summary>
    public required long StopDeadlineMilliseconds { get; init; }

    /// <summary>The time a watchdog or reboot may take on top; 0 where stopping is proven in another way.</summary>
    public required long WatchdogMilliseconds { get; init; }

    /// <summary>True when a guard destroys what it cannot stop: only then does time count as fencing (rule S7).</summary>
    public required bool IsSelfFencing { get; init; }

    /// <summary>
    /// What the node does then. Anything but stop is said before its guard acts by it, and stop only once its guard does, so that the
    /// arbiter never counts on more than the guard keeps. Null from an executor that knows only stop.
    /// </summary>
    public OnLeaseLoss? OnLeaseLoss { get; init; }

    /// <summary>True once the guard acts by <see cref="OnLeaseLoss"/> and has it on disk.</summary>
    public bool IsOnLeaseLossApplied { get; init; }
}
