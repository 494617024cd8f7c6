namespace Quorate.Contracts.V1;

/// <summary>Unlock the cluster: what happened meanwhile is looked at. Answered by <see cref="CommandAnswered"/>. Idempotent.</summary>
/// <remarks>Source: clusvcadm -u, rgmanager.md 3.9.</remarks>
public sealed record UnlockServices
{
    /// <summary>Idempotence key chosen by the sender, 1 to 200 characters.</summary>
    public required string RequestId { get; init; }
}
