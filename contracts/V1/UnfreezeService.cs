namespace Quorate.Contracts.V1;

/// <summary>Take care of the service again. One whose owner died while it was frozen is started on the best node. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -U, rgmanager.md 3.5.</remarks>
public sealed record UnfreezeService : IServiceCommand
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
