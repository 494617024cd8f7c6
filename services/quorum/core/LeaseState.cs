namespace Quorate.Quorum.Core;

/// <summary>What the arbiter has stored about one incarnation of a node. Text in the database: <c>live lost fenced left</c>.</summary>
public enum LeaseState
{
    /// <summary>Its heartbeats are accepted.</summary>
    Live,

    /// <summary>Its sequence stood still for ttl and margin; it may still run services. Never goes back to live (rule S5).</summary>
    Lost,

    /// <summary>Ended: by time (rule S7), a fence device or an operator's word.</summary>
    Fenced,

    /// <summary>Ended: it or its guard proved that it stopped all it ran.</summary>
    Left,
}
