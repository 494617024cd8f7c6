namespace Quorate.Contracts.V1;

/// <summary>
/// Take a service up again that was set aside after an internal error (flag <c>parked</c>): somebody has looked at it. Answered by
/// <see cref="CommandAnswered"/>. Idempotent.
/// </summary>
/// <remarks>Source: rule S13, a broken invariant parks its service.</remarks>
public sealed record UnparkService : IServiceCommand
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
