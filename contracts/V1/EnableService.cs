namespace Quorate.Contracts.V1;

/// <summary>Start the service, on <see cref="Node"/> or the best node. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -e, rgmanager.md 3.5.</remarks>
public sealed record EnableService : IServiceCommand
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
