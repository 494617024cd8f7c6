using System.Collections.Frozen;
using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Domains;
using Quorate.Model.Fencing;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>One version of <c>cluster.conf</c>, read and resolved: everything a decision may ask of it.</summary>
/// <remarks>Source: rgmanager.md chapter 1.</remarks>
public sealed record ClusterConfiguration
{
    /// <summary><c>cluster/@name</c>.</summary>
    public required string ClusterName { get; init; }

    /// <summary><c>cluster/@config_version</c>, from 1; 0 where it is missing or unreadable.</summary>
    public required int Version { get; init; }

    /// <summary>SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>In document order, names unique.</summary>
    public required ImmutableArray<ClusterNode> Nodes { get; init; }

    public required QuorumSettings Quorum { get; init; }

    /// <summary><c>fence_daemon</c>: how long fencing waits.</summary>
    public FencingSettings Fencing { get; init; } = FencingSettings.Default;

    /// <summary><c>rm</c>'s own attributes.</summary>
    public required ResourceManagerSettings ResourceManager { get; init; }

    /// <summary>By name; names are compared without case, as the original did.</summary>
    public required ImmutableSortedDictionary<string, FailoverDomain> FailoverDomains { get; init; }

    /// <summary>The roots of the resource trees (<c>service</c>, <c>vm</c>, any type), in document order, names unique.</summary>
    public required ImmutableArray<ServiceDefinition> Services { get; init; }

    /// <summary>Every resource once: the shared ones in document order, then the inline ones in the order the trees were built.</summary>
    public ImmutableArray<ResourceDefinition> Resources { get; init; } = [];

    /// <summary>Finds a service by its full name; null when the configuration has none such.</summary>
    public ServiceDefinition? FindService(ServiceName name) => ServicesByName.GetValueOrDefault(name);

    /// <summary>Finds a node by name; null when the configuration has none such.</summary>
    public ClusterNode? FindNode(NodeName name) => NodesByName.GetValueOrDefault(name);

    /// <summary>Where a service stands among <see cref="Services"/>, from 0; int.MaxValue for one that is not configured.</summary>
    public int PositionOf(ServiceName name) => Lookup.Positions.GetValueOrDefault(name, int.MaxValue);

    /// <summary>The services that may have to start, stop or move because this one came to rest elsewhere, by name.</summary>
    public ImmutableArray<ServiceName> TiedTo(ServiceName name) => Lookup.Ties.GetValueOrDefault(name, []);

    /// <summary>The services by name.</summary>
    public FrozenDictionary<ServiceName, ServiceDefinition> ServicesByName => Lookup.Services;

    /// <summary>The nodes by name.</summary>
    public FrozenDictionary<NodeName, ClusterNode> NodesByName => Lookup.Nodes;

    private Lookups? _lookups;

    /// <summary>Made on first use, and anew for a copy (<c>with</c>) that has other nodes or services.</summary>
    private Lookups Lookup => _lookups is { } known && known.IsFor(this) ? known : _lookups = new Lookups(this);

    private sealed class Lookups(ClusterConfiguration configuration)
    {
        private readonly ImmutableArray<ServiceDefinition> _services = configuration.Services;
        private readonly ImmutableArray<ClusterNode> _nodes = configuration.Nodes;

        public FrozenDictionary<ServiceName, ServiceDefinition> Services { get; } =
            configuration.Services.ToFrozenDictionary(service => service.Name);

        public FrozenDictionary<NodeName, ClusterNode> Nodes { get; } = configuration.Nodes.ToFrozenDictionary(node => node.Name);

        public FrozenDictionary<ServiceName, int> Positions { get; } =
            configuration.Services.Select((service, index) => (service.Name, index)).ToFrozenDictionary(pair => pair.Name, pair => pair.index);

        /// <summary>Both ends of every dependency; empty where there is none.</summary>
        public FrozenDictionary<ServiceName, ImmutableArray<ServiceName>> Ties { get; } = configuration.Services
            .SelectMany(service => service.Dependencies.Select(dependency => (service.Name, dependency)))
            .SelectMany(pair => pair.dependency is { Colocate: Colocation.None, Require: not Requirement.Never }
                ? [(On: pair.dependency.Target, Tied: pair.Name)]
                : new[] { (On: pair.dependency.Target, Tied: pair.Name), (On: pair.Name, Tied: pair.dependency.Target) })
            .GroupBy(tie => tie.On)
            .ToFrozenDictionary(ties => ties.Key, ties => ties.Select(tie => tie.Tied).Distinct().Order().ToImmutableArray());

        public bool IsFor(ClusterConfiguration other) => _services == other.Services && _nodes == other.Nodes;
    }
}
