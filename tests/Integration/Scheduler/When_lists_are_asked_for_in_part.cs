using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Services, nodes, transitions and commands by filter, and page by page.</summary>
public abstract class When_lists_are_asked_for_in_part(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    public async Task Services_and_nodes_are_told_by_state_node_and_domain()
    {
        await FormAsync();
        await Cluster.SetAsync("n3", NodeState.Left);
        await Eventually.HoldsAsync("n3 has left", async () => (await GetAsync<NodeView>("/api/nodes?state=left")).Count == 1);

        Assert.Equal(["service:only", "service:web"], (await GetAsync<ServiceView>("/api/services?state=started")).Select(service => service.Name.Value));
        Assert.Equal(["service:off"], (await GetAsync<ServiceView>("/api/services?state=failed,Disabled")).Select(service => service.Name.Value));
        Assert.Equal(3, (await GetAsync<ServiceView>("/api/services?state=started&state=disabled")).Count);
        Assert.Equal(3, (await GetAsync<ServiceView>("/api/services?state=&node=&domain=")).Count);
        Assert.Equal(["service:only"], (await GetAsync<ServiceView>("/api/services?node=n1&domain=ONE")).Select(service => service.Name.Value));
        Assert.Empty(await GetAsync<ServiceView>("/api/services?node=n2"));
        Assert.Equal(["n1", "n2"], (await GetAsync<NodeView>("/api/nodes?state=online")).Select(node => node.Name.Value));
    }

    [Theory]
    [InlineData("/api/services?state=running", "'running' is no state; it is one of uninitialized, stopped, starting, started, stopping, recoverable, recovering, failed, disabled, migrating")]
    [InlineData("/api/services?node=n9", "'n9' is no node; it is one of n1, n2, n3")]
    [InlineData("/api/services?domain=none", "'none' is no failover domain; it is one of one, order, stay")]
    [InlineData("/api/nodes?state=up", "'up' is no state; it is one of absent, online, lost, fenced, left")]
    [InlineData("/api/services/web/history?before=x", "before must be the id of a transition, such as ?before=1234")]
    [InlineData("/api/operations?state=done", "'done' is no state; it is one of accepted, taken, answered")]
    [InlineData("/api/operations?command=jump", "'jump' is no command; it is one of enable, disable, ")]
    [InlineData("/api/operations?result=good", "'good' is no result; it is one of success, fail, ")]
    [InlineData("/api/operations?last=many", "last must be a whole number, such as ?last=20")]
    [InlineData("/api/operations?before=nothing", "before is the operation of a command that was listed; there is none 'nothing', or not any more")]
    [InlineData("/api/operations?service=%00", "service, node and before are names, without control characters")]
    public async Task What_is_not_understood_is_answered_with_what_there_is(string path, string says)
    {
        await StartAsync("""<service name="web" domain="order"/>""");

        using HttpResponseMessage response = await Cluster.First.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith(says, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transitions_are_read_page_by_page_without_a_gap()
    {
        await StartAsync("""<service name="a b/c" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("a b/c", ServiceState.Started, "n1");
        foreach (string node in (string[])["n2", "n1"])
        {
            await Cluster.PostAsync("a b/c", "relocate", node, wait: 20);
        }
        IReadOnlyList<TransitionView> all = await Cluster.HistoryAsync("a b/c");

        List<IReadOnlyList<TransitionView>> pages = [];
        for (string? next = "/api/services/a%20b%2Fc/history?last=4"; next is not null;)
        {
            (IReadOnlyList<TransitionView> page, next) = await PageAsync<TransitionView>(next);
            pages.Add(page);
        }

        Assert.True(pages.Count > 1);
        Assert.Equal(all.Select(row => row.Id), Enumerable.Reverse(pages).SelectMany(page => page).Select(row => row.Id));
        Assert.All(pages.SkipLast(1), page => Assert.Equal(4, page.Count));
    }

    [Fact]
    public async Task Commands_are_told_with_their_answers_newest_first()
    {
        await FormAsync();
        await CommandAsync("web", "relocate", "n2", "first");
        await CommandAsync("off", "restart", null, "second");
        await CommandAsync("web", "freeze", null, "third");

        IReadOnlyList<OperationView> all = await GetAsync<OperationView>("/api/operations");
        OperationView first = all[^1];

        Assert.Equal(["third", "second", "first"], all.Select(told => told.RequestId));
        Assert.Equal(("relocate", "service:web", "n2", "answered", "n2"), (first.Command, first.Service?.Value, first.Node?.Value, first.State, first.Owner?.Value));
        Assert.Equal((ResultCode.Success, 0, false), (first.Result, first.Code, first.IsRefused));
        Assert.Equal((ResultCode.Invalid, -8, true), (all[1].Result, all[1].Code, all[1].IsRefused));
        Assert.True(first.AnsweredAt >= first.RequestedAt);
        Assert.NotEmpty(all[1].Reasons);
        Assert.Equal(["first"], await IdsAsync("?service=web&command=relocate,restart"));
        Assert.Equal(["second"], await IdsAsync("?result=invalid&result=fail"));
        Assert.Equal(["first"], await IdsAsync("?node=n2"));
        Assert.Equal(["third", "second", "first"], await IdsAsync("?state=answered"));
        Assert.Empty(await IdsAsync("?state=accepted,taken"));
        Assert.Equal(["second", "first"], await IdsAsync($"?before={all[0].Operation}"));
    }

    [Fact]
    public async Task One_command_is_found_by_either_of_its_ids()
    {
        await FormAsync();
        await CommandAsync("web", "freeze", null, "mine/1");

        OperationView byRequest = (await Cluster.First.Http.GetFromJsonAsync<OperationView>("/api/operations/mine%2F1", JsonSerializerOptions.Web))!; // it is there
        OperationView byOperation = (await Cluster.First.Http.GetFromJsonAsync<OperationView>($"/api/operations/{byRequest.Operation}", JsonSerializerOptions.Web))!; // likewise
        using HttpResponseMessage none = await Cluster.First.Http.GetAsync(new Uri("/api/operations/nothing", UriKind.Relative));

        Assert.Equal("mine/1", byOperation.RequestId);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("no command has the request id or operation 'nothing'", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Several of one millisecond, across a page.</summary>
    [Fact]
    public async Task Commands_are_read_page_by_page_without_a_gap_and_no_more_than_a_thousand_at_once()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        for (int number = 0; number < 1003; number++)
        {
            await Cluster.ExecuteAsync(
                "INSERT INTO scheduler_operation (request_id, operation, service, command, state, requested_at) VALUES (@id, @id, '', 'lock', 'accepted', @at)",
                new { id = number.ToString("0000", CultureInfo.InvariantCulture), at = number / 7 });
        }

        (IReadOnlyList<OperationView> first, string? next) = await PageAsync<OperationView>("/api/operations?last=5000&command=lock");
        (IReadOnlyList<OperationView> second, string? end) = await PageAsync<OperationView>(next ?? "");

        Assert.Equal(1000, first.Count);
        Assert.Equal(Enumerable.Range(0, 1003).Reverse().Select(number => number.ToString("0000", CultureInfo.InvariantCulture)), first.Concat(second).Select(told => told.RequestId));
        Assert.Contains("command=lock", next, StringComparison.Ordinal);
        Assert.Null(end);
    }

    private async Task FormAsync()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="off" autostart="0"/>""", """<service name="only" domain="one"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("only", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);
    }

    private async Task CommandAsync(string service, string command, string? node, string requestId)
    {
        Cluster.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Cluster.PostAsync(service, command, node, requestId, wait: 20);
    }

    private async Task<IReadOnlyList<T>> GetAsync<T>(string path) =>
        (await Cluster.First.Http.GetFromJsonAsync<List<T>>(path, JsonSerializerOptions.Web))!; // a list

    private async Task<IEnumerable<string>> IdsAsync(string query) => (await GetAsync<OperationView>($"/api/operations{query}")).Select(told => told.RequestId);

    /// <summary>One page, and where the next one is; null for none.</summary>
    private async Task<(IReadOnlyList<T> Page, string? Next)> PageAsync<T>(string path)
    {
        using HttpResponseMessage response = await Cluster.First.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string? link = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? Assert.Single(links) : null;
        Assert.True(link is null || (link.StartsWith('<') && link.EndsWith(">; rel=\"next\"", StringComparison.Ordinal)), link);
        return ((await response.Content.ReadFromJsonAsync<List<T>>(JsonSerializerOptions.Web))!, link?[1..link.IndexOf('>', StringComparison.Ordinal)]); // a list
    }
}

public sealed class When_lists_are_asked_for_in_part_in_memory() : When_lists_are_asked_for_in_part(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_lists_are_asked_for_in_part_on_real_engines(RealEngines servers) : When_lists_are_asked_for_in_part(servers);
