namespace Quorate.Contracts.V1;

/// <summary>Unlock the cluster: what happened meanwhile is looked at. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
/// <remarks>Source: clusvcadm -u, rgmanager.md 3.9.</remarks>
public sealed record UnlockServices : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }
}
