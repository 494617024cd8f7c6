namespace Quorate.Contracts.V1;

/// <summary>What an executor runs, from its journal and its probes; published on admission, then every ttl, and when the node's queue was made anew. A scheduler compares it with its rows (rule S13).</summary>
public sealed record NodeInventory
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>Grows within the incarnation.</summary>
    public required long Sequence { get; init; }

    public required IReadOnlyList<InventoryEntry> Services { get; init; }
}
