namespace Quorate.Contracts.V1;

/// <summary>Stop the service and keep it off until it is enabled; the only way out of <c>failed</c>. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -d, rgmanager.md 3.5.</remarks>
public sealed record DisableService : IServiceCommand
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
