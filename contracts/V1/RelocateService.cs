namespace Quorate.Contracts.V1;

/// <summary>Move the service to <see cref="Node"/> or the best other node; if nobody can run it, back to its owner. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -r, rgmanager.md 3.7.</remarks>
public sealed record RelocateService : IServiceCommand
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
