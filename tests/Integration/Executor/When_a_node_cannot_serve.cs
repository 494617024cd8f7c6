using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>What an executor needs for an order, or to begin at all, is not there. Source: messages #5, #7 and #36; rules S5 and S10.</summary>
public sealed class When_a_node_cannot_serve
{
    /// <summary>Nothing is started by a guess: without the very version that the order names there is no tree (rule S10).</summary>
    [Fact]
    [Trait("Message", "5")]
    public async Task An_order_by_a_configuration_that_nobody_sends_is_refused()
    {
        await using ExecutingNode node = new();
        await node.StartAsync();

        OperationEnded answer = await node.OrderAsync(NodeAction.Start, 1, new string('0', 64));

        Assert.Equal(OperationOutcome.Refused, answer.Outcome);
        Assert.Equal("#5: Couldn't connect to ccsd!", await node.RaisedAsync(5));
    }

    /// <summary>As on a node of another version, whose reader leaves out what the scheduler's has read.</summary>
    [Fact]
    [Trait("Message", "7")]
    public async Task A_service_that_has_no_tree_here_is_not_started_and_the_node_says_so()
    {
        await using ExecutingNode node = new();
        await node.StartAsync();
        string digest = node.ConfigureServices("""<service name="web"/><service name="db"><script ref="gone"/></service>""");

        OperationEnded started = await node.OrderAsync(NodeAction.Start, 1, digest, service: new("service:other"));

        Assert.Equal(OperationOutcome.Refused, started.Outcome);
        Assert.Equal("#7: Error building resource tree", await node.RaisedAsync(7));
        Assert.Equal("service:other", node.Raised.Single(raised => raised.Number == 7).Service?.Value);
    }

    [Fact]
    [Trait("Message", "7")]
    public async Task A_tree_with_a_resource_that_has_no_agent_is_not_started_and_its_stop_complains_of_nothing()
    {
        await using ExecutingNode node = new();
        await node.StartAsync();
        string digest = node.Configure("<samba name='shares'/>");

        OperationEnded started = await node.OrderAsync(NodeAction.Start, 1, digest);
        OperationEnded stopped = await node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Failed, OperationOutcome.Succeeded), (started.Outcome, stopped.Outcome));
        Assert.Equal("#7: Error building resource tree", await node.RaisedAsync(7));
        Assert.Single(node.Raised, raised => raised.Number == 7);
    }

    /// <summary>Its guard then starts the next one. Previously the log said that the guard was gone.</summary>
    [Fact]
    [Trait("Message", "36")]
    public async Task An_executor_that_cannot_keep_its_records_says_so_and_ends()
    {
        await using ExecutingNode node = new() { CanServe = false };
        Directory.CreateDirectory(Path.Combine(node.Root, "executor"));
        await File.WriteAllTextAsync(Path.Combine(node.Root, "executor", "operations"), "a file where the directory would be");

        await node.StartAsync();

        await node.UntilAsync(() => node.IsEnding, "the executor ends");
        int exitCode = await node.LeaveAsync();
        Assert.Equal("#36: Cannot initialize services", await node.RaisedAsync(36));
        Assert.Equal(1, exitCode);
        Assert.False(node.View.HasLease);
    }
}
