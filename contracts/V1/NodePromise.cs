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
}
