using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Hosting;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Outages;

/// <summary>Source: issue 3, deliverable 6: what was committed leaves when the broker is back, and no row is blamed for the outage (rule S13).</summary>
[Collection(RealEngines.SecondCollection)]
[Trait("Rule", "S13")]
public sealed class When_the_broker_is_away(RealEngines servers) : IAsyncLifetime
{
    private const int Messages = 20;

    /// <summary>Longer than a send waits for its confirmation.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(60);

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..9] + ".";
    private Wire _wire = null!; // set by InitializeAsync before any test
    private LampHost _lamps = null!; // likewise

    public async Task InitializeAsync()
    {
        Uri broker = new(await servers.RabbitMqAsync());
        _wire = Wire.To(broker);
        _lamps = await LampHost.StartAsync(new QuorateOptions
        {
            Bus = _wire.Through(broker),
            BusPrefix = _prefix,
            Database = await servers.NewPostgresDatabaseAsync(),
        });
    }

    public async Task DisposeAsync()
    {
        await _lamps.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Theory]
    [InlineData(false)] // killed
    [InlineData(true)] // hanging first
    public async Task What_is_committed_arrives_once_when_it_is_back(bool isHanging)
    {
        if (isHanging)
        {
            _wire.Stall();
        }
        else
        {
            _wire.Cut();
        }
        await WriteAsync(static _ => new LampSwitched { Name = "hall" });
        await LastAsync();
        _wire.Cut();
        Assert.Equal(Messages, await _lamps.OutboxRowsAsync());
        Assert.Equal(0, await BlamedAsync());
        _wire.Heal();

        await Eventually.HoldsAsync("all arrive", async () => await _lamps.CountAsync("hall") >= Messages, ReconnectWait);
        await Eventually.HoldsAsync("the outbox is empty", async () => await _lamps.OutboxRowsAsync() == 0);
        Assert.Equal(Messages, await _lamps.CountAsync("hall"));
    }

    /// <summary>A queue that is full is back-pressure, not a fault of what was to be put into it.</summary>
    [Fact]
    public async Task What_a_full_queue_does_not_take_waits_until_there_is_room()
    {
        await using IConnection connection =
            await new ConnectionFactory { Uri = new Uri(await servers.RabbitMqAsync()) }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        string full = $"{_prefix}full";
        await channel.QueueDeclareAsync(full, durable: false, exclusive: false, autoDelete: true, new Dictionary<string, object?>
        {
            ["x-max-length"] = 1,
            ["x-overflow"] = "reject-publish",
        });
        await channel.QueueBindAsync(full, $"{_prefix}Quorate.Tests.Integration.Hosting:LampReported", "");

        await WriteAsync(static count => new LampReported { Name = "row", Count = count });
        await LastAsync();
        int waiting = await _lamps.OutboxRowsAsync();
        Assert.InRange(waiting, 1, Messages);
        Assert.Equal(0, await BlamedAsync());
        await channel.QueueDeleteAsync(full);

        await Eventually.HoldsAsync("the outbox is empty", async () => await _lamps.OutboxRowsAsync() == 0);
        Assert.Empty(_lamps.Raised);
    }

    private Task WriteAsync<T>(Func<int, T> message) where T : class => _lamps.Work().RunAsync(
        async (work, _) =>
        {
            for (int count = 1; count <= Messages; count++)
            {
                await work.Outbox.PublishAsync(message(count), "hall");
            }
        },
        CancellationToken.None);

    private static async Task LastAsync()
    {
        long began = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync("the time of the outage has passed", () => Stopwatch.GetElapsedTime(began) > Outage);
    }

    /// <summary>Rows that count a failure.</summary>
    private async Task<int> BlamedAsync()
    {
        await using DbConnection connection = await _lamps.Database.OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM lamp_outbox WHERE attempts > 0 OR is_parked = 1");
    }
}
