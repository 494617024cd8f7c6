namespace Quorate.Contracts.V1;

/// <summary>Put a drained node into use again. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
public sealed record UndrainNode
{
    /// <summary>Idempotence key chosen by the sender, 1 to 200 characters.</summary>
    public required string RequestId { get; init; }

    public required NodeName Node { get; init; }
}
