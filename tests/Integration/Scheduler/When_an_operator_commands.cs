using System.Net;
using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Commands over HTTP and over the bus, and their answers. Source: the part 4; rgmanager.md 3.5, 5.4.</summary>
public abstract class When_an_operator_commands(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    public async Task A_command_is_accepted_and_carried_out()
    {
        await FormAsync();

        Reply reply = await Cluster.PostAsync("off", "enable");

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal(32, reply.Operation.Length);
        await Cluster.UntilAsync("off", ServiceState.Started);
    }

    /// <summary>Its message lies somewhere, as after an outage: what was asked for last is what holds in the end.</summary>
    [Fact]
    public async Task Commands_of_a_service_are_taken_in_the_order_they_were_accepted_in_although_a_message_is_late()
    {
        await FormAsync();
        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, state, requested_at)
            VALUES ('early', 'o1', 'service:off', 'enable', 'accepted', 1)
            """);

        await Cluster.PostAsync("off", "disable", requestId: "late");
        await Cluster.PassUntilAsync("both are answered", () => Cluster.Answers.Count(answer => answer.RequestId is "early" or "late") == 2);
        await Cluster.SettleAsync("off");
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "early", Service = new("service:off") });
        await Cluster.PostAsync("off", "restart", requestId: "last");
        await Cluster.PassUntilAsync("the last one is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "last"));

        Assert.Equal(ServiceState.Disabled, (await Cluster.GetAsync("off")).State);
        Assert.Equal(["early", "late"], Cluster.Answers.Select(answer => answer.RequestId).Where(id => id is "early" or "late").Distinct());
    }

    /// <summary>The word of an operator names the life of the node it was said about, however late it is delivered.</summary>
    [Fact]
    [Trait("Rule", "S5")]
    public async Task An_acknowledged_fence_names_the_incarnation_that_is_lost()
    {
        await FormAsync();
        using HttpResponseMessage online = await Cluster.First.Http.PostAsJsonAsync("/api/nodes/n3/acknowledge-fence", new { });
        await Cluster.SetAsync("n3", NodeState.Lost);
        await Eventually.HoldsAsync(
            "the loss is stored",
            async () => (await Cluster.First.Http.GetFromJsonAsync<List<NodeView>>("/api/nodes", System.Text.Json.JsonSerializerOptions.Web))!
                .Single(node => node.Name.Value == "n3").State == NodeState.Lost);

        using HttpResponseMessage lost = await Cluster.First.Http.PostAsJsonAsync("/api/nodes/n3/acknowledge-fence", new { });

        Assert.Equal(HttpStatusCode.Conflict, online.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, lost.StatusCode);
        await Eventually.HoldsAsync("it is passed on", () => Task.FromResult(Cluster.Acknowledged.Count == 1));
        Assert.Equal("c1", Cluster.Acknowledged[0].Incarnation?.Value);
    }

    /// <summary>Source: DESIGN 4. The quorum service carries it out; here it is passed on once and its answer waited for.</summary>
    [Fact]
    public async Task Maintenance_is_passed_on_and_answered_by_who_switches_it()
    {
        await FormAsync();
        TaskCompletionSource<SetMaintenance> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Cluster.First.Endpoints.ConnectAsync("test.maintenance", endpoint => endpoint.Temporary().On<SetMaintenance>(async (message, _, ct) =>
        {
            heard.TrySetResult(message);
            await Cluster.First.Bus.TryPublishAsync(
                new CommandAnswered { RequestId = message.RequestId, Operation = message.RequestId, Result = ResultCode.Success, Code = 0, Reasons = ["confirmed"] }, ct);
        }));

        // What is sent before the other side listens is sent again: time has to pass for that.
        Task<HttpResponseMessage> asked = Cluster.First.Http.PostAsJsonAsync("/api/maintenance/on?wait=100", new { requestId = "m1" });
        await Cluster.PassUntilAsync("maintenance is answered", () => asked.IsCompleted);
        using HttpResponseMessage done = await asked;
        using HttpResponseMessage again = await Cluster.First.Http.PostAsJsonAsync("/api/maintenance/on?wait=20", new { requestId = "m1" });
        using HttpResponseMessage other = await Cluster.First.Http.PostAsJsonAsync("/api/maintenance/off", new { requestId = "m1" });
        using HttpResponseMessage wrong = await Cluster.First.Http.PostAsJsonAsync("/api/maintenance/maybe", new { });

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.BadRequest], new[] { done, again, other, wrong }.Select(reply => reply.StatusCode));
        Assert.Equal(new SetMaintenance { RequestId = "m1", IsOn = true }, await heard.Task);
        Assert.Contains("confirmed", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_wait_the_answer_says_how_it_ended_and_where_it_runs()
    {
        await FormAsync();

        Reply enable = await Cluster.PostAsync("off", "enable", "n3", wait: 20);
        Reply restart = await Cluster.PostAsync("off", "restart", wait: 20);
        Reply relocate = await Cluster.PostAsync("off", "relocate", "n2", wait: 20);
        Reply stop = await Cluster.PostAsync("off", "stop", wait: 20);
        Reply disable = await Cluster.PostAsync("off", "disable", wait: 20);

        Assert.All([enable, restart, relocate, stop, disable], reply => Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Code)));
        Assert.Equal("Success", enable.Body.GetProperty("result").GetString());
        Assert.Equal(["n3", "n3", "n2", null, null], new[] { enable, restart, relocate, stop, disable }.Select(reply => reply.Owner));
        Assert.All([enable, disable], reply => Assert.NotEmpty(reply.Reasons));
        Assert.Equal(ServiceState.Disabled, (await Cluster.GetAsync("off")).State);
    }

    [Fact]
    public async Task A_refused_command_is_a_conflict_with_its_code_and_reasons()
    {
        await FormAsync();

        Reply relocate = await Cluster.PostAsync("off", "relocate", wait: 20);
        Reply unknownNode = await Cluster.PostAsync("off", "enable", "n9", wait: 20);
        Reply running = await Cluster.PostAsync("only", "enable", wait: 20);
        Reply alone = await Cluster.PostAsync("only", "relocate", wait: 20);
        Reply illegal = await Cluster.PostAsync("only", "relocate", "n2", wait: 20);

        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Invalid), (relocate.Status, relocate.Code));
        Assert.Contains("enable it first", relocate.Reasons[0], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.NoNode), (unknownNode.Status, unknownNode.Code));
        Assert.Contains("n9", unknownNode.Reasons[0], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Domain), (illegal.Status, illegal.Code));
        Assert.Equal((HttpStatusCode.OK, (int)ResultCode.AlreadyRunning), (running.Status, running.Code));
        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Relocated), (alone.Status, alone.Code));
        Assert.Equal("n1", (await Cluster.GetAsync("only")).Owner?.Value);
    }

    [Fact]
    public async Task Without_quorum_a_command_is_refused()
    {
        await StartAsync("""<service name="web"/>""");

        Reply reply = await Cluster.PostAsync("web", "enable", wait: 20);

        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Quorum), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task What_is_unknown_is_not_found_and_what_is_malformed_is_a_bad_request()
    {
        await FormAsync();
        HttpClient http = Cluster.First.Http;

        Assert.Equal(HttpStatusCode.NotFound, (await Cluster.PostAsync("nothing", "enable")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Cluster.PostAsync("off", "explode")).Status);
        using HttpResponseMessage get = await http.GetAsync("/api/services/nothing");
        using HttpResponseMessage history = await http.GetAsync("/api/services/nothing/history");
        using HttpResponseMessage garbage = await http.PostAsync("/api/services/off/enable", new StringContent("{no json"));
        using HttpResponseMessage wrongType = await http.PostAsync("/api/services/off/enable", new StringContent("""{"node": 5}"""));
        Reply longId = await Cluster.PostAsync("off", "enable", requestId: new string('x', 201));
        using HttpResponseMessage empty = await http.PostAsync("/api/services/off/enable", null);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest],
            new[] { get.StatusCode, history.StatusCode, garbage.StatusCode, wrongType.StatusCode, longId.Status });
        Assert.Equal(HttpStatusCode.Accepted, empty.StatusCode);
    }

    [Fact]
    public async Task A_number_that_is_none_is_answered_with_a_sentence_and_a_huge_wait_is_cut()
    {
        await FormAsync();
        HttpClient http = Cluster.First.Http;

        using HttpResponseMessage word = await http.PostAsync("/api/services/off/enable?wait=soon", null);
        using HttpResponseMessage last = await http.GetAsync("/api/services/off/history?last=all");
        using HttpResponseMessage huge = await http.PostAsync("/api/services/off/enable?wait=99999999999999999999", null);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK], new[] { word.StatusCode, last.StatusCode, huge.StatusCode });
        Assert.Contains("number of seconds", await word.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("whole number", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>PostgreSQL keeps no NUL in a text: what cannot be stored is refused, not failed upon.</summary>
    [Theory]
    [InlineData("a\\u0000b")]
    [InlineData("a\\nb")]
    [InlineData("a\\ud800b")]
    public async Task A_request_id_that_cannot_be_stored_is_refused(string escaped)
    {
        await FormAsync();

        using HttpResponseMessage response = await Cluster.First.Http.PostAsync(
            "/api/services/off/enable", new StringContent($$"""{"requestId": "{{escaped}}"}"""));
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "a\0b", Service = new("service:off") });
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "node", Service = new("service:off"), Node = new("n\01") });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await Eventually.HoldsAsync("the bus refuses them too", () => new[] { "a\0b", "node" }.All(id =>
            Cluster.Answers.Any(answer => answer.RequestId == id && answer.Result == ResultCode.Invalid)));
    }

    [Theory]
    [InlineData("fence")]
    [InlineData("acknowledge-fence")]
    public async Task An_incarnation_and_a_node_that_cannot_be_stored_are_refused(string command)
    {
        await FormAsync();
        HttpClient http = Cluster.First.Http;

        using HttpResponseMessage order = await http.PostAsync($"/api/nodes/n3/{command}", new StringContent("""{"incarnation": "c\u00001"}"""));
        using HttpResponseMessage node = await http.PostAsync($"/api/nodes/n%003/{command}", null);
        using HttpResponseMessage log = await http.GetAsync("/api/fencing?node=n%003");

        Assert.All([order, node, log], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        Assert.Contains("incarnation", await order.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A device that does not answer is tried every minute for ever.</summary>
    [Fact]
    public async Task Of_what_fence_agents_came_to_only_the_last_is_kept()
    {
        await FormAsync();
        await Cluster.ExecuteAsync("""
            INSERT INTO scheduler_fence_attempt (node, at, document)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            SELECT 'n3', i, '{}' FROM n
            """);

        await Cluster.First.Bus.TryPublishAsync(Attempt("n4"));
        await Cluster.First.Bus.TryPublishAsync(Attempt("n3"));

        await Eventually.HoldsAsync("the newest of n3 is there", async () => await Cluster.ScalarAsync<long>("SELECT MAX(at) FROM scheduler_fence_attempt WHERE node = 'n3'") > 10_000_000);
        Assert.Equal(10_000, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_fence_attempt WHERE node = 'n3'"));
        await Eventually.HoldsAsync("that of n4 stays", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_fence_attempt WHERE node = 'n4'") == 1);

        FenceAttempted Attempt(string node) => new()
        {
            Node = new(node),
            Incarnation = new("c1"),
            Round = 1,
            Method = "m",
            Device = "d",
            Agent = "a",
            Action = "off",
            Outcome = "failed",
            Detail = "",
            At = Cluster.Time.GetUtcNow(),
            DurationMilliseconds = 1,
            Replica = "q1",
        };
    }

    [Fact]
    public async Task The_same_request_id_is_carried_out_once_and_answered_alike()
    {
        (ExecutorDouble n1, ExecutorDouble n2, ExecutorDouble n3) = await FormAsync();

        Reply first = await Cluster.PostAsync("off", "enable", "n2", "my-id", wait: 20);
        Reply second = await Cluster.PostAsync("off", "enable", "n2", "my-id", wait: 20);
        Reply accepted = await Cluster.PostAsync("off", "enable", "n2", "my-id");
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "my-id", Service = new("service:off"), Node = new("n2") });
        await Eventually.HoldsAsync("the bus has the same answer", () => Cluster.Answers.Count(answer => answer.RequestId == "my-id") >= 2);

        Assert.Equal((first.Status, first.Code, first.Operation), (second.Status, second.Code, second.Operation));
        Assert.Equal((HttpStatusCode.Accepted, first.Operation), (accepted.Status, accepted.Operation));
        Assert.All(Cluster.Answers.Where(answer => answer.RequestId == "my-id"), answer => Assert.Equal(first.Operation, answer.Operation));
        Assert.Single(n1.Orders.Concat(n2.Orders).Concat(n3.Orders), order => order.Service.Value == "service:off");
    }

    [Fact]
    public async Task A_request_id_used_for_another_command_is_refused_and_the_first_keeps_its_answer()
    {
        await FormAsync();
        Reply first = await Cluster.PostAsync("off", "enable", null, "my-id", wait: 20);

        Reply other = await Cluster.PostAsync("off", "disable", null, "my-id", wait: 20);
        Reply otherService = await Cluster.PostAsync("web", "enable", null, "my-id");
        await Cluster.First.Bus.TryPublishAsync(new DisableService { RequestId = "my-id", Service = new("service:off") });
        await Eventually.HoldsAsync("the bus refuses it", () => Cluster.Answers.Any(answer =>
            answer is { RequestId: "my-id", Result: ResultCode.Invalid }));
        Reply again = await Cluster.PostAsync("off", "enable", null, "my-id", wait: 20);

        Assert.Equal((HttpStatusCode.Conflict, (int)ResultCode.Invalid), (other.Status, other.Code));
        Assert.Equal(HttpStatusCode.Conflict, otherService.Status);
        Assert.Equal((HttpStatusCode.OK, 0, first.Operation), (again.Status, again.Code, again.Operation));
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("off")).State);
    }

    [Fact]
    public async Task A_command_over_the_bus_is_answered_over_the_bus()
    {
        await FormAsync();

        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "bus-1", Service = new("service:off") });
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "bus-2", Service = new("service:nothing") });
        await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "", Service = new("service:off") });

        await Eventually.HoldsAsync("all are answered", () => new[] { "bus-1", "bus-2", "" }.All(id => Cluster.Answers.Any(answer => answer.RequestId == id)));
        CommandAnswered done = Cluster.Answers.Single(answer => answer.RequestId == "bus-1");
        Assert.Equal((ResultCode.Success, 0), (done.Result, done.Code));
        Assert.NotNull(done.Owner);
        Assert.Equal(ResultCode.NoService, Cluster.Answers.Single(answer => answer.RequestId == "bus-2").Result);
        Assert.Equal(ResultCode.Invalid, Cluster.Answers.Single(answer => answer.RequestId.Length == 0).Result);
    }

    [Theory]
    [InlineData("my web server")]
    [InlineData("a/b/c")]
    [InlineData("a:b")]
    [InlineData("50% off & more")]
    [InlineData("a%2Fb")]
    [InlineData("a%252fb/c")]
    public async Task A_name_may_hold_anything(string name)
    {
        string full = $"service:{name}";
        await StartAsync($"""<service name="{name.Replace("&", "&amp;", StringComparison.Ordinal)}" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync(full, ServiceState.Disabled);

        Reply reply = await Cluster.PostAsync(full, "enable", wait: 20);

        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Code));
        Assert.Equal(full, (await Cluster.GetAsync(full)).Name.Value);
        Assert.NotEmpty(await Cluster.HistoryAsync(full));
    }

    [Fact]
    public async Task The_history_says_who_asked_what_happened_and_why()
    {
        await FormAsync();
        await Cluster.PostAsync("off", "enable", "n2", "my-id", wait: 20);

        IReadOnlyList<TransitionView> history = await Cluster.HistoryAsync("off");

        Assert.Equal(
            [(ServiceState.Uninitialized, ServiceState.Disabled), (ServiceState.Disabled, ServiceState.Starting), (ServiceState.Starting, ServiceState.Started)],
            history.Where(step => step.From != step.To).Select(step => (step.From, step.To)));
        Assert.Equal(history.Select(step => step.Id).Order(), history.Select(step => step.Id));
        Assert.All(history, step => Assert.NotEmpty(step.Reason));
        Assert.Equal((1L, "n2"), (history[^1].Epoch, history[^1].Owner?.Value));
    }

    [Fact]
    public async Task The_views_agree_and_list_everything()
    {
        await FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started);
        HttpClient http = Cluster.First.Http;

        ClusterView cluster = (await http.GetFromJsonAsync<ClusterView>("/api/cluster"))!;
        List<NodeView> nodes = (await http.GetFromJsonAsync<List<NodeView>>("/api/nodes"))!;
        List<ServiceView> services = (await http.GetFromJsonAsync<List<ServiceView>>("/api/services"))!;

        Assert.Equal(("test", true, 1L), (cluster.Name, cluster.IsQuorate, cluster.Generation));
        Assert.Equal(["n1", "n2", "n3"], nodes.Select(node => node.Name.Value));
        Assert.All(nodes, node => Assert.Equal(NodeState.Online, node.State));
        Assert.Equal(["service:off", "service:only", "service:web"], services.Select(service => service.Name.Value));
    }

    [Fact]
    public async Task It_describes_itself_and_says_that_it_is_ready()
    {
        await FormAsync();
        HttpClient http = Cluster.First.Http;

        string description = await http.GetStringAsync("/openapi/v1.json");
        await Eventually.HoldsAsync("it is ready", async () =>
        {
            using HttpResponseMessage ready = await http.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK;
        });
        using HttpResponseMessage live = await http.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.All(
            ["/api/cluster", "/api/nodes", "/api/services", "/api/services/{name}", "/api/services/{name}/history", "/api/services/{name}/{command}"],
            path => Assert.Contains($"\"{path}\"", description, StringComparison.Ordinal));
    }

    private async Task<(ExecutorDouble N1, ExecutorDouble N2, ExecutorDouble N3)> FormAsync()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="off" autostart="0"/>""", """<service name="only" domain="one"/>""");
        (ExecutorDouble N1, ExecutorDouble N2, ExecutorDouble N3) nodes = await Cluster.FormAsync();
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        await Cluster.UntilAsync("only", ServiceState.Started, "n1");
        return nodes;
    }
}

public sealed class When_an_operator_commands_in_memory() : When_an_operator_commands(null);

[Collection(RealEngines.Collection)]
public sealed class When_an_operator_commands_on_real_engines(RealEngines servers) : When_an_operator_commands(servers);
