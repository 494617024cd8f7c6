namespace Quorate.Contracts.Views;

/// <summary>Whether the database may be trusted to have forgotten nothing (rule S14), as the quorum replicas see it.</summary>
public sealed record ArbiterView
{
    /// <summary>False while any replica that was heard of lately distrusts the database; null when none was heard of.</summary>
    public required bool? IsTrusted { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<ArbiterReplicaView> Replicas { get; init; }
}
