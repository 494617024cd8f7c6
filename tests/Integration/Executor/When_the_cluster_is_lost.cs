using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>A real executor, a real guard, and an arbiter that is away or takes its permission back. Source: rules S1 and S9; errors.txt #9, #67, #69.</summary>
public sealed class When_the_cluster_is_lost
{
    /// <summary>Source: message #9, "unable to find a plugin which was able to talk to the cluster infrastructure".</summary>
    [Fact]
    [Trait("Message", "9")]
    public async Task An_executor_that_nobody_answers_says_so_and_goes_on_knocking()
    {
        await using ExecutingNode node = new() { AnswersHeartbeats = false };

        await node.StartAsync();

        Assert.Equal("#9: Couldn't connect to cluster", await node.RaisedAsync(9));
        Assert.False(node.View.HasLease);
    }

    /// <summary>Source: message #69; "dissolving quorum: all services are stopped and the manager waits for a quorum to form".</summary>
    [Fact]
    [Trait("Message", "69")]
    [Trait("Rule", "S1")]
    public async Task Dissolving_quorum_stops_all_and_begins_another_incarnation()
    {
        await using ExecutingNode node = new();
        await node.StartAsync();
        await node.OrderAsync(NodeAction.Start, 1, node.Configure($"<ocf agent='quorate:Witness' name='w' directory='{node.Root}'/>"));
        Incarnation? before = node.View.Incarnation;

        await node.DissolveAsync();

        await node.UntilAsync(() => node.View.Incarnation != before, "the next incarnation began");
        Assert.StartsWith("#69: ", await node.RaisedAsync(69), StringComparison.Ordinal);
        Assert.Contains("stop w", node.Witnessed[^1], StringComparison.Ordinal);
    }

    /// <summary>Source: message #67, "the node has left the cluster, but rgmanager was still running".</summary>
    [Fact]
    [Trait("Message", "67")]
    public async Task Leaving_while_services_run_is_called_unclean_and_stops_them_all_the_same()
    {
        await using ExecutingNode node = new();
        await node.StartAsync();
        await node.OrderAsync(NodeAction.Start, 1, node.Configure($"<ocf agent='quorate:Witness' name='w' directory='{node.Root}'/>"));

        int exitCode = await node.LeaveAsync();

        Assert.Equal("#67: Shutting down uncleanly", await node.RaisedAsync(67));
        Assert.Equal(0, exitCode);
        Assert.Contains("stop w", node.Witnessed[^1], StringComparison.Ordinal);
    }
}
