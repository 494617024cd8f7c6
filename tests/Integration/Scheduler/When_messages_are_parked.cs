using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Parked;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What failed waits for an operator, is seen, and comes back once. Source: DESIGN S13; messages #1520 and #37.</summary>
public abstract class When_messages_are_parked(RealEngines? servers) : A_scheduler(servers)
{
    protected const string NoService = """<service name="web" domain="order" autostart="0"/>""";

    private protected async Task<QueuesView> QueuesAsync(SchedulerReplica? replica = null) =>
        (await (replica ?? Cluster.First).Http.GetFromJsonAsync<QueuesView>("/api/queues", JsonSerializerOptions.Web))!; // an answer is no null

    private protected async Task<(HttpStatusCode Status, ParkedActionView? Outcome)> PostAsync(string path, SchedulerReplica? replica = null)
    {
        using HttpResponseMessage response = await (replica ?? Cluster.First).Http.PostAsync($"/api/queues/{path}", null);
        return (response.StatusCode, response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict
            ? await response.Content.ReadFromJsonAsync<ParkedActionView>(JsonSerializerOptions.Web)
            : null);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_row_that_could_not_be_sent_is_shown_and_leaves_once_it_can_be()
    {
        await StartAsync(NoService);
        await ParkRowAsync();

        ParkedMessageView parked = Assert.Single((await QueuesAsync()).Parked);
        QueueView outbox = (await QueuesAsync()).Queues.Single(queue => queue.Name == "scheduler outbox");
        await Cluster.ExecuteAsync("UPDATE scheduler_outbox SET message_type = 'Quorate.Contracts.V1.MessageRaised, Quorate.Contracts' WHERE is_parked = 1");
        (HttpStatusCode status, ParkedActionView? outcome) = await PostAsync($"{parked.Id}/replay");

        Assert.Equal(("scheduler outbox", "outbox", "V1", 1L), (parked.Queue, parked.Kind, parked.Type, outbox.Parked));
        Assert.Contains("no message type", parked.Reason, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, parked.Id), (status, Assert.Single(outcome!.Done).Id)); // 200 has a body
        await Eventually.HoldsAsync("it was sent", () => Cluster.Raised.Any(message => message.Number == 4711));
        Assert.Empty((await QueuesAsync()).Parked);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_row_is_dropped_for_good()
    {
        await StartAsync(NoService);
        await ParkRowAsync();
        ParkedMessageView parked = Assert.Single((await QueuesAsync()).Parked);

        (HttpStatusCode dropped, _) = await PostAsync($"{parked.Id}/drop");
        (HttpStatusCode again, _) = await PostAsync($"{parked.Id}/drop");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (dropped, again));
        Assert.Equal(0, await Cluster.ScalarAsync<int>("SELECT COUNT(*) FROM scheduler_outbox WHERE is_parked = 1"));
    }

    /// <summary>A mistyped name read like a queue in which nothing is parked.</summary>
    [Fact]
    public async Task A_queue_that_does_not_exist_is_no_empty_one()
    {
        await StartAsync(NoService);

        (HttpStatusCode unknown, _) = await PostAsync("replay?queue=schedular.v1");
        (HttpStatusCode empty, ParkedActionView? outcome) = await PostAsync($"replay?queue={QueueNames.Scheduler}");
        (HttpStatusCode outbox, _) = await PostAsync("replay?queue=scheduler%20outbox");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK), (unknown, empty, outbox));
        Assert.Empty(outcome!.Done); // 200 has a body
    }

    [Fact, Trait("Message", "1520")]
    public async Task It_is_raised_and_the_scheduler_says_that_it_is_degraded()
    {
        await StartAsync(NoService);
        await ParkRowAsync();

        await Cluster.PassUntilAsync("#1520 is raised", () => Cluster.Raised.Any(message => message.Number == 1520));

        Assert.Contains(Cluster.Raised, message => message.Text == "#1520: Messages are parked in scheduler outbox: 1");
        await Eventually.HoldsAsync("it is degraded", async () =>
        {
            using HttpResponseMessage ready = await Cluster.First.Http.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK && (await ready.Content.ReadAsStringAsync()).Contains("degraded", StringComparison.Ordinal);
        });
    }

    [Fact, Trait("Message", "1521")]
    public async Task Their_room_is_used_up_and_that_is_raised()
    {
        await StartAsync(NoService);

        await Cluster.ExecuteAsync(
            $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ParkedBounds.MessagesMax})
            INSERT INTO scheduler_outbox (message_id, message_type, ordering_key, body, written_at, is_parked)
            SELECT '9b2f0ad4-0000-4000-8000-000000000001', 'Gone.Since.V1, Quorate.Contracts', 'web', '', 0, 1 FROM n
            """);
        await Cluster.PassUntilAsync("#1521 is raised", () => Cluster.Raised.Any(message => message.Number == 1521));

        Assert.Contains(Cluster.Raised, message => message.Text == "#1521: The room for parked messages of scheduler outbox is used up, the oldest are dropped");
        Assert.Equal(ParkedBounds.ShownMax, (await QueuesAsync()).Parked.Count);
    }

    private async Task ParkRowAsync()
    {
        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_outbox (message_id, message_type, ordering_key, body, written_at)
            VALUES ('9b2f0ad4-0000-4000-8000-000000000001', 'Gone.Since.V1, Quorate.Contracts', 'web', @body, 0)
            """,
            new { body = """{"Number":4711,"Text":"late","At":"2026-01-01T00:00:00Z","Component":"test"}""" });
        await Cluster.PassUntilAsync("it is parked", async () =>
            await Cluster.ScalarAsync<int>("SELECT COUNT(*) FROM scheduler_outbox WHERE is_parked = 1") == 1);
    }
}

public sealed class When_messages_are_parked_in_memory() : When_messages_are_parked(null)
{
    [Fact]
    public async Task It_says_that_nobody_can_look_at_its_queues()
    {
        await StartAsync(NoService);

        QueuesView view = await QueuesAsync();

        Assert.Contains("in memory", view.Unavailable, StringComparison.Ordinal);
        Assert.Equal(["scheduler outbox"], view.Queues.Select(queue => queue.Name));
    }
}

[Collection(RealEngines.Collection)]
public sealed class When_messages_are_parked_on_real_engines(RealEngines servers) : When_messages_are_parked(servers)
{
    /// <summary>Above 32, where the broker forgets the order of what is returned in one.</summary>
    private const int Many = 60;

    /// <summary>Above the delivery limit of 20, that the queues of the services have.</summary>
    private const int Looks = 25;

    private const string Garbage = "no JSON at all {{{";

    [Fact, Trait("Message", "37")]
    public async Task What_cannot_be_read_is_shown_with_its_reason_however_often_one_looks_and_dropped_on_demand()
    {
        await StartAsync(NoService);
        await ParkGarbageAsync();

        for (int look = 0; look < Looks; look++)
        {
            Assert.Single((await QueuesAsync()).Parked);
        }
        ParkedMessageView parked = Assert.Single((await QueuesAsync()).Parked);
        ParkedMessageView shown = (await Cluster.First.Http.GetFromJsonAsync<ParkedMessageView>($"/api/queues/{parked.Id}", JsonSerializerOptions.Web))!;
        (HttpStatusCode dropped, _) = await PostAsync($"{parked.Id}/drop");

        Assert.StartsWith("BodyRefusedException: #37: ", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(("scheduler.v1", "error", 37, Garbage, (long)Garbage.Length), (parked.Queue, parked.Kind, parked.Number, shown.Body, parked.Size));
        Assert.NotNull(parked.At);
        Assert.Equal(HttpStatusCode.OK, dropped);
        Assert.Empty((await QueuesAsync()).Parked);
    }

    [Fact]
    public async Task Every_queue_of_the_services_is_listed_with_its_consumers()
    {
        await StartAsync(NoService);
        await Cluster.FormAsync();

        await Eventually.HoldsAsync("the nodes' queues are listed", async () => (await QueuesAsync()).Queues.Any(queue => queue.Name == "executor.n3.c1"));

        QueuesView view = await QueuesAsync();
        Assert.Equal(["scheduler outbox", "scheduler.v1", "scheduler.hints.v1", "scheduler.queries.v1", "executor.n1.a1", "executor.n2.b1", "executor.n3.c1"], view.Queues.Select(queue => queue.Name));
        Assert.All(view.Queues.Skip(1).Take(3), queue => Assert.Equal((1L, 0L), (queue.Consumers, queue.Parked)));
        Assert.All(view.Queues.Skip(4), queue => Assert.Equal((null, null, 0L, "only its node may count it"), (queue.Ready, queue.Consumers, queue.Parked, queue.Note)));
    }

    [Fact, Trait("Rule", "S13")]
    public async Task Many_that_failed_stay_in_order_and_each_has_its_effect_once_although_all_replicas_replay_at_once()
    {
        await StartAsync(2, NoService);
        await ParkGarbageAsync();
        await PostAsync($"{Assert.Single((await QueuesAsync()).Parked).Id}/drop");
        await ParkCommandsAsync(Many);

        IReadOnlyList<string> before = [.. (await QueuesAsync()).Parked.Select(message => message.Id)];
        IReadOnlyList<string> after = [.. (await QueuesAsync(Cluster.Replicas[1])).Parked.Select(message => message.Id)];
        var replays = await Task.WhenAll(Enumerable.Range(0, 6).Select(caller => PostAsync("replay", Cluster.Replicas[caller % 2])));

        Assert.Equal(Many, before.Count);
        Assert.Equal(before, after);
        Assert.Equal(before.Order(), replays.SelectMany(replay => replay.Outcome?.Done ?? []).Select(message => message.Id).Order());
        await Eventually.HoldsAsync("all are answered", () => Cluster.Answers.Count(answer => answer.RequestId.StartsWith("parked-", StringComparison.Ordinal)) == Many);
        Assert.Equal(Many, Cluster.Answers.Where(answer => answer.RequestId.StartsWith("parked-", StringComparison.Ordinal)).Select(answer => answer.RequestId).Distinct().Count());
        Assert.Empty((await QueuesAsync()).Parked);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task One_that_was_handled_before_and_is_replayed_changes_nothing()
    {
        await StartAsync(NoService);
        await ParkGarbageAsync();
        await PostAsync($"{Assert.Single((await QueuesAsync()).Parked).Id}/drop");
        await ParkCommandsAsync(1);
        await PostAsync("replay");
        await Eventually.HoldsAsync("it is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "parked-0"));

        await ParkCommandsAsync(1);
        (_, ParkedActionView? outcome) = await PostAsync("replay?queue=scheduler.v1");
        await Cluster.SettleAsync("web");

        Assert.Single(outcome!.Done); // 200 has a body
        Assert.Equal(1, Cluster.Answers.Count(answer => answer.RequestId == "parked-0"));
        Assert.Equal(1, await Cluster.ScalarAsync<int>(
            "SELECT COUNT(*) FROM scheduler_inbox WHERE message_id = '9b2f0ad4-0000-4000-8000-000000000000'"));
        Assert.Empty((await QueuesAsync()).Parked);
    }

    [Fact]
    public async Task One_whose_queue_is_no_more_stays_and_the_reason_is_said()
    {
        await StartAsync(NoService);
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        await Eventually.HoldsAsync("the membership is stored", async () => (await QueuesAsync()).Queues.Any(queue => queue.Name == "executor.n1.a1"));
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", Prefixed("executor.n1.a1"), Encoding.UTF8.GetBytes(Garbage));
        await Eventually.HoldsAsync("it is parked", async () => (await QueuesAsync()).Parked.Count == 1);
        await n1.DisposeAsync();
        await QueueProbe.ExpiresAsync(connection, Prefixed("executor.n1.a1"));

        ParkedMessageView parked = Assert.Single((await QueuesAsync()).Parked);
        (HttpStatusCode status, ParkedActionView? outcome) = await PostAsync($"{parked.Id}/replay");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("no more", Assert.Single(outcome!.Problems), StringComparison.Ordinal); // 409 has a body
        Assert.Equal(parked.Id, Assert.Single((await QueuesAsync()).Parked).Id);
    }

    /// <summary>A broker whose disk is full stops everything, so what nobody reads must not grow for ever.</summary>
    [Theory]
    [InlineData("error")]
    [InlineData("dead")]
    public async Task The_room_for_them_is_bounded(string kind)
    {
        await StartAsync(NoService);
        await ParkGarbageAsync();
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();

        Task<QueueDeclareOk> DeclareAsync(int messagesMax) => channel.QueueDeclareAsync(
            Prefixed($"scheduler.v1_{kind}"), durable: true, exclusive: false, autoDelete: false, Arguments(kind, messagesMax));
        await DeclareAsync(ParkedBounds.MessagesMax);
        OperationInterruptedException refused =
            await Assert.ThrowsAsync<OperationInterruptedException>(() => DeclareAsync(ParkedBounds.MessagesMax + 1));

        Assert.Contains("'x-max-length'", refused.ShutdownReason?.ReplyText, StringComparison.Ordinal);
    }

    /// <summary>The broker takes a second declaration only if it is the same in all of these.</summary>
    private Dictionary<string, object?> Arguments(string kind, int messagesMax)
    {
        Dictionary<string, object?> arguments = new()
        {
            ["x-queue-type"] = "quorum",
            ["x-max-length"] = messagesMax,
            ["x-max-length-bytes"] = ParkedBounds.BytesMax,
            ["x-overflow"] = "drop-head",
            ["x-delivery-limit"] = 1_000_000,
        };
        if (kind == "error")
        {
            arguments["x-dead-letter-exchange"] = Prefixed("scheduler.v1_dead");
        }
        return arguments;
    }

    private string Prefixed(string queue) => Cluster.Engines.Options.BusPrefix + queue;

    private async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(Cluster.Engines.Options.Bus), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    private async Task ParkGarbageAsync()
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", Prefixed("scheduler.v1"), Encoding.UTF8.GetBytes(Garbage));
        await Eventually.HoldsAsync("it is parked", async () => (await QueuesAsync()).Parked.Count == 1);
    }

    /// <summary>Puts sound commands among the parked ones, as if the database had been away when they came.</summary>
    private async Task ParkCommandsAsync(int count)
    {
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        for (int index = 0; index < count; index++)
        {
            BasicProperties properties = new()
            {
                MessageId = $"9b2f0ad4-0000-4000-8000-{index:D12}",
                ContentType = "application/json",
                Headers = new Dictionary<string, object?>
                {
                    ["MT-MessageType"] = "urn:message:Quorate.Contracts.V1:DisableService",
                    ["MT-Fault-Message"] = "#33: Unable to obtain cluster lock: gone",
                    ["MT-Fault-ExceptionType"] = "System.TimeoutException",
                },
            };
            await channel.BasicPublishAsync(
                "", Prefixed("scheduler.v1_error"), mandatory: true, properties,
                Encoding.UTF8.GetBytes($$"""{"requestId": "parked-{{index}}", "service": "service:web"}"""));
        }
    }
}
