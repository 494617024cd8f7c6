namespace Quorate.Contracts.V1;

/// <summary>
/// An operator's word that a service whose stop was never proven does not run on <see cref="Node"/>: it may start anywhere again. Answered by
/// <see cref="CommandAnswered"/>.
/// </summary>
public sealed record ConfirmServiceStopped : IServiceCommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc/>
    public required ServiceName Service { get; init; }

    /// <summary>Where it may still have run; any other is refused.</summary>
    public NodeName? Node { get; init; }
}
