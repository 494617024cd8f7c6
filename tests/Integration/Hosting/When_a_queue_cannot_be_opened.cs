using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>Source: message #11, the socket on which state is received.</summary>
[Collection(RealEngines.Collection)]
public sealed class When_a_queue_cannot_be_opened(RealEngines engines)
{
    [Fact]
    [Trait("Message", "11")]
    public async Task It_is_said_and_the_process_goes_on_and_takes_from_it_once_it_can()
    {
        string prefix = $"t{Guid.NewGuid():N}"[..9] + ".";
        await using IConnection connection = await new ConnectionFactory { Uri = new Uri(await engines.RabbitMqAsync()) }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        // What an earlier version, or somebody by hand, left under that name.
        await channel.QueueDeclareAsync(prefix + LampHost.Queue, durable: true, exclusive: false, autoDelete: false);
        using LogBook logs = new();

        await using LampHost lamps = await LampHost.StartAsync(
            new QuorateOptions { Bus = await engines.RabbitMqAsync(), BusPrefix = prefix, Database = await engines.NewPostgresDatabaseAsync() }, logs: logs);

        Assert.Equal(["#11: Couldn't set up VF listen socket"], logs.Logged(11));
        Assert.Contains(prefix + LampHost.Queue, Assert.Single(logs.Logged(1542)), StringComparison.Ordinal);
        await Eventually.HoldsAsync("it is raised", () => lamps.Raised.Any(raised => raised.Number == 11 && raised.Text.Contains(LampHost.Queue, StringComparison.Ordinal)));

        await channel.QueueDeleteAsync(prefix + LampHost.Queue);
        await Eventually.HoldsAsync("it takes messages from its queue", async () =>
        {
            await lamps.SwitchAsync("hall");
            return await lamps.CountAsync("hall") > 0;
        }, TimeSpan.FromSeconds(60));
    }
}
