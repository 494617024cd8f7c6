using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Model.Fencing;
using Quorate.Model.Resources;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation;

/// <summary>A small cluster.conf: three nodes, one to three services, domains, recovery policies, fence devices.</summary>
internal static class RandomConfiguration
{
    private const int ServicesMax = 3;

    private static readonly ImmutableArray<string> Nodes = ["n1", "n2", "n3"];

    private static readonly ResourceType ServiceType = new()
    {
        Name = "service",
        Parameters = [new ResourceParameter("name", true, true, true, false, null, null)],
        Actions = [],
        Children = [],
        MaxInstances = 0,
    };

    public static ClusterConfiguration Of(Chance chance, bool hasDevices) => new()
    {
        ClusterName = "simulated",
        Version = 1,
        Digest = new string('0', 64),
        Nodes = [.. Nodes.Select((name, index) => new ClusterNode(new NodeName(name), index + 1, 1) { FenceMethods = hasDevices ? MethodsOf(name, chance) : [] })],
        Quorum = new QuorumSettings(Nodes.Length, false, null),
        Fencing = new FencingSettings(TimeSpan.Zero, TimeSpan.FromSeconds(2)),
        ResourceManager = new ResourceManagerSettings(false, TimeSpan.FromSeconds(10)),
        FailoverDomains = ImmutableSortedDictionary.Create<string, FailoverDomain>(StringComparer.OrdinalIgnoreCase)
            .Add("d1", new FailoverDomain("d1", IsOrdered: true, IsRestricted: false, IsNoFailback: false, Members(("n1", 1), ("n2", 2))))
            .Add("d2", new FailoverDomain("d2", IsOrdered: false, IsRestricted: true, IsNoFailback: false, Members(("n2", null), ("n3", null))))
            .Add("d3", new FailoverDomain("d3", IsOrdered: true, IsRestricted: false, IsNoFailback: true, Members(("n3", 1), ("n1", 2)))),
        Services = [.. Enumerable.Range(1, chance.Between(1, ServicesMax)).Select(number => ServiceOf($"s{number}", chance))],
    };

    private static ImmutableArray<FailoverDomainMember> Members(params (string Node, int? Priority)[] members) =>
        [.. members.Select(member => new FailoverDomainMember(new NodeName(member.Node), member.Priority))];

    private static ImmutableArray<FenceMethod> MethodsOf(string node, Chance chance)
    {
        FenceMethod power = new("power", [DeviceOf($"power-{node}")]);
        return chance.PerThousand(500) ? [power] : [power, new FenceMethod("switch", [DeviceOf($"a-{node}"), DeviceOf($"b-{node}")])];
    }

    private static FenceDevice DeviceOf(string name) => new(name, "fence_simulated", StaysOff: false, ImmutableSortedDictionary<string, string>.Empty);

    private static ServiceDefinition ServiceOf(string name, Chance chance) => new()
    {
        Name = ServiceName.Parse(name),
        Domain = chance.OneOf<string?>([null, "d1", "d2", "d3"]),
        IsAutostart = true,
        Exclusive = 0,
        Recovery = chance.OneOf([RecoveryPolicy.Restart, RecoveryPolicy.Relocate]),
        MaxRestarts = chance.Below(2),
        RestartExpireTime = TimeSpan.Zero,
        OnStopFailure = chance.OneOf([StopFailurePolicy.Hold, StopFailurePolicy.Hold, StopFailurePolicy.Fence]),
        Tree = new ResourceNode
        {
            Type = ServiceType,
            Name = name,
            Attributes = ImmutableSortedDictionary<string, string>.Empty,
            Children = [],
            Actions = [],
            Line = 1,
        },
        Line = 1,
    };
}
