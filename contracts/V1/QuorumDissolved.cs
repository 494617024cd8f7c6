namespace Quorate.Contracts.V1;

/// <summary>
/// Votes fell below quorum (#1). Every executor stops all it runs (#69); the distributed state stays as it is. Permission is
/// withdrawn by not renewing leases, so losing this message is safe (rule S1).
/// </summary>
public sealed record QuorumDissolved : IEvent
{
    public required long Generation { get; init; }
}
