namespace Quorate.Model.Deltas;

/// <summary>How a resource, a node, a failover domain or a setting differs from one configuration to the next.</summary>
public enum DeltaKind
{
    /// <summary>Nothing that matters to what runs.</summary>
    Same,

    /// <summary>Only the new configuration has it.</summary>
    Added,

    /// <summary>Only the old configuration has it.</summary>
    Removed,

    /// <summary>A running resource has to stop as it was and start as it is now.</summary>
    Changed,

    /// <summary>What changed can be taken over while it runs.</summary>
    Reconfigured,
}
