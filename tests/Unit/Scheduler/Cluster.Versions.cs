using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <remarks>Configurations as they are written, one after another, and what they want of services that run by an older one.</remarks>
internal sealed partial class Cluster
{
    private readonly Dictionary<string, ClusterConfiguration> _versions = [];
    private ClusterConfiguration? _inForce;

    /// <summary>What the configuration in force wants of what runs, or ran last, by an older one, as the scheduler derives it.</summary>
    public ImmutableDictionary<ServiceName, ServiceChange> Changes => Records.Values
        .Where(record => record.RunsBy is { } digest && digest != Configuration.Digest && _versions.ContainsKey(digest))
        .Select(record => (record.Name, Change: ServiceChange.Of(
            record, _versions[record.RunsBy!], Configuration, ConfigurationDelta.Between(_versions[record.RunsBy!], Configuration)))) // there: asked above
        .Where(pair => pair.Change is not null)
        .ToImmutableDictionary(pair => pair.Name, pair => pair.Change!); // there: asked above

    /// <summary>Puts a configuration with these children of <c>rm</c> into force, for the nodes this cluster has; what is new gets a record.</summary>
    public Cluster InForce(int version, string rm)
    {
        string nodes = string.Concat(_nodes.Select(node => $"<clusternode name=\"{node.Name}\" nodeid=\"{node.Id}\" votes=\"1\"/>"));
        ConfigurationResult read = ClusterConfigurationReader.Read(
            $"<cluster name=\"test\" config_version=\"{version}\"><clusternodes>{nodes}</clusternodes><rm>{rm}</rm></cluster>", ResourceTypeCatalog.BuiltIn);
        _inForce = read.Configuration ?? throw new ArgumentException(string.Join(" ", read.Problems.Select(problem => problem.Text)), nameof(rm));
        _versions[_inForce.Digest] = _inForce;
        foreach (ServiceDefinition service in _inForce.Services)
        {
            Records.TryAdd(service.Name, ServiceRecord.New(service.Name, Start));
        }

        return this;
    }
}
