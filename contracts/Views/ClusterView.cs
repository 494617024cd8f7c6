namespace Quorate.Contracts.Views;

/// <summary>The cluster at a glance.</summary>
public sealed record ClusterView
{
    public required string Name { get; init; }

    public required bool IsQuorate { get; init; }

    public required long Generation { get; init; }

    public required int Votes { get; init; }

    public required int VotesNeeded { get; init; }

    /// <summary>True while an operator works on the cluster: nothing is recovered, moved or fenced but on an operator's order.</summary>
    public bool IsMaintenance { get; init; }

    /// <summary>True while an operator keeps the cluster from starting anything.</summary>
    public bool IsLocked { get; init; }

    public required int ConfigurationVersion { get; init; }

    public required string ConfigurationDigest { get; init; }

    public required IReadOnlyList<NodeView> Nodes { get; init; }

    public required IReadOnlyList<ServiceView> Services { get; init; }
}
