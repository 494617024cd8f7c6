using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>A loaded resource and how often the trees built so far use it.</summary>
internal sealed class PooledResource(ResourceDefinition definition)
{
    public ResourceDefinition Definition { get; } = definition;

    public int References { get; set; }
}
