using Quorate.Cli.Restraints;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

/// <summary>Source: issue 4, deliverable 4 (drain), and rule S11: an operator pulls a node that is said to run nothing.</summary>
public sealed class When_a_node_is_waited_for
{
    [Fact]
    public void One_whose_stop_was_not_proven_there_may_run_there_still()
    {
        ClusterView cluster = Cluster(
            Service("left", null, "n2"), Service("held", null, "n2", "held"), Service("elsewhere", null, "n1", "held"), Service("runs", "n2", "n1"));

        Assert.Equal(["service:held"], DrainCommands.HeldOn(cluster, new("n2")).Select(service => service.Name.Value));
        Assert.Equal(["service:runs"], DrainCommands.On(cluster, new("n2")).Select(service => service.Name.Value));
    }

    private static ServiceView Service(string name, string? owner, string last, params string[] flags) => new()
    {
        Name = ServiceName.Parse(name),
        State = owner is null ? ServiceState.Failed : ServiceState.Started,
        Owner = owner is null ? null : new(owner),
        LastOwner = new(last),
        Epoch = 1,
        Flags = flags,
        Restarts = 0,
        Since = DateTimeOffset.UnixEpoch,
        Reason = "",
    };

    private static ClusterView Cluster(params ServiceView[] services) => new()
    {
        Name = "test",
        IsQuorate = true,
        Generation = 1,
        Votes = 2,
        VotesNeeded = 2,
        ConfigurationVersion = 1,
        ConfigurationDigest = "",
        Nodes = [],
        Services = services,
    };
}
