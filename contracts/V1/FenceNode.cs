namespace Quorate.Contracts.V1;

/// <summary>
/// Cut a node off by its fence devices, now: an operator's order, or a service's when a stop failed. Bound to one incarnation. Answered
/// by <see cref="CommandAnswered"/> as soon as it is accepted or refused; what comes of it is told by <see cref="FenceAttempted"/> and
/// <see cref="MembershipChanged"/>. Asked for again while it is under way, it is accepted and changes nothing.
/// </summary>
public sealed record FenceNode : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The name of the node, as in <c>clusternode/@name</c>.</summary>
    public required NodeName Node { get; init; }

    /// <summary>The incarnation meant; without it the one that is there when the command arrives.</summary>
    public Incarnation? Incarnation { get; init; }

    /// <summary>Why, in words, for the history.</summary>
    public string Reason { get; init; } = "";
}
