namespace Quorate.Contracts.V1;

/// <summary>Stop the service and start it on the same node. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -R, rgmanager.md 3.5.</remarks>
public sealed record RestartService : IServiceCommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc/>
    public required ServiceName Service { get; init; }

    /// <inheritdoc/>
    public NodeName? Node { get; init; }
}
