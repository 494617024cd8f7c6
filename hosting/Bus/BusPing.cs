namespace Quorate.Hosting.Bus;

/// <summary>Sent by a process to itself: does the bus carry anything?</summary>
public sealed record BusPing
{
    /// <summary>Grows with every ping of the process.</summary>
    public required long Sequence { get; init; }
}
