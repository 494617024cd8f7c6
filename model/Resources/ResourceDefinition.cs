using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>One resource as the configuration defines it, once, however many nodes of the trees refer to it.</summary>
/// <remarks>Source: rgmanager.md 1.3: below <c>resources</c> it is shared and may be referred to; inside a service it is inline.</remarks>
/// <param name="Type">Its type.</param>
/// <param name="Name">The value of the type's primary attribute.</param>
/// <param name="Attributes">Own values and defaults by attribute name; what a node inherits from its parents is not here.</param>
/// <param name="Actions">The type's actions with the definition's overrides applied.</param>
/// <param name="IsShared">True where it stands below <c>resources</c>.</param>
/// <param name="Line">The line of its element, from 1.</param>
public sealed record ResourceDefinition(
    ResourceType Type,
    string Name,
    ImmutableSortedDictionary<string, string> Attributes,
    ImmutableArray<ResourceAction> Actions,
    bool IsShared,
    int Line);
