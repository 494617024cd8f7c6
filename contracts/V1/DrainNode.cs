namespace Quorate.Contracts.V1;

/// <summary>Take a node out of use: its services leave it, and nothing is started there until it is undrained, over restarts too. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
public sealed record DrainNode : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The name of the node, as in <c>clusternode/@name</c>.</summary>
    public required NodeName Node { get; init; }
}
