namespace Quorate.Contracts.V1;

/// <summary>Put a drained node into use again. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
public sealed record UndrainNode : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The name of the node, as in <c>clusternode/@name</c>.</summary>
    public required NodeName Node { get; init; }
}
