using System.Collections.Immutable;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>The resources loaded so far, indexed by what may refer to them and by what no two may share.</summary>
/// <remarks>Source: rgmanager.md 1.3.</remarks>
internal sealed class ResourcePool
{
    private readonly List<PooledResource> _all = [];
    private readonly Dictionary<(string Type, string Value), PooledResource> _byPrimary = [];
    private readonly Dictionary<(string Type, string Value), PooledResource> _byUnique = [];
    private readonly Dictionary<(string Type, string Attribute, string Value), PooledResource> _byUniqueAttribute = [];

    /// <summary>In the order they were added.</summary>
    public ImmutableArray<ResourceDefinition> Definitions => [.. _all.Select(resource => resource.Definition)];

    /// <summary>Finds what <c>ref</c> means: the resource of that primary value, else the first that has the value as a unique and required attribute.</summary>
    public PooledResource? Find(string type, string reference) =>
        _byPrimary.GetValueOrDefault((type, reference)) ?? _byUnique.GetValueOrDefault((type, reference));

    /// <summary>The attribute that stands in the way and who has its value already; null when nothing does.</summary>
    public (ResourceParameter Parameter, PooledResource Holder)? FindCollision(ResourceDefinition definition)
    {
        foreach ((ResourceParameter parameter, string value) in Distinguishing(definition))
        {
            if (_byUniqueAttribute.TryGetValue((definition.Type.Name, parameter.Name, value), out PooledResource? holder))
            {
                return (parameter, holder);
            }
        }

        return null;
    }

    public PooledResource Add(ResourceDefinition definition)
    {
        PooledResource resource = new(definition);
        _all.Add(resource);
        foreach ((ResourceParameter parameter, string value) in Distinguishing(definition))
        {
            _byUniqueAttribute.TryAdd((definition.Type.Name, parameter.Name, value), resource);
            if (parameter.IsPrimary)
            {
                _byPrimary.TryAdd((definition.Type.Name, value), resource);
            }
            else if (parameter is { IsUnique: true, IsRequired: true })
            {
                _byUnique.TryAdd((definition.Type.Name, value), resource);
            }
        }

        return resource;
    }

    private static IEnumerable<(ResourceParameter Parameter, string Value)> Distinguishing(ResourceDefinition definition)
    {
        foreach (ResourceParameter parameter in definition.Type.Parameters)
        {
            if ((parameter.IsPrimary || parameter.IsUnique) && definition.Attributes.TryGetValue(parameter.Name, out string? value))
            {
                yield return (parameter, value);
            }
        }
    }
}
