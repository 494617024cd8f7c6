using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>How an executor runs a resource of some type. Paths are never here: agents come from the executor's own directories (DESIGN 6).</summary>
public sealed record AgentBinding
{
    public required AgentClass Class { get; init; }

    /// <summary>The OCF provider (<c>heartbeat</c>, <c>quorate</c>); empty for other classes.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The OCF type (<c>IPaddr2</c>); empty where the resource itself names its agent. Use <see cref="AgentCall.For"/>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The attribute whose value <c>provider:Type</c> names the OCF agent; empty where provider and type stand above.</summary>
    public string AgentAttribute { get; init; } = "";

    /// <summary>Attributes that are passed. Without any map, split or join every attribute passes unchanged.</summary>
    public ImmutableArray<ParameterMap> Maps { get; init; } = [];

    /// <summary>Attributes that become one parameter of the agent.</summary>
    public ImmutableArray<ParameterJoin> Joins { get; init; } = [];

    /// <summary>Attributes that become two parameters of the agent.</summary>
    public ImmutableArray<ParameterSplit> Splits { get; init; } = [];

    /// <summary>Parameters the agent always gets, unless the configuration sets them.</summary>
    public ImmutableSortedDictionary<string, string> FixedParameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
