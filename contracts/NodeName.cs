using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>The name of a cluster node as <c>clusternode/@name</c> gives it. Compared ordinally, case matters.</summary>
/// <param name="Value">1 to 255 characters; never null or blank in a message that passed validation.</param>
[JsonConverter(typeof(TextConverter<NodeName>))]
public readonly record struct NodeName(string Value) : IText<NodeName>, IComparable<NodeName>
{
    /// <inheritdoc/>
    public static NodeName FromText(string text) => new(text);

    /// <inheritdoc/>
    public int CompareTo(NodeName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    public static bool operator <(NodeName left, NodeName right) => left.CompareTo(right) < 0;

    public static bool operator <=(NodeName left, NodeName right) => left.CompareTo(right) <= 0;

    public static bool operator >(NodeName left, NodeName right) => left.CompareTo(right) > 0;

    public static bool operator >=(NodeName left, NodeName right) => left.CompareTo(right) >= 0;
}
