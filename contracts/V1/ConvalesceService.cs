namespace Quorate.Contracts.V1;

/// <summary>Start again what was left stopped of a running service as non-critical. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -c, rgmanager.md 2.8 and 3.5.</remarks>
public sealed record ConvalesceService : IServiceCommand
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
