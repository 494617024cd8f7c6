using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Faces;

/// <summary>A cluster to show.</summary>
internal static class Shown
{
    public static readonly DateTimeOffset At = new(2010, 11, 22, 8, 43, 0, TimeSpan.Zero);

    public static ClusterView Cluster { get; } = new()
    {
        Name = "alpha",
        IsQuorate = true,
        Generation = 7,
        Votes = 3,
        VotesNeeded = 2,
        ConfigurationVersion = 1,
        ConfigurationDigest = new string('0', 64),
        Nodes = [Node("node1", 1, NodeState.Online), Node("node2", 2, NodeState.Lost), Node("node12", 12, NodeState.Online)],
        Services =
        [
            Service("service:foo", ServiceState.Started, "node1", null),
            Service("service:bar", ServiceState.Disabled, null, "node2"),
            Service("service:ice", ServiceState.Started, "node1", "node2", "frozen", "partial"),
            Service("vm:guest", ServiceState.Failed, null, null),
        ],
    };

    public static ServiceView Service(string name, ServiceState state, string? owner, string? last, params string[] flags) => new()
    {
        Name = ServiceName.Parse(name),
        State = state,
        Owner = owner is null ? null : new NodeName(owner),
        LastOwner = last is null ? null : new NodeName(last),
        Epoch = 1,
        Flags = flags,
        Restarts = 0,
        Since = At,
        Reason = "",
    };

    private static NodeView Node(string name, int id, NodeState state) =>
        new() { Name = new(name), Id = id, State = state, Votes = 1, Since = At };
}
