using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>A kind of resource, as an agent's metadata describes it.</summary>
/// <remarks>Source: rgmanager.md 2.1.</remarks>
public sealed record ResourceType
{
    /// <summary><c>resource-agent/@name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>In metadata order, the primary one first.</summary>
    public required ImmutableArray<ResourceParameter> Parameters { get; init; }

    public required ImmutableArray<ResourceAction> Actions { get; init; }

    /// <summary>The child table in metadata order.</summary>
    public required ImmutableArray<ChildRule> Children { get; init; }

    /// <summary>How many references one tree may hold; 0 means no bound.</summary>
    public required int MaxInstances { get; init; }

    /// <summary>True where attributes that no parameter names belong to the resource all the same (<c>ocf</c>: its agent knows them).</summary>
    public bool AcceptsAnyAttribute { get; init; }

    /// <summary>False where a root that a new configuration adds is not stopped first (<c>vm</c>).</summary>
    public bool IsInitializedOnAdd { get; init; } = true;

    /// <summary>False where a root that a new configuration drops keeps running (<c>vm</c>).</summary>
    public bool IsStoppedOnDelete { get; init; } = true;

    /// <summary>How an executor runs it; null when this type is only described.</summary>
    public AgentBinding? Agent { get; init; }

    /// <summary>The attribute that names a resource; the first parameter.</summary>
    public ResourceParameter Primary => Parameters[0];
}
