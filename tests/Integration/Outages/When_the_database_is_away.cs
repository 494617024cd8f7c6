using System.Diagnostics;
using Npgsql;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Outages;

/// <summary>Source: issue 3, deliverable 6: nothing is lost, and no message goes to the error queue for it.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_the_database_is_away(RealEngines servers)
{
    /// <summary>Longer than conflicts are tried again for, which is what once ended in the error queue.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(8);

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..9] + ".";

    [Fact]
    public async Task What_is_delivered_meanwhile_is_handled_afterwards_once()
    {
        const int Messages = 50; // more than a queue's prefetch
        string database = await servers.NewPostgresDatabaseAsync();
        await using LampHost lamps = await LampHost.StartAsync(
            new QuorateOptions { Bus = await servers.RabbitMqAsync(), BusPrefix = _prefix, Database = database });
        string name = new NpgsqlConnectionStringBuilder(database).Database!; // RealEngines names it

        await servers.ExecuteOnPostgresAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await servers.ExecuteOnPostgresAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ => lamps.SwitchAsync("hall")));
        await Eventually.HoldsAsync("the outage is over", () => Stopwatch.GetElapsedTime(began) > Outage);
        await servers.ExecuteOnPostgresAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS true");

        await Eventually.HoldsAsync("all are handled", async () => await lamps.CountAsync("hall") == Messages);
        await Eventually.HoldsAsync("all reports arrive", () => lamps.Reports.Count == Messages);
        Assert.Equal(Enumerable.Range(1, Messages), lamps.Reports.Select(report => report.Count));
        Assert.Null(await CountAsync($"{LampHost.Queue}_error"));
        Assert.Equal(0u, await CountAsync($"{LampHost.Queue}_dead"));
    }

    /// <summary>The messages in a queue; null when there is no such queue.</summary>
    private async Task<uint?> CountAsync(string queue)
    {
        await using IConnection connection =
            await new ConnectionFactory { Uri = new Uri(await servers.RabbitMqAsync()) }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.MessageCountAsync(_prefix + queue);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }
}
