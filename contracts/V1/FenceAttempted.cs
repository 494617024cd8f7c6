namespace Quorate.Contracts.V1;

/// <summary>A fence agent ended. Published by quorum from the transaction that stored it; kept by the scheduler for queries.</summary>
public sealed record FenceAttempted : IEvent
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>How often all methods have been gone through, this time included; from 1.</summary>
    public required int Round { get; init; }

    /// <summary><c>method/@name</c>.</summary>
    public required string Method { get; init; }

    /// <summary><c>fencedevice/@name</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The program, such as <c>fence_ipmilan</c>.</summary>
    public required string Agent { get; init; }

    /// <summary><c>off</c>, <c>status</c> or <c>on</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>done isOff isOn failed timedOut unstartable</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The agent's last words, or why it could not run; without passwords; may be empty.</summary>
    public required string Detail { get; init; }

    /// <summary>When it began, by the clock of the replica that ran it.</summary>
    public required DateTimeOffset At { get; init; }

    public required long DurationMilliseconds { get; init; }

    /// <summary>The quorum replica that ran it.</summary>
    public required string Replica { get; init; }
}
