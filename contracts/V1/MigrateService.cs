namespace Quorate.Contracts.V1;

/// <summary>
/// Move a service to <see cref="Node"/> while it runs: one whose resource can do that and has none below it, such as a <c>vm</c>. Answered by
/// <see cref="CommandAnswered"/>.
/// </summary>
/// <remarks>Source: clusvcadm -M, rgmanager.md 3.5.</remarks>
public sealed record MigrateService : IServiceCommand
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
