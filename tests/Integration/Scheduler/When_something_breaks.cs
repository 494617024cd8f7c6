using System.Data.Common;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Store;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Locks and rows that cannot be had, read or written; broken invariants. One service's trouble is not another's (rule S13).</summary>
public abstract class When_something_breaks(RealEngines? servers) : A_scheduler(servers)
{
    private const string Web = """<service name="web" domain="order"/>""";
    private const string Db = """<service name="db" domain="order"/>""";

    [Fact, Trait("Message", "33"), Trait("Rule", "S12")]
    public async Task Without_the_lock_nothing_is_placed_until_it_is_free()
    {
        await StartAsync(Web);
        IDatabase database = Cluster.First.Services.GetRequiredService<IDatabase>();
        ExecutorDouble n1 = await Cluster.JoinAsync("n1", "a1");
        await Cluster.JoinAsync("n2", "b1");
        await using (IDistributedSynchronizationHandle held = await database.Locks.CreateLock("evaluation").AcquireAsync())
        {
            await Cluster.PublishMembershipAsync();
            await Cluster.UntilRaisedAsync(33);
            Assert.Empty(n1.Orders);
        }

        await Cluster.PassUntilAsync("it is started", () => n1.Orders.Count > 0);

        Assert.StartsWith("#33: Unable to obtain cluster lock: ", Cluster.First.Logs.Logged(33)[0], StringComparison.Ordinal);
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    [Fact, Trait("Message", "34")]
    public async Task A_row_that_cannot_be_read_is_left_out_shown_and_raised_and_the_others_are_placed()
    {
        await StartAsync(Web, Db);
        await BreakAsync("service:web");

        await Cluster.FormAsync();

        await Cluster.UntilAsync("db", ServiceState.Started, "n1");
        await Cluster.UntilRaisedAsync(34, "service:web");
        Assert.Equal("#34: Cannot get status for service service:web", Assert.Single(Cluster.First.Logs.Logged(34)));
        Assert.Contains("unreadable", (await Cluster.GetAsync("web")).Flags);
        await Cluster.PassUntilAsync("its neighbour still works", async () =>
            (await Cluster.PostAsync("db", "restart", wait: 20)).Code == 0);
    }

    /// <summary>The node runs it, so every inventory names it; what the same inventory says of others must not be lost with it.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task A_row_that_cannot_be_read_keeps_no_inventory_from_being_compared()
    {
        await StartAsync(Web, Db);
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        ServiceView db = await Cluster.UntilAsync("db", ServiceState.Started, "n1");
        await BreakAsync("service:web");

        await Cluster.First.Bus.TryPublishAsync(new NodeInventory
        {
            Node = n2.Node,
            Incarnation = n2.Incarnation,
            Sequence = 1,
            Services =
            [
                new InventoryEntry { Service = new("service:web"), Epoch = 1, IsRunning = true, IsBusy = false },
                new InventoryEntry { Service = new("service:db"), Epoch = db.Epoch, IsRunning = true, IsBusy = false },
            ],
        });

        await Eventually.HoldsAsync("the second copy of its neighbour is stopped", () => n2.Orders.Any(order => order.Action == NodeAction.Stop && order.Service.Value == "service:db"));
        Assert.Empty(Cluster.Faults);
    }

    [Theory]
    [InlineData("start", 75), Trait("Message", "75")]
    [InlineData("stop", 54), Trait("Message", "54")]
    [InlineData("stop failed", 56), Trait("Message", "56")]
    [InlineData("status", 49), Trait("Message", "49")]
    [InlineData("enable", 46), Trait("Message", "46")]
    [InlineData("disable", 51), Trait("Message", "51")]
    public async Task A_row_that_cannot_be_read_when_it_is_needed_is_raised_by_its_moment(string moment, int number)
    {
        await StartAsync(Web);
        await BreakAsync("service:web");

        await SendAsync(moment, epoch: 1);

        await Cluster.UntilRaisedAsync(number, "service:web");
        Assert.Contains("service:web", Assert.Single(Cluster.First.Logs.Logged(number)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start", 75), Trait("Message", "75")]
    [InlineData("stop", 55), Trait("Message", "55")]
    [InlineData("stop failed", 57), Trait("Message", "57")]
    [InlineData("status", 52), Trait("Message", "52")]
    [InlineData("disable", 52)]
    public async Task A_row_that_cannot_be_written_is_raised_by_its_moment(string moment, int number)
    {
        await StartAsync(Web);
        ExecutorDouble n1 = await PrepareAsync(moment);
        long epoch = n1.Orders.Count > 0 ? n1.Orders[^1].Epoch : 1;
        await RefuseWritesAsync();

        await SendAsync(moment, epoch);

        await Cluster.UntilRaisedAsync(number);
        Assert.NotEmpty(Cluster.First.Logs.Logged(number));
    }

    [Fact, Trait("Message", "47")]
    public async Task A_start_that_cannot_be_stored_is_not_ordered_and_tried_again()
    {
        await StartAsync(Web);
        await RefuseWritesAsync();
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();

        await Cluster.UntilRaisedAsync(47);
        Assert.Empty(n1.Orders);
        await AllowWritesAsync();
        await Cluster.PassUntilAsync("it is started", () => n1.Orders.Count > 0);

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Equal("#47: Failed changing service status", Cluster.First.Logs.Logged(47)[0]);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_broken_invariant_parks_its_service_answers_whoever_waits_and_stops_no_other()
    {
        await StartAsync(Web, Db);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        ServiceView db = await Cluster.UntilAsync("db", ServiceState.Started, "n1");
        // Started and owned by nobody: a record that no decision makes.
        await Cluster.ExecuteAsync(
            "UPDATE scheduler_service SET document = @document, version = version + 1 WHERE name = 'service:web'",
            new { document = Documents.Of("service:web", "started", epoch: 1, generation: 1) });

        Reply reply = await Cluster.PostAsync("web", "disable", wait: 20);
        Reply later = await Cluster.PostAsync("web", "enable", wait: 20);
        Reply neighbour = await Cluster.PostAsync("db", "restart", wait: 20);

        Assert.Equal((int)ResultCode.Fail, reply.Code);
        Assert.Contains("parked", reply.Reasons[0], StringComparison.Ordinal);
        Assert.Equal((System.Net.HttpStatusCode.Conflict, (int)ResultCode.Fail), (later.Status, later.Code));
        Assert.Equal((0, db.Epoch + 2), (neighbour.Code, (await Cluster.GetAsync("db")).Epoch));
        Assert.Contains("parked", (await Cluster.GetAsync("web")).Flags);
        await Cluster.UntilRaisedAsync(1203, "service:web");
        Assert.Empty(Cluster.Faults);
    }

    /// <summary>Without this only a database tool could bring it back.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task A_parked_service_is_taken_up_again_by_an_operator()
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.ExecuteAsync(
            "UPDATE scheduler_service SET document = @document, parked = 'an invariant broke', version = version + 1 WHERE name = 'service:web'",
            new { document = Documents.Of("service:web", "stopped", epoch: 9, generation: 1) });
        Reply refused = await Cluster.PostAsync("web", "enable", wait: 20);

        Reply reply = await Cluster.PostAsync("web", "unpark", wait: 20);
        Reply again = await Cluster.PostAsync("web", "unpark", wait: 20);

        Assert.Contains("quorate unpark", refused.Reasons[0], StringComparison.Ordinal);
        Assert.Equal((0, "it is taken up again; it was parked after: an invariant broke"), (reply.Code, reply.Reasons[0]));
        Assert.Equal((0, "it is not parked"), (again.Code, again.Reasons[0]));
        ServiceView web = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.DoesNotContain("parked", web.Flags);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task An_accepted_command_whose_message_was_lost_is_carried_out_after_all()
    {
        await StartAsync(Web, """<service name="off" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("off", ServiceState.Disabled);

        await LoseAsync("lost", Cluster.Time.GetUtcNow());

        await Cluster.PassUntilAsync("it is answered", () => Cluster.Answers.Any(answer => answer is { RequestId: "lost", Result: ResultCode.Success }));
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("off")).State);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_command_that_never_gets_through_is_answered_as_failed()
    {
        await StartAsync("""<service name="off" autostart="0"/>""");
        await LoseAsync("old", Cluster.Time.GetUtcNow() - TimeSpan.FromMinutes(11));

        await Cluster.PassUntilAsync("it is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "old"));

        CommandAnswered answer = Cluster.Answers.Single(answer => answer.RequestId == "old");
        Assert.Equal(ResultCode.Fail, answer.Result);
        Assert.Contains("did not get through", answer.Reasons[0], StringComparison.Ordinal);
    }

    /// <summary>Whoever takes a command may have read it before it was answered; carried out after all, its caller would have been told otherwise.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task A_command_that_was_answered_as_not_carried_out_is_not_taken_any_more()
    {
        await StartAsync("""<service name="off" autostart="0"/>""");
        await LoseAsync("young", Cluster.Time.GetUtcNow());
        await LoseAsync("answered", Cluster.Time.GetUtcNow());
        await Cluster.ExecuteAsync("UPDATE scheduler_operation SET state = 'answered' WHERE request_id = 'answered'", new { });

        bool[] taken = await Cluster.First.Services.GetRequiredService<UnitOfWorkFactory>().Create().RunAsync(
            async (work, token) => new[] { await OperationStore.TakeAsync(work, "young", token), await OperationStore.TakeAsync(work, "answered", token) }, default);

        Assert.Equal([true, false], taken);
    }

    /// <summary>A command about a node whose message, or its answer, was lost; the incarnation is the one that was meant first (rule S5).</summary>
    [Theory, Trait("Rule", "S13")]
    [InlineData("fence")]
    [InlineData("acknowledge-fence")]
    public async Task An_order_about_a_node_is_sent_again_until_it_is_answered(string command)
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        using HttpResponseMessage accepted = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            Cluster.First.Http, $"/api/nodes/n3/{command}", new { requestId = "lost", incarnation = "c1" });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);

        await Cluster.PassUntilAsync("it is sent again", () => Sent().Count() >= 2);
        Assert.All(Sent(), order => Assert.Equal(("lost", "c1"), order));
        Cluster.Time.Advance(TimeSpan.FromMinutes(10));
        await Cluster.PassUntilAsync("it is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "lost"));

        CommandAnswered answer = Cluster.Answers.Single(answer => answer.RequestId == "lost");
        Assert.Equal((ResultCode.Fail, null), (answer.Result, answer.Service));
        Assert.Contains("has not answered within 10 minutes", answer.Reasons[0], StringComparison.Ordinal);
        Assert.Equal("answered", await Cluster.ScalarAsync<string>("SELECT state FROM scheduler_operation WHERE request_id = 'lost'"));

        IEnumerable<(string, string?)> Sent() => command == "fence"
            ? Cluster.Fenced.Select(order => (order.RequestId, order.Incarnation?.Value))
            : Cluster.Acknowledged.Select(order => (order.RequestId, order.Incarnation?.Value));
    }

    /// <summary>Without an incarnation a second copy could cut off the node's next life; the answer comes all the same.</summary>
    [Fact, Trait("Rule", "S5")]
    public async Task A_fence_that_names_no_incarnation_is_not_sent_again()
    {
        await StartAsync(Web);
        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, node, state, requested_at)
            VALUES ('young', 'young', '', 'fence', 'n3', 'accepted', @young), ('old', 'old', '', 'fence', 'n3', 'accepted', @old)
            """,
            new
            {
                young = (Cluster.Time.GetUtcNow() - TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds(),
                old = (Cluster.Time.GetUtcNow() - TimeSpan.FromMinutes(11)).ToUnixTimeMilliseconds(),
            });

        await Cluster.PassUntilAsync("the old one is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "old"));

        Assert.Empty(Cluster.Fenced);
        Assert.DoesNotContain(Cluster.Answers, answer => answer.RequestId == "young");
    }

    [Fact]
    public async Task A_node_gets_the_configuration_it_asks_for_and_no_answer_for_one_that_nobody_has()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        ClusterView cluster = (await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<ClusterView>(Cluster.First.Http, "/api/cluster"))!;

        // Every node is told what comes into force, so an earlier version is asked for; by now its own announcement has come, or went before the node was there.
        await Cluster.First.ApplyAsync(Configurations.Text(2, Web));
        await Eventually.HoldsAsync("the second is announced", () => n1.Configurations.Any(known => known.Version == 2));
        int announced = n1.Configurations.Count(known => known.Version == 1);

        await AskAsync(new string('0', 64));
        await AskAsync(cluster.ConfigurationDigest);

        await Eventually.HoldsAsync("it arrives", () => n1.Configurations.Count(known => known.Version == 1) == announced + 1);
        ConfigurationPublished published = n1.Configurations[^1];
        Assert.Equal((cluster.ConfigurationDigest, 1), (published.Digest, published.Version));
        Assert.Equal(published.Digest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(published.Text))));
        await Eventually.HoldsAsync("the other is logged", () => Cluster.First.Logs.Logged(1210).Count == 1);
        Assert.Empty(Cluster.Faults);

        Task AskAsync(string digest) => Cluster.First.Bus.TryPublishAsync(
            new RequestConfiguration { Digest = digest, Node = n1.Node, Incarnation = n1.Incarnation });
    }

    /// <summary>A command as it is accepted, without its message.</summary>
    private Task LoseAsync(string requestId, DateTimeOffset at) => Cluster.ExecuteAsync(
        """
        INSERT INTO scheduler_operation (request_id, operation, service, command, state, requested_at)
        VALUES (@requestId, @requestId, 'service:off', 'enable', 'accepted', @at)
        """,
        new { requestId, at = at.ToUnixTimeMilliseconds() });

    private Task BreakAsync(string service) =>
        Cluster.ExecuteAsync("UPDATE scheduler_service SET document = '{broken' WHERE name = @service", new { service });
}

public sealed class When_something_breaks_in_memory() : When_something_breaks(null);

[Collection(RealEngines.Collection)]
public sealed class When_something_breaks_on_real_engines(RealEngines servers) : When_something_breaks(servers)
{
    private readonly RealEngines _servers = servers;

    [Fact]
    public async Task Without_a_database_the_API_says_so_and_the_command_goes_through_when_it_is_back()
    {
        await StartAsync("""<service name="off" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        string database = new Npgsql.NpgsqlConnectionStringBuilder(Cluster.Engines.Options.Database).Database!; // RealEngines names it
        await _servers.ExecuteOnPostgresAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
        await _servers.ExecuteOnPostgresAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");

        Reply away = await Cluster.PostAsync("off", "enable", requestId: "my-id", wait: 20);
        using HttpResponseMessage status = await Cluster.First.Http.GetAsync("/api/cluster");
        await _servers.ExecuteOnPostgresAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS true");

        Assert.Equal([System.Net.HttpStatusCode.ServiceUnavailable, System.Net.HttpStatusCode.ServiceUnavailable], new[] { away.Status, status.StatusCode });
        Assert.Contains("same requestId", away.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Without a wait: the cluster's time passes here, and not while a request waits for it.
        await Cluster.PassUntilAsync("the same command is carried out", async () =>
        {
            await Cluster.PostAsync("off", "enable", requestId: "my-id");
            return Cluster.Answers.Any(answer => answer is { RequestId: "my-id", Result: ResultCode.Success });
        });
    }

    [Fact, Trait("Message", "37"), Trait("Message", "39")]
    public async Task A_malformed_message_goes_to_the_error_queue_and_those_behind_it_go_on()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await using IConnection connection = await new ConnectionFactory { Uri = new Uri(await _servers.RabbitMqAsync()) }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        string prefix = Cluster.Engines.Options.BusPrefix;

        await PublishAsync("{{{ no JSON");
        await PublishAsync("""{"requestId": "no service"}""");
        await PublishAsync("""{"requestId": "plain", "service": "web"}""");

        await Eventually.HoldsAsync("the sound one is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "plain"));
        await Eventually.HoldsAsync("the others are put aside", async () =>
            await channel.MessageCountAsync($"{prefix}scheduler.v1_error") == 2);
        Assert.Equal(ResultCode.Success, Cluster.Answers.Single(answer => answer.RequestId == "plain").Result);
        await Cluster.UntilRaisedAsync(37);
        await Cluster.UntilRaisedAsync(39);

        async Task PublishAsync(string body) => await channel.BasicPublishAsync(
            $"{prefix}RestartService", "", Encoding.UTF8.GetBytes(body));
    }
}
