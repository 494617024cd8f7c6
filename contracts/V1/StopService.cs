namespace Quorate.Contracts.V1;

/// <summary>Stop the service until the next node transition evaluates it again, or until it is enabled. Answered by <see cref="CommandAnswered"/>.</summary>
/// <remarks>Source: clusvcadm -s, rgmanager.md 3.5.</remarks>
public sealed record StopService : IServiceCommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc/>
    public required ServiceName Service { get; init; }

    /// <inheritdoc/>
    public NodeName? Node { get; init; }

    /// <summary>True to keep it stopped whatever nodes come and go, until it is enabled.</summary>
    public bool Hold { get; init; }
}
