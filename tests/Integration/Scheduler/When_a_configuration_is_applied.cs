using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>A new cluster.conf over HTTP and over the bus: what is answered, what is refused and why, what is kept. Source: rgmanager.md 2.9.</summary>
public abstract class When_a_configuration_is_applied(RealEngines? servers) : A_scheduler(servers)
{
    private const string Web = """<service name="web" domain="order"><script name="x" file="/x"/></service>""";
    private const string Off = """<service name="off" autostart="0"/>""";
    private const string Idle = """<service name="idle" autostart="0"/>""";

    private const int QuorumIsAhead = 1229;

    [Fact]
    public async Task It_is_in_force_at_once_and_the_answer_says_what_it_changes()
    {
        await StartAsync(Web, Off);
        ConcurrentQueue<ConfigurationPublished> published = await ListenAsync();
        string text = Configurations.Text(2, Web.Replace("/x", "/y", StringComparison.Ordinal), Idle);

        Reply reply = await Cluster.First.ApplyAsync(text, "my-id");
        ConfigurationView inForce = await Cluster.First.ConfigurationAsync();

        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Code));
        Assert.Equal(
            [
                "version 2 is in force, after version 1",
                "service:web is adjusted: it keeps running; of its resources 1 stop, 1 start",
                "service:off is removed: it is no longer configured",
                "service:idle is added, not started: autostart is off, so it waits until it is enabled",
            ],
            reply.Reasons.Take(4));
        Assert.Equal((2, text, "my-id", true), (inForce.Version, inForce.Text, inForce.RequestId, inForce.IsInForce));
        await Eventually.HoldsAsync("the whole cluster is told", () => published.Any(message => message.Text == text && message.Digest == inForce.Digest));
        Assert.Equal(ServiceState.Uninitialized, (await Cluster.GetAsync("idle")).State);
    }

    [Fact]
    public async Task Every_version_is_kept_and_can_be_read()
    {
        await StartAsync(Web);
        string first = (await Cluster.First.ConfigurationAsync()).Text!; // one that is asked for alone has its text
        await Cluster.First.ApplyAsync(Configurations.Text(2, Web, Off));
        await Cluster.First.ApplyAsync(Configurations.Text(7, Web, Idle), "seventh");

        IReadOnlyList<ConfigurationView> history = await Cluster.First.ConfigurationHistoryAsync();
        ConfigurationView earlier = await Cluster.First.ConfigurationAsync(1);

        Assert.Equal([(7, true, "seventh"), (2, false, history[1].RequestId), (1, false, "")], history.Select(view => (view.Version, view.IsInForce, view.RequestId)));
        Assert.All(history, view => Assert.Null(view.Text));
        Assert.Equal((1, first, false), (earlier.Version, earlier.Text, earlier.IsInForce));
        Assert.Equal([7], (await Cluster.First.ConfigurationHistoryAsync("?last=1")).Select(view => view.Version));
    }

    [Theory]
    [InlineData("/api/config?version=9", HttpStatusCode.NotFound)]
    [InlineData("/api/config?version=-1", HttpStatusCode.BadRequest)]
    [InlineData("/api/config?version=1.5", HttpStatusCode.BadRequest)]
    [InlineData("/api/config?version=first", HttpStatusCode.BadRequest)]
    [InlineData("/api/config/history?last=x", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_read_is_said(string path, HttpStatusCode expected)
    {
        await StartAsync(Web);

        using HttpResponseMessage response = await Cluster.First.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task The_same_request_gets_the_same_answer_and_changes_nothing_twice()
    {
        await StartAsync(Web);
        string text = Configurations.Text(2, Web, Idle);

        Reply raw = await Cluster.First.ApplyAsync(text, "my-id");
        Reply json = await Cluster.First.ApplyJsonAsync(new { requestId = "my-id", text });
        Reply another = await Cluster.First.ApplyAsync(Configurations.Text(3, Web), "my-id");

        Assert.Equal(HttpStatusCode.OK, raw.Status);
        Assert.All([json, another], reply => Assert.Equal((raw.Status, raw.Body.ToString()), (reply.Status, reply.Body.ToString())));
        Assert.Equal([2, 1], (await Cluster.First.ConfigurationHistoryAsync()).Select(view => view.Version));
    }

    [Fact]
    public async Task A_refusal_is_the_same_for_the_same_request_too()
    {
        await StartAsync(Web);

        Reply refused = await Cluster.First.ApplyAsync(Configurations.Text(1, Web, Idle), "my-id");
        Reply again = await Cluster.First.ApplyAsync(Configurations.Text(2, Web), "my-id");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal((refused.Status, refused.Body.ToString()), (again.Status, again.Body.ToString()));
    }

    [Fact]
    public async Task A_body_of_json_is_applied_with_an_id_of_its_own_or_without()
    {
        await StartAsync(Web);

        Reply named = await Cluster.First.ApplyJsonAsync(new { requestId = "my-id", text = Configurations.Text(2, Web, Idle) });
        Reply nameless = await Cluster.First.ApplyJsonAsync(new { text = Configurations.Text(3, Web) });

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [named.Status, nameless.Status]);
        Assert.Equal(3, (await Cluster.First.ConfigurationAsync()).Version);
        Assert.Equal("my-id", (await Cluster.First.ConfigurationAsync(2)).RequestId);
    }

    [Fact]
    public async Task The_text_in_force_again_is_no_change()
    {
        await StartAsync(Web);

        Reply reply = await Cluster.First.ApplyAsync((await Cluster.First.ConfigurationAsync()).Text!); // one that is asked for alone has its text

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(["version 1 is in force already"], reply.Reasons);
        Assert.Single(await Cluster.First.ConfigurationHistoryAsync());
    }

    [Theory]
    [InlineData("config_version=\"2\"", "config_version=\"1\"", "its config_version is 1, and version 1 is in force: raise it above that")]
    [InlineData("name=\"test\"", "name=\"prod\"", "it is the configuration of cluster 'prod', and this is 'test'; the name of a cluster never changes")]
    [InlineData("</cluster>", "", "it has errors, and nothing was changed: mend them (quorate validate FILE) and apply it again")]
    [InlineData("<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/>", "", "n3 is taken out, and is online: stop its executor first, which hands over its services")]
    [InlineData(
        "<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/>",
        "<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/><clusternode name=\"n4\" nodeid=\"4\" votes=\"5\"/>",
        "the nodes that are online would have 3 of 5 votes needed: quorum would dissolve and every service stop")]
    public async Task What_would_harm_is_refused_and_nothing_changes(string part, string instead, string reason)
    {
        await StartAsync(Web);
        await FormAsync();
        string text = Configurations.Text(2, Web, Idle);
        Assert.Contains(part, text, StringComparison.Ordinal);

        Reply reply = await Cluster.First.ApplyAsync(text.Replace(part, instead, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Invalid), (reply.Status, reply.Code));
        Assert.StartsWith(reason, reply.Reasons[0], StringComparison.Ordinal);
        Assert.Single(await Cluster.First.ConfigurationHistoryAsync());
        Assert.Equal(0, await Cluster.ScalarAsync<int>("SELECT COUNT(*) FROM scheduler_service WHERE name = 'service:idle'"));
    }

    /// <summary>Previously whatever was newer came into force: a file with a node left out took that node from the cluster while it ran services.</summary>
    [Theory]
    [InlineData("name=\"test\"", "name=\"prod\"", "it is the configuration of cluster 'prod', and this is 'test'")]
    [InlineData("<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/>", "", "n3 is taken out, and is online: stop its executor first")]
    [InlineData("<clusternode name=\"n3\"", "<clusternode name=\"n2\"", "it has errors, the first in line ")]
    [InlineData(
        "<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/>",
        "<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/><clusternode name=\"n4\" nodeid=\"4\" votes=\"5\"/>",
        "the nodes that are online would have 3 of 5 votes needed: quorum would dissolve")]
    public async Task What_would_harm_is_refused_in_a_newer_file_at_start_too(string part, string instead, string reason)
    {
        await StartAsync(Web);
        await FormAsync();
        string file = Cluster.Engines.Options.ConfigurationFile;
        await File.WriteAllTextAsync(file, Configurations.Text(2, Web, Idle).Replace(part, instead, StringComparison.Ordinal));

        await ReadFileAsAtStartAsync();

        string said = Assert.Single(Cluster.First.Logs.Logged(1225));
        Assert.StartsWith($"{file} (version 2) is not taken, and version 1 stays in force: {reason}", said, StringComparison.Ordinal);
        Assert.EndsWith($"put it into force with quorate config apply {file}, or start a scheduler again", said, StringComparison.Ordinal);
        Assert.Equal(1, (await Cluster.First.ConfigurationAsync()).Version);
        Assert.Single(await Cluster.First.ConfigurationHistoryAsync());
        Assert.Equal(0, await Cluster.ScalarAsync<int>("SELECT COUNT(*) FROM scheduler_service WHERE name = 'service:idle'"));
        Assert.Equal(0, (await Cluster.PostAsync("web", "restart", wait: 20)).Code);
    }

    [Fact]
    public async Task A_newer_file_at_start_that_harms_nothing_comes_into_force()
    {
        await StartAsync(Web);
        await FormAsync();
        await File.WriteAllTextAsync(Cluster.Engines.Options.ConfigurationFile, Configurations.Text(2, Web, Idle));

        await ReadFileAsAtStartAsync();

        Assert.Empty(Cluster.First.Logs.Logged(1225));
        Assert.Equal(2, (await Cluster.First.ConfigurationAsync()).Version);
        await Cluster.PassUntilAsync("it is evaluated", async () => (await Cluster.GetAsync("idle")).State == ServiceState.Disabled);
    }

    /// <summary>Previously it was taken while no node was up; quorum, which takes no such file, went on by the one before.</summary>
    [Fact]
    public async Task One_without_nodes_is_refused_although_none_is_up()
    {
        await StartAsync(Web);

        Reply reply = await Cluster.First.ApplyAsync("<cluster name=\"test\" config_version=\"2\"/>");

        Assert.Equal(HttpStatusCode.Conflict, reply.Status);
        Assert.Equal(1, (await Cluster.First.ConfigurationAsync()).Version);
    }

    /// <summary>Rule S6: what nobody has proven off may still run something.</summary>
    [Fact]
    [Trait("Rule", "S6")]
    public async Task A_node_that_is_lost_is_not_taken_out()
    {
        await StartAsync(Web);
        await FormAsync();
        await Cluster.SetAsync("n3", NodeState.Lost);
        await UntilMembershipIsStoredAsync();

        Reply reply = await Cluster.First.ApplyAsync(WithoutThird(2));

        Assert.Equal((HttpStatusCode.Conflict, "n3 is taken out, and is lost: it has to be fenced first"), (reply.Status, reply.Reasons[0]));
    }

    [Fact]
    [Trait("Rule", "S11")]
    public async Task A_node_that_may_still_run_something_is_not_taken_out()
    {
        await StartAsync(Web);
        await Cluster.ExecuteAsync(
            "UPDATE scheduler_service SET document = @document, state = 'started', owner = 'n3' WHERE name = 'service:web'",
            new { document = Documents.Owned("service:web", "started", "n3", "c1") });

        Reply reply = await Cluster.First.ApplyAsync(WithoutThird(2));

        Assert.Equal((HttpStatusCode.Conflict, "n3 is taken out, and service:web may still run there: see quorate status"), (reply.Status, reply.Reasons[0]));
    }

    [Fact]
    public async Task A_node_that_has_left_is_taken_out()
    {
        await StartAsync(Web);
        await FormAsync();
        await Cluster.SetAsync("n3", NodeState.Left);
        await UntilMembershipIsStoredAsync();

        Reply reply = await Cluster.First.ApplyAsync(WithoutThird(2));

        Assert.True(reply.Status == HttpStatusCode.OK, string.Join(' ', reply.Reasons));
    }

    [Fact]
    public async Task An_id_belongs_to_one_command_only()
    {
        await StartAsync(Web, Off);
        await FormAsync();
        await Cluster.PostAsync("off", "enable", requestId: "enabled");
        await Cluster.First.ApplyAsync(Configurations.Text(2, Web, Off), "applied");

        Reply apply = await Cluster.First.ApplyAsync(Configurations.Text(3, Web, Off), "enabled");
        Reply enable = await Cluster.PostAsync("off", "enable", requestId: "applied");

        Assert.Equal((HttpStatusCode.Conflict, "requestId enabled was used for another command: enable service:off"), (apply.Status, apply.Reasons[0]));
        Assert.Equal(HttpStatusCode.Conflict, enable.Status);
        Assert.Contains("apply-configuration", enable.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(2, (await Cluster.First.ConfigurationAsync()).Version);
    }

    [Fact]
    public async Task A_request_that_is_none_is_told_what_is_wrong()
    {
        await StartAsync(Web);

        Reply[] replies =
        [
            await Cluster.First.ApplyAsync("   "),
            await Cluster.First.ApplyAsync("<cluster/>\0"),
            await Cluster.First.ApplyAsync(new string('x', (4 * 1024 * 1024) + 1)),
            await Cluster.First.ApplyAsync(Configurations.Text(2, Web), new string('i', 201)),
            await Cluster.First.ApplyJsonAsync(new { requestId = "my-id" }),
            await Cluster.First.ApplyJsonAsync(new[] { "text" }),
        ];

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.BadRequest, reply.Status));
        Assert.Single(await Cluster.First.ConfigurationHistoryAsync());
    }

    [Fact]
    public async Task Over_the_bus_it_is_answered_over_the_bus_once_for_each_message()
    {
        await StartAsync(Web);
        ApplyConfiguration command = new() { RequestId = "my-id", Text = Configurations.Text(2, Web, Idle) };

        await Cluster.First.Bus.TryPublishAsync(command);
        CommandAnswered first = (await AnsweredAsync("my-id", 1))[0];
        await Cluster.First.Bus.TryPublishAsync(command);
        CommandAnswered second = (await AnsweredAsync("my-id", 2))[1];

        Assert.Equal((ResultCode.Success, false, "version 2 is in force, after version 1"), (first.Result, first.IsRefused, first.Reasons[0]));
        Assert.Equal((first.Operation, first.Reasons[0]), (second.Operation, second.Reasons[0]));
        Assert.Equal([2, 1], (await Cluster.First.ConfigurationHistoryAsync()).Select(view => view.Version));
    }

    [Fact]
    public async Task Over_the_bus_what_cannot_be_used_is_answered_as_invalid()
    {
        await StartAsync(Web, Off);
        await FormAsync();
        await Cluster.PostAsync("off", "enable", requestId: "enabled");

        await Cluster.First.Bus.TryPublishAsync(new ApplyConfiguration { RequestId = "empty", Text = "" });
        await Cluster.First.Bus.TryPublishAsync(new ApplyConfiguration { RequestId = "broken", Text = "<cluster" });
        await Cluster.First.Bus.TryPublishAsync(new ApplyConfiguration { RequestId = "enabled", Text = Configurations.Text(2, Web) });
        CommandAnswered empty = (await AnsweredAsync("empty", 1))[0];
        CommandAnswered broken = (await AnsweredAsync("broken", 1))[0];
        await Eventually.HoldsAsync("the id of another is refused", () => Cluster.Answers.Any(answer => answer.RequestId == "enabled" && answer.IsRefused));

        Assert.Equal((ResultCode.Invalid, true, "text must be a whole cluster.conf"), (empty.Result, empty.IsRefused, empty.Reasons[0]));
        Assert.Equal((ResultCode.Invalid, true), (broken.Result, broken.IsRefused));
        Assert.Single(await Cluster.First.ConfigurationHistoryAsync());
    }

    /// <summary>In memory there is no second scheduler that could be started; the first reads its file anew.</summary>
    private Task ReadFileAsAtStartAsync() => Cluster.First.Services.GetRequiredService<ConfigurationLoader>().LoadAsync(CancellationToken.None);

    private async Task FormAsync()
    {
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    private async Task<IReadOnlyList<CommandAnswered>> AnsweredAsync(string requestId, int times)
    {
        await Eventually.HoldsAsync($"{requestId} is answered", () => Cluster.Answers.Count(answer => answer.RequestId == requestId) >= times);
        return [.. Cluster.Answers.Where(answer => answer.RequestId == requestId)];
    }

    private Task UntilMembershipIsStoredAsync() => Eventually.HoldsAsync(
        "the membership is stored", async () => await Cluster.ScalarAsync<long>("SELECT generation FROM scheduler_membership WHERE id = 1") == Cluster.Generation);

    /// <summary>Its publication was lost: a membership that still counts by the older one says so, and it is told again (rule S13).</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public async Task Quorum_is_told_again_until_it_counts_by_the_one_in_force()
    {
        await StartAsync("""<service name="web"/>""");
        await Cluster.FormAsync();
        ConcurrentQueue<ConfigurationPublished> published = await ListenAsync();

        await Cluster.PublishMembershipAsync(configurationVersion: 0, digest: "another");
        await Eventually.HoldsAsync("it is told again", () => !published.IsEmpty);
        await Cluster.PublishMembershipAsync(configurationVersion: 99, digest: "newer");
        await Eventually.HoldsAsync("it is told to the operator", () => Cluster.First.Logs.Logged(QuorumIsAhead).Count == 1);

        string inForce = await Cluster.ScalarAsync<string>("SELECT digest FROM scheduler_configuration ORDER BY version DESC LIMIT 1");
        Assert.All(published, told => Assert.Equal(inForce, told.Digest));
    }

    private async Task<ConcurrentQueue<ConfigurationPublished>> ListenAsync()
    {
        ConcurrentQueue<ConfigurationPublished> heard = new();
        await Cluster.First.Endpoints.ConnectAsync($"listen.{Guid.NewGuid():N}", endpoint => endpoint.Temporary().On<ConfigurationPublished>((message, _, _) =>
        {
            heard.Enqueue(message);
            return Task.CompletedTask;
        }));
        return heard;
    }

    private static string WithoutThird(int version) => Configurations.Text(version, Web)
        .Replace("<clusternode name=\"n3\" nodeid=\"3\" votes=\"1\"/>", "", StringComparison.Ordinal)
        .Replace("<failoverdomainnode name=\"n3\" priority=\"3\"/>", "", StringComparison.Ordinal);
}

public sealed class When_a_configuration_is_applied_in_memory() : When_a_configuration_is_applied(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_a_configuration_is_applied_on_real_engines(RealEngines servers) : When_a_configuration_is_applied(servers);
