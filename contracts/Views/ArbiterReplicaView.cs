using Quorate.Contracts.V1;

namespace Quorate.Contracts.Views;

/// <summary>What one quorum replica says about the database.</summary>
public sealed record ArbiterReplicaView
{
    public required string Replica { get; init; }

    public required bool IsTrusted { get; init; }

    /// <summary>How far the database counts; null when an older version did not say.</summary>
    public ArbiterPoint? Stored { get; init; }

    /// <summary>The furthest point that this replica, its peers or any node ever saw.</summary>
    public required ArbiterPoint Highest { get; init; }

    /// <summary>When it said so, by the scheduler's clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
