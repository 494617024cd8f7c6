namespace Quorate.Contracts.V1;

/// <summary>Take a node out of use: its services leave it, and nothing is started there until it is undrained, over restarts too. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
public sealed record DrainNode
{
    /// <summary>Idempotence key chosen by the sender, 1 to 200 characters.</summary>
    public required string RequestId { get; init; }

    public required NodeName Node { get; init; }
}
