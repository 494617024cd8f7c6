namespace Quorate.Contracts.V1;

/// <summary>
/// Switches maintenance of the whole cluster on or off: while it is on, no node stops its services for want of a lease, none is called lost,
/// and nothing is recovered or fenced by itself. Answered by <see cref="CommandAnswered"/> once every node that is online has confirmed it,
/// with the names of those that are not, or after half a minute with the names of those that did not confirm. Idempotent.
/// </summary>
public sealed record SetMaintenance : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True switches it on.</summary>
    public required bool IsOn { get; init; }
}
