using System.Data.Common;
using System.Net;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary><c>POST /api/simulate</c>: what would happen, from live state, changing nothing.</summary>
public abstract class When_a_future_is_asked_for(RealEngines? servers) : A_scheduler(servers)
{
    private const string Web = """<service name="web" domain="order"/>""";

    [Fact]
    public async Task Services_of_a_node_that_goes_down_move_and_the_others_stay()
    {
        await StartAsync(Web, """<service name="app"/>""", """<service name="here" domain="one"/>""", """<service name="off" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("here", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        ServiceView app = await Cluster.UntilAsync("app", ServiceState.Started);

        SimulationView future = await Cluster.First.SimulateAsync(new { down = new[] { "n1" } });

        Assert.Equal((true, 2, 2), (future.IsQuorate, future.Votes, future.VotesNeeded));
        Assert.Equal("move n2", future.Of("web"));
        Assert.Equal($"stay {app.Owner}", future.Of("app"));
        Assert.Equal("stop", future.Of("here"));
        Assert.Equal("none", future.Of("off"));
        SimulatedServiceView web = future.Services.Single(service => service.Name.Name == "web");
        Assert.Equal(("n1", "best", "starting on n2 (best)"), (web.Owner?.Value, web.Score, web.Reason));
        Assert.Equal(["n1 illegal it is fenced", "n2 best ", "n3 better "], web.Nodes.Select(node => $"{node.Node} {node.Score} {node.Objection}"));
        Assert.Contains("restricted domain unavailable", future.Services.Single(service => service.Name.Name == "here").Reason, StringComparison.Ordinal);
        Assert.Empty(future.Warnings);
    }

    [Fact]
    public async Task A_loss_of_quorum_is_foretold()
    {
        await StartAsync(Web, """<service name="off" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);

        SimulationView future = await Cluster.First.SimulateAsync(new { down = new[] { "n2", "n3" }, enable = new[] { "off" } });

        Assert.Equal((false, 1, 2), (future.IsQuorate, future.Votes, future.VotesNeeded));
        Assert.Contains(future.Warnings, warning => warning.StartsWith("quorum would dissolve, with 1 of 2 votes needed", StringComparison.Ordinal));
        Assert.Equal(("stop", "none"), (future.Of("web"), future.Of("off")));
        Assert.Equal((ResultCode.Quorum, true), (Assert.Single(future.Answers).Result, future.Answers[0].IsRefused));
    }

    [Fact]
    public async Task Orders_are_foretold_with_their_answers()
    {
        await StartAsync(Web, """<service name="off" domain="stay" autostart="0"/>""", """<service name="cold"/>""", """<service name="only" domain="one"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("only", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        await Cluster.UntilAsync("cold", ServiceState.Started);
        await Cluster.PostAsync("cold", "freeze", wait: 20);

        SimulationView future = await Cluster.First.SimulateAsync(new { enable = new[] { "off", "web" }, disable = new[] { "only", "cold" }, relocate = new[] { "service:web" } });

        Assert.Equal(("start n1", "move n3", "stop"), (future.Of("off"), future.Of("web"), future.Of("only")));
        Assert.StartsWith("stay", future.Of("cold"), StringComparison.Ordinal);
        Assert.Equal(
            ["disable service:only Success", "disable service:cold Frozen", "enable service:off Success", "enable service:web AlreadyRunning", "relocate service:web Success"],
            future.Answers.Select(answer => $"{answer.Command} {answer.Service} {answer.Result}"));
    }

    [Fact]
    public async Task A_parked_service_stays_aside()
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.ExecuteAsync("UPDATE scheduler_service SET parked = 'an error of our own'");

        SimulationView future = await Cluster.First.SimulateAsync(new { down = new[] { "n1" }, relocate = new[] { "web" } });

        Assert.Equal("stop", future.Of("web"));
        Assert.Contains("parked", Assert.Single(future.Services).Reason, StringComparison.Ordinal);
        Assert.Equal(ResultCode.Abort, Assert.Single(future.Answers).Result);
    }

    [Fact]
    public async Task A_configuration_is_foretold_with_what_it_changes()
    {
        await StartAsync(Web, """<service name="old"/>""", """<service name="same" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("same", ServiceState.Started, "n1");
        await Cluster.UntilAsync("old", ServiceState.Started);
        string[] next = ["""<service name="web" domain="order"><script name="x" file="/x"/></service>""", """<service name="new" domain="stay"/>""", """<service name="same" domain="order"/>"""];

        SimulationView future = await Cluster.First.SimulateAsync(new { configuration = Configurations.Text(2, next) });
        SimulationView stale = await Cluster.First.SimulateAsync(new { configuration = Configurations.Text(1, next) });

        Assert.Equal(2, future.ConfigurationVersion);
        Assert.Contains(future.Changes, change => change.StartsWith("service:new is added", StringComparison.Ordinal));
        Assert.Contains(future.Changes, change => change.StartsWith("service:old is removed", StringComparison.Ordinal));
        Assert.Equal(("adjust n1", "start n1", "stop", "stay n1"), (future.Of("web"), future.Of("new"), future.Of("old"), future.Of("same")));
        Assert.DoesNotContain(future.Warnings, warning => warning.Contains("config apply would refuse", StringComparison.Ordinal));
        Assert.Contains(stale.Warnings, warning => warning.Contains("config apply would refuse", StringComparison.Ordinal) && warning.Contains("config_version", StringComparison.Ordinal));
        await Cluster.First.ApplyAsync(Configurations.Text(2, next));
        await Cluster.UntilAsync("new", ServiceState.Started, "n1");
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    [Theory]
    [InlineData("""{"down":["n9"]}""", HttpStatusCode.NotFound, "there is no node 'n9' in the configuration; it has n1, n2, n3")]
    [InlineData("""{"enable":["nothing"]}""", HttpStatusCode.NotFound, "there is no service 'service:nothing'")]
    [InlineData("""{"down":"n1"}""", HttpStatusCode.BadRequest, "the body must be a JSON object")]
    [InlineData("""{"down":[""]}""", HttpStatusCode.BadRequest, "the body must be a JSON object")]
    [InlineData("""{"relocate":["a\u0000"]}""", HttpStatusCode.BadRequest, "the body must be a JSON object")]
    [InlineData("null", HttpStatusCode.BadRequest, "the body must be a JSON object")]
    [InlineData("", HttpStatusCode.BadRequest, "the body must be a JSON object")]
    [InlineData("""{"configuration":"<cluster"}""", HttpStatusCode.BadRequest, "the configuration has errors")]
    public async Task What_makes_no_sense_is_answered_with_a_sentence(string body, HttpStatusCode status, string says)
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        (HttpStatusCode answered, string detail) = await Cluster.First.SimulateBadlyAsync(body);

        Assert.Equal(status, answered);
        Assert.Contains(says, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_quorum_has_spoken_nothing_can_be_foretold()
    {
        await StartAsync(Web);

        (HttpStatusCode answered, string detail) = await Cluster.First.SimulateBadlyAsync("{}");

        Assert.Equal((HttpStatusCode.BadRequest, "no membership is known yet: quorum has not spoken"), (answered, detail));
    }

    [Fact]
    public async Task Nothing_is_changed()
    {
        await StartAsync(Web, """<service name="app" depend="web"/>""", """<service name="off" autostart="0"/>""");
        (ExecutorDouble n1, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync();
        await Cluster.UntilAsync("app", ServiceState.Started);
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        await Eventually.HoldsAsync("all that was written is sent", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox") == 0);
        await Eventually.HoldsAsync("nothing moves any more", async () => await ContentAsync() == await ContentAsync());
        string before = await ContentAsync();
        int orders = n1.Orders.Count + n2.Orders.Count + n3.Orders.Count;
        int answers = Cluster.Answers.Count;

        await Cluster.First.SimulateAsync(new
        {
            down = new[] { "n1", "n2" }, enable = new[] { "off" }, disable = new[] { "app" }, relocate = new[] { "web" }, configuration = Configurations.Text(7, Web, """<service name="app" domain="one"/>""", """<service name="off"/>"""),
        });
        await Cluster.First.SimulateAsync(new { down = new[] { "n1" }, enable = new[] { "off" } });

        Assert.Equal(before, await ContentAsync());
        Assert.Equal((orders, answers), (n1.Orders.Count + n2.Orders.Count + n3.Orders.Count, Cluster.Answers.Count));
        Assert.Equal(1, (await Cluster.First.ConfigurationAsync()).Version);
    }

    /// <summary>Every row of every table of the schedulers.</summary>
    private async Task<string> ContentAsync()
    {
        await using DbConnection connection = await Cluster.OpenAsync();
        List<string> content = [];
        string tables = Cluster.Engines.IsReal
            ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        foreach (string table in (await connection.QueryAsync<string>(tables)).ToList())
        {
            IEnumerable<dynamic> rows = await connection.QueryAsync($"SELECT * FROM {table}");
            content.Add(table);
            content.AddRange(rows.Select(row => JsonSerializer.Serialize((IDictionary<string, object>)row)).Order(StringComparer.Ordinal));
        }

        Assert.Contains("scheduler_event", content);
        return string.Join('\n', content);
    }
}

public sealed class When_a_future_is_asked_for_in_memory() : When_a_future_is_asked_for(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_a_future_is_asked_for_on_real_engines(RealEngines servers) : When_a_future_is_asked_for(servers);
