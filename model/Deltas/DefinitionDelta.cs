using System.Collections.Immutable;
using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>How one resource's definition differs, wherever the trees use it.</summary>
/// <remarks>
/// Source: rgmanager.md 2.9 (rescmp). Compared are own values and defaults; inherited values, overrides of actions and attributes that
/// begin with <c>__</c> are not, nor whether it is shared or inline, nor its place in the file. Previously (rgmanager) a reconfigurable
/// attribute that appeared or went away restarted the resource. Now that is a reconfiguration (DESIGN 9).
/// </remarks>
/// <param name="Kind">What a running resource has to do.</param>
/// <param name="Before">Null where it is added.</param>
/// <param name="After">Null where it is removed.</param>
/// <param name="Attributes">The values that differ, by attribute name; empty for what is added or removed.</param>
public sealed record DefinitionDelta(DeltaKind Kind, ResourceDefinition? Before, ResourceDefinition? After, ImmutableArray<AttributeDelta> Attributes)
{
    /// <summary>True where what runs of it has to stop.</summary>
    public bool NeedsStop => Kind is DeltaKind.Removed or DeltaKind.Changed;

    /// <summary>True where it has to start anew.</summary>
    public bool NeedsStart => Kind is DeltaKind.Added or DeltaKind.Changed;

    /// <summary>The difference in words.</summary>
    public string Reason => Kind switch
    {
        DeltaKind.Added => "it is new",
        DeltaKind.Removed => "it is no longer configured",
        _ => string.Join("; ", Attributes.Select(attribute => attribute.Text)),
    };

    /// <summary>Compares two definitions of the same type and name; one of them may be missing.</summary>
    internal static DefinitionDelta Between(ResourceDefinition? before, ResourceDefinition? after)
    {
        if (before is null || after is null)
        {
            return new(before is null ? DeltaKind.Added : DeltaKind.Removed, before, after, []);
        }

        ImmutableArray<AttributeDelta> attributes =
        [
            .. before.Attributes.Keys.Union(after.Attributes.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(name => new AttributeDelta(
                    name, before.Attributes.GetValueOrDefault(name), after.Attributes.GetValueOrDefault(name), IsReconfigurable(after.Type, name)))
                .Where(attribute => attribute.Before != attribute.After),
        ];
        DeltaKind kind = attributes.IsEmpty ? DeltaKind.Same
            : attributes.All(attribute => attribute.IsReconfigurable) ? DeltaKind.Reconfigured
            : DeltaKind.Changed;
        return new(kind, before, after, attributes);
    }

    private static bool IsReconfigurable(ResourceType type, string attribute) =>
        type.Parameters.Any(parameter => parameter.Name == attribute && parameter.IsReconfigurable);
}
