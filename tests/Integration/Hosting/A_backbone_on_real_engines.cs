using System.Diagnostics;
using System.Text;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Hosting;

[Collection(RealEngines.Collection)]
public sealed class A_backbone_on_real_engines(RealEngines engines) : A_backbone
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..9] + ".";

    /// <summary>Source: DESIGN 5, any language may inject commands as plain JSON.</summary>
    [Fact]
    public async Task Plain_JSON_published_to_the_exchange_of_its_type_is_taken()
    {
        await InjectAsync("""{"name": "from outside"}""");

        await Eventually.HoldsAsync("it is handled", () => Lamps.Reports.Any(report => report.Name == "from outside"));
    }

    [Fact, Trait("Message", "37")]
    public async Task A_body_that_is_no_JSON_goes_to_the_error_queue()
    {
        await InjectAsync("no JSON at all {{{");

        Assert.Equal("no JSON at all {{{", await FromErrorQueueAsync());
        await Eventually.HoldsAsync("it is raised", () => Lamps.Raised.Any(raised => raised.Number == 37));
    }

    [Fact]
    public async Task A_message_without_a_required_field_goes_to_the_error_queue()
    {
        await InjectAsync("""{"colour": "red"}""");

        Assert.Equal("""{"colour": "red"}""", await FromErrorQueueAsync());
    }

    [Fact]
    public async Task A_poisonous_message_goes_to_the_error_queue()
    {
        await Lamps.SwitchAsync(LampMachine.Poison);

        Assert.Contains(LampMachine.Poison, await FromErrorQueueAsync(), StringComparison.Ordinal);
    }

    /// <summary>A row written while another replica dispatches must not wait for the sweep of one second: a failover waits with it.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task What_is_written_while_another_replica_dispatches_leaves_soon_after_it()
    {
        await using (DatabaseTransaction? other = await Lamps.Database.TryBeginExclusiveAsync("dispatch lamp_outbox"))
        {
            Assert.NotNull(other);
            await Lamps.Work().RunAsync(
                (work, _) => work.Outbox.PublishAsync(new LampReported { Name = "hall", Count = 1 }, "hall"), CancellationToken.None);
            // The dispatcher has looked by then and found the turn taken.
            await Task.Delay(TimeSpan.FromMilliseconds(150));
            Assert.Equal(1, await Lamps.OutboxRowsAsync());
        }

        long free = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync("it leaves", () => !Lamps.Reports.IsEmpty);
        Assert.InRange(Stopwatch.GetElapsedTime(free), TimeSpan.Zero, TimeSpan.FromMilliseconds(600));
    }

    protected override async Task<QuorateOptions> OptionsAsync() => new()
    {
        Bus = await engines.RabbitMqAsync(),
        BusPrefix = _prefix,
        Database = await engines.NewPostgresDatabaseAsync(),
    };

    protected override async Task AssertQueueIsGoneAsync(string queue)
    {
        await using IConnection connection = await ConnectAsync();
        await QueueProbe.ExpiresAsync(connection, _prefix + queue);
    }

    private async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(await engines.RabbitMqAsync()), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    private async Task InjectAsync(string body)
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(
            $"{_prefix}Quorate.Tests.Integration.Hosting:LampSwitched", "", Encoding.UTF8.GetBytes(body));
    }

    private async Task<string> FromErrorQueueAsync()
    {
        string? body = null;
        await Eventually.HoldsAsync("the message is in the error queue", async () => (body = await TryGetAsync()) is not null);
        return body!; // the condition above
    }

    private async Task<string?> TryGetAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        try
        {
            BasicGetResult? got = await channel.BasicGetAsync($"{_prefix}{LampHost.Queue}_error", autoAck: true);
            return got is null ? null : Encoding.UTF8.GetString(got.Body.Span);
        }
        // Not there yet, or its replica is just being born.
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode is 404 or 541)
        {
            return null;
        }
    }
}
