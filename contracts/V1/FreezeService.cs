namespace Quorate.Contracts.V1;

/// <summary>Leave the service alone, whatever happens, until it is unfrozen: it is neither recovered, moved nor stopped. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -Z, rgmanager.md 3.5.</remarks>
public sealed record FreezeService : IServiceCommand
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
