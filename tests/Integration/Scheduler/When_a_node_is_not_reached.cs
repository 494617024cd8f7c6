using System.Text.RegularExpressions;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>
/// A node is online by its heartbeats, and its queue is not there. It is said, and changes nothing: the deadline asks again (rule S8). Source:
/// messages #14, #35 and #58.
/// </summary>
[Collection(RealEngines.SecondCollection)]
public sealed partial class When_a_node_is_not_reached(RealEngines servers) : A_scheduler(servers)
{
    private const string Web = """<service name="web" domain="order"/>""";

    private readonly RealEngines _servers = servers;

    [Fact]
    [Trait("Message", "14")]
    public async Task What_it_was_to_hear_is_told_with_its_length_and_ordered_again()
    {
        await StartAsync(Web);
        ExecutorDouble n1 = await Cluster.JoinAsync("n1", "a1");
        await Cluster.JoinAsync("n2", "b1");
        await LoseQueueAsync(n1);

        await Cluster.PublishMembershipAsync();

        await Cluster.UntilRaisedAsync(14);
        MessageRaised raised = Cluster.Raised.First(message => message.Number == 14);
        Assert.Matches(Unsent(), raised.Text);
        Assert.Equal("n1", raised.Node?.Value);
        Assert.Equal(raised.Text, Cluster.First.Logs.Logged(14)[0]);
        Assert.Equal((ServiceState.Starting, "n1"), await StateAsync());
        ExecutorDouble again = await Cluster.JoinAsync("n1", "a1");
        await Cluster.PassUntilAsync("it is ordered again", () => again.Orders.Count > 0);
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    [Fact]
    [Trait("Message", "58")]
    public async Task The_target_of_a_relocation_is_told_by_its_id_and_remains_the_target()
    {
        await StartAsync(Web);
        (_, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await LoseQueueAsync(n2);

        await Cluster.PostAsync("web", "relocate", "n2");

        await Cluster.UntilRaisedAsync(58, "service:web");
        Assert.Equal("#58: Failed opening connection to member #2", Cluster.First.Logs.Logged(58)[0]);
        Assert.Equal((ServiceState.Starting, "n2"), await StateAsync());
        ExecutorDouble again = await Cluster.JoinAsync("n2", "b1");
        await Cluster.PassUntilAsync("it is ordered again", () => again.Orders.Count > 0);
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        Assert.Empty(n3.Orders);
    }

    [Fact]
    [Trait("Message", "35")]
    public async Task A_failback_that_its_owner_cannot_be_told_of_is_told_and_goes_on_once_it_can()
    {
        await StartAsync(Web);
        ExecutorDouble n2 = await Cluster.JoinAsync("n2", "b1");
        await Cluster.JoinAsync("n3", "c1");
        await Cluster.PublishMembershipAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await LoseQueueAsync(n2);
        await Cluster.JoinAsync("n1", "a1");

        await Cluster.PublishMembershipAsync();

        await Cluster.UntilRaisedAsync(35, "service:web");
        Assert.Equal("#35: Unable to inform partner to start failback", Cluster.First.Logs.Logged(35)[0]);
        Assert.Equal((ServiceState.Stopping, "n2"), await StateAsync());
        ExecutorDouble again = await Cluster.JoinAsync("n2", "b1");
        await Cluster.PassUntilAsync("it is ordered again", () => again.Orders.Count > 0);
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    /// <summary>The other way not to get there: a row that fails by itself, here of a type that this program does not have.</summary>
    [Fact]
    [Trait("Message", "14")]
    public async Task A_message_that_cannot_be_sent_at_all_is_told_once_and_parked()
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_outbox (message_id, message_type, exchange, ordering_key, body, written_at)
            VALUES (@id, 'Quorate.Contracts.V1.OfAnotherVersion, Quorate.Contracts', 'executor.n3.c1?durable=false', 'n3', '{"a": 1}', 0)
            """,
            new { id = Guid.NewGuid().ToString() });

        await Cluster.PassUntilAsync("it is parked", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox WHERE is_parked = 1") == 1);
        await Cluster.UntilRaisedAsync(14);
        Assert.Equal(["#14: Failed to send 8 bytes to 3"], Cluster.First.Logs.Logged(14));
    }

    /// <summary>As when its connection breaks: the queue is its connection's own.</summary>
    private async Task LoseQueueAsync(ExecutorDouble executor)
    {
        await executor.DisposeAsync();
        await using IConnection connection = await new ConnectionFactory { Uri = new Uri(await _servers.RabbitMqAsync()) }.CreateConnectionAsync();
        await QueueProbe.ExpiresAsync(connection, Cluster.Engines.Options.BusPrefix + QueueNames.Executor(executor.Node, executor.Incarnation));
    }

    private async Task<(ServiceState State, string? Owner)> StateAsync()
    {
        ServiceView web = await Cluster.GetAsync("web");
        return (web.State, web.Owner?.Value);
    }

    [GeneratedRegex(@"^#14: Failed to send [1-9]\d+ bytes to 1$")]
    private static partial Regex Unsent();
}
