using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Quorate.Tests.Integration.Access;

/// <summary>A cluster works with no more rights than it has, and who has fewer is refused by the broker.</summary>
[Collection(BrokerWithUsers.Collection)]
public sealed class When_every_program_has_its_own_user(BrokerWithUsers broker)
{
    [Fact]
    public async Task The_cluster_works_and_takes_a_command_from_its_operator_alone()
    {
        await using ClusterOfUsers cluster = await ClusterOfUsers.StartAsync(broker);
        await using AmqpUser oncall = await AmqpUser.ConnectAsync(broker.AddressOf("operator"));
        await using AmqpUser screen = await AmqpUser.ConnectAsync(broker.AddressOf("observer"));
        await cluster.UntilAsync("web", ServiceState.Disabled);
        ConcurrentQueue<string> heard = new();
        await using IConnection ears = await new ConnectionFactory { Uri = new Uri(broker.AddressOf("observer")) }.CreateConnectionAsync();
        await using IChannel channel = await ears.CreateChannelAsync();
        await ListenAsync(channel, nameof(ServiceTransitioned), heard);

        Assert.False(await screen.MayPublishAsync(Exchange(nameof(EnableService)), Enable("observers-id")));
        Assert.True(await oncall.MayPublishAsync(Exchange(nameof(EnableService)), Enable("operators-id")));
        await cluster.UntilAsync("web", ServiceState.Started);

        await Eventually.HoldsAsync("the observer hears of it", () => heard.Any(body => body.Contains("\"started\"", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(heard, body => body.Contains("observers-id", StringComparison.Ordinal));
        // Nobody was refused anything in the whole life of the cluster so far, and heartbeats passed over HTTP.
        Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains("ACCESS_REFUSED", StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains("answered 401", StringComparison.Ordinal) || line.Contains("answered 403", StringComparison.Ordinal));
        AssertNoSecretIn(cluster);
    }

    /// <summary>The type stands in the message, so the exchange it came by has to agree with it.</summary>
    [Fact]
    public async Task A_node_cannot_say_a_command_by_the_exchange_of_its_reports()
    {
        await using ClusterOfUsers cluster = await ClusterOfUsers.StartAsync(broker);
        await using AmqpUser node = await AmqpUser.ConnectAsync(broker.AddressOf("executor.n1"));
        await cluster.UntilAsync("web", ServiceState.Disabled);

        Assert.False(await node.MayPublishAsync(Exchange(nameof(EnableService)), Enable("nodes")));
        Assert.False(await node.MayPublishAsync(Exchange(nameof(MembershipChanged))));
        Assert.True(await node.MayPublishAsync(Exchange(nameof(OperationEnded)), Enable("smuggled"), nameof(EnableService)));
        QueuesView queues = new() { Queues = [], Parked = [] };
        await Eventually.HoldsAsync("it is put aside", async () => (queues = await cluster.QueuesAsync()).Parked.Count > 0);

        ParkedMessageView parked = Assert.Single(queues.Parked);
        Assert.Contains(nameof(OperationEnded), parked.Reason, StringComparison.Ordinal);
        string answer = await cluster.PostAsync($"/api/queues/{parked.Id}/replay");
        Assert.Contains("stays parked", answer, StringComparison.Ordinal);
        await cluster.PostAsync($"/api/queues/{parked.Id}/drop");
        Assert.Equal(ServiceState.Disabled, (await cluster.GetAsync("web")).State);
    }

    private static string Exchange(string message) => BrokerWithUsers.Prefix + message;

    private static string Enable(string requestId) => JsonSerializer.Serialize(new { requestId = $"{requestId}-{Guid.NewGuid():N}", service = "service:web" });

    private static async Task ListenAsync(IChannel channel, string message, ConcurrentQueue<string> heard)
    {
        QueueDeclareOk queue = await channel.QueueDeclareAsync($"{BrokerWithUsers.Prefix}observer.screen", durable: false, exclusive: true, autoDelete: true);
        await channel.QueueBindAsync(queue.QueueName, Exchange(message), "");
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            heard.Enqueue(Encoding.UTF8.GetString(delivery.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
    }

    private void AssertNoSecretIn(ClusterOfUsers cluster)
    {
        IEnumerable<string> passwords = Directory.GetFiles(broker.Secrets).Select(file => new Uri(File.ReadAllText(file).Trim()).UserInfo.Split(':')[1]);
        Assert.NotEmpty(cluster.Tokens);
        Assert.All(cluster.Tokens.Concat(passwords), secret => Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal)));
    }
}
