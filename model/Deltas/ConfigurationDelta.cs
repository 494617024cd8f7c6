using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>What a cluster has to do when a new configuration takes the place of an old one, and why.</summary>
/// <remarks>Source: rgmanager.md 2.9, with the orders and the reconfigurations of DESIGN 9.</remarks>
public sealed class ConfigurationDelta
{
    private readonly Dictionary<(string Type, string Name), DefinitionDelta> _definitions;
    private readonly Dictionary<ServiceName, ServiceDelta> _services;

    private ConfigurationDelta(ClusterConfiguration before, ClusterConfiguration after)
    {
        var old = before.Resources.ToDictionary(Key);
        var present = after.Resources.ToDictionary(Key);
        _definitions = old.Keys.Union(present.Keys)
            .ToDictionary(key => key, key => DefinitionDelta.Between(old.GetValueOrDefault(key), present.GetValueOrDefault(key)));
        Services = new ServiceDeltas(before, after, Of).Find();
        _services = Services.ToDictionary(service => service.Name);
        Elements = new ElementDeltas(before, after, Sorted()).Find();
    }

    /// <summary>The services that differ: those of the old configuration in its order, then the new ones in theirs.</summary>
    public ImmutableArray<ServiceDelta> Services { get; }

    /// <summary>What differs without stopping or starting anything by itself: nodes, failover domains, settings, resources.</summary>
    public ImmutableArray<ElementDelta> Elements { get; }

    /// <summary>True when the new configuration means the same as the old one; version and text may differ all the same.</summary>
    public bool IsEmpty => Services.IsEmpty && Elements.IsEmpty;

    /// <summary>Compares two configurations that were read with the same resource types.</summary>
    public static ConfigurationDelta Between(ClusterConfiguration before, ClusterConfiguration after) => new(before, after);

    /// <summary>Finds what happens to a service; null when nothing does.</summary>
    public ServiceDelta? Find(ServiceName service) => _services.GetValueOrDefault(service);

    /// <summary>How a resource differs that one of the two configurations has.</summary>
    /// <exception cref="InvariantViolation">Neither has it.</exception>
    public DefinitionDelta Of(ResourceDefinition definition) => Of(Key(definition));

    /// <summary>How the resource at a place of one of the two configurations' trees differs, wherever it is used.</summary>
    /// <exception cref="InvariantViolation">Neither has it.</exception>
    public DefinitionDelta Of(ResourceNode node) => Of((node.Type.Name, node.Name));

    /// <summary>
    /// What lies between a tree as it runs, which is one of the old configuration or what is left of it after a down-phase, and one of the
    /// new configuration for the same service.
    /// </summary>
    /// <exception cref="InvariantViolation">The running tree has a resource that neither configuration defines.</exception>
    public TreeDelta Compare(ResourceNode running, ResourceNode present)
    {
        TreeComparison trees = new(Of);
        trees.Compare(running, present);
        ResourceNode? kept = trees.Kept(running);
        // A resource runs once, wherever it is used: it stops with its last use.
        HashSet<string> used = kept is null ? [] : [.. ResourceOrder.Start(kept).Select(node => node.Label)];
        return new TreeDelta([.. trees.Down(running).Where(operation => !used.Contains(operation.Node.Label))], [.. trees.Up(present)], kept);
    }

    private ImmutableArray<DefinitionDelta> Sorted() =>
    [
        .. _definitions.OrderBy(pair => pair.Key.Type, StringComparer.Ordinal).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => pair.Value),
    ];

    private DefinitionDelta Of((string Type, string Name) key) =>
        _definitions.GetValueOrDefault(key) ?? throw new InvariantViolation($"neither configuration defines {key.Type}:{key.Name}");

    private static (string Type, string Name) Key(ResourceDefinition definition) => (definition.Type.Name, definition.Name);
}
