using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>What the arbiter knows about a node's present incarnation. A stored fact, never a guess (rule S5).</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>Configured, never heard of since the cluster's tables were made.</summary>
    Absent,

    /// <summary>Its heartbeats arrive.</summary>
    Online,

    /// <summary>Its heartbeats stopped; it may still run services.</summary>
    Lost,

    /// <summary>Lost, and proven to run nothing: by time (rule S7), a fence device (rule S6) or an operator's word.</summary>
    Fenced,

    /// <summary>It stopped all it ran, proved it, and said goodbye.</summary>
    Left,
}
