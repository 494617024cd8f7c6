using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>One resource in a service's tree, resolved.</summary>
/// <remarks>Source: rgmanager.md 2.2, 2.3, 1.6 and 1.7.</remarks>
public sealed record ResourceNode
{
    public required ResourceType Type { get; init; }

    /// <summary>The value of the type's primary attribute.</summary>
    public required string Name { get; init; }

    /// <summary>What the agent gets as <c>OCF_RESKEY_*</c>: own, inherited and default values, by attribute name.</summary>
    public required ImmutableSortedDictionary<string, string> Attributes { get; init; }

    /// <summary>In the stored order: typed children in metadata order, then untyped in document order.</summary>
    public required ImmutableArray<ResourceNode> Children { get; init; }

    /// <summary>The type's actions with this resource's overrides applied.</summary>
    public required ImmutableArray<ResourceAction> Actions { get; init; }

    /// <summary><c>__enforce_timeouts</c>: null where the configuration says nothing (then timeouts are enforced, DESIGN 9).</summary>
    public bool? EnforceTimeouts { get; init; }

    /// <summary>What a failure in it, or below it, may cost; never set at the root of a service.</summary>
    public Independence Independence { get; init; }

    /// <summary>How often an independent subtree is restarted where it is; null where nothing bounds that (for a non-critical one: never).</summary>
    public FailureWindow? InlineRestarts { get; init; }

    /// <summary>Failed checks of this resource that count as passed; null for none.</summary>
    public FailureWindow? ToleratedFailures { get; init; }

    /// <summary>The line of its element (the reference, where it is one), from 1.</summary>
    public required int Line { get; init; }

    /// <summary><c>type:name</c>, as logs and rg_test print it.</summary>
    public string Label => $"{Type.Name}:{Name}";
}
