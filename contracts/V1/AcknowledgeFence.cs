namespace Quorate.Contracts.V1;

/// <summary>
/// An operator says that a lost node runs nothing any more (power cut, unplugged). Bound to one incarnation: if another one has
/// joined meanwhile it is refused. Answered by <see cref="CommandAnswered"/>.
/// </summary>
public sealed record AcknowledgeFence : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The name of the node, as in <c>clusternode/@name</c>.</summary>
    public required NodeName Node { get; init; }

    /// <summary>The incarnation meant, as <c>quorate status --json</c> shows it; without it the command is refused (rule S5).</summary>
    public Incarnation? Incarnation { get; init; }
}
