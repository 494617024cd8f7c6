using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>The resource types a configuration may use, by name.</summary>
/// <remarks>Source: rgmanager.md 2.1 and 2.2: names of typed children are compared exactly, all others without case.</remarks>
public sealed class ResourceTypeCatalog
{
    private readonly Dictionary<string, ResourceType> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceType> _byNameWithoutCase = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a catalogue; of two types with one name the first is kept.</summary>
    public ResourceTypeCatalog(IEnumerable<ResourceType> types)
    {
        foreach (ResourceType type in types)
        {
            _byName.TryAdd(type.Name, type);
        }

        Types = [.. _byName.Values.OrderBy(type => type.Name, StringComparer.OrdinalIgnoreCase).ThenBy(type => type.Name, StringComparer.Ordinal)];
        foreach (ResourceType type in Types)
        {
            _byNameWithoutCase.TryAdd(type.Name, type);
        }
    }

    /// <summary>The types of Quorate's own rule files (<c>agents/</c>), which travel inside this assembly.</summary>
    public static ResourceTypeCatalog BuiltIn { get; } = RuleFile.ReadBuiltIn();

    /// <summary>In order of their names, without case.</summary>
    public ImmutableArray<ResourceType> Types { get; }

    /// <summary>Finds a type by its exact name; null when there is none such.</summary>
    public ResourceType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds a type by its name in any case, an exact match first; null when there is none such.</summary>
    public ResourceType? FindInAnyCase(string name) => Find(name) ?? _byNameWithoutCase.GetValueOrDefault(name);
}
