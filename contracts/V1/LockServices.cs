namespace Quorate.Contracts.V1;

/// <summary>Lock the cluster: nothing is started, recovered or moved until it is unlocked, or until quorum forms anew; stops go on. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
/// <remarks>Source: clusvcadm -l, rgmanager.md 3.9.</remarks>
public sealed record LockServices : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }
}
