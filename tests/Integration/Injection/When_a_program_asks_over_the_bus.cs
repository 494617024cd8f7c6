using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Injection;

/// <summary>The queries of the bus say what HTTP says; an unknown name is answered, it does not time out.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_program_asks_over_the_bus(RealEngines servers) : An_outsider(servers)
{
    [Theory]
    [InlineData("GetCluster", "{}", "/api/cluster", nameof(ClusterView))]
    [InlineData("GetService", """{"service": "web"}""", "/api/services/web", nameof(ServiceView))]
    public async Task It_gets_what_HTTP_says(string query, string body, string path, string type)
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync(query, body, message => message.CorrelationId = "c-3");

        JsonElement http = await Cluster.First.Http.GetFromJsonAsync<JsonElement>(path);
        Assert.Equal((type, "c-3"), (reply.Type, reply.CorrelationId));
        Assert.True(JsonElement.DeepEquals(http, reply.Body), $"{http}\n{reply.Body}");
    }

    [Fact]
    public async Task It_gets_the_history_of_a_service()
    {
        await BeginAsync();
        await Outside.AskAsync("RestartService", """{"requestId": "r1", "service": "web"}""");

        OutsiderReply all = await Outside.AskAsync("GetHistory", """{"service": "web"}""");
        OutsiderReply last = await Outside.AskAsync("GetHistory", """{"service": "web", "last": 1}""");
        OutsiderReply before = await Outside.AskAsync("GetHistory", $$"""{"service": "web", "before": {{last.Body.GetProperty("transitions")[0].GetProperty("id")}}}""");

        JsonElement http = await Cluster.First.Http.GetFromJsonAsync<JsonElement>("/api/services/web/history");
        Assert.True(JsonElement.DeepEquals(http, all.Body.GetProperty("transitions")));
        Assert.Equal("started", Assert.Single(last.Body.GetProperty("transitions").EnumerateArray()).GetProperty("to").GetString());
        Assert.Equal(all.Body.GetProperty("transitions").GetArrayLength() - 1, before.Body.GetProperty("transitions").GetArrayLength());
    }

    [Theory]
    [InlineData("GetService")]
    [InlineData("GetHistory")]
    public async Task An_unknown_name_is_not_found(string query)
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync(query, """{"service": "nosuch"}""");

        Assert.Equal((nameof(NotFound), "noService", -4), (reply.Type, reply.Result, reply.Body.GetProperty("code").GetInt32()));
        Assert.Contains("service:nosuch", reply.Body.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_without_a_field_is_answered_with_what_is_missing()
    {
        await BeginAsync();

        Assert.Contains("missing: service", (await Outside.AskAsync("GetService", "{}")).Reason, StringComparison.Ordinal);
    }

    [Fact, Trait("Message", "39")]
    public async Task A_question_without_reply_to_is_kept_with_its_reason()
    {
        await BeginAsync();

        await Outside.PublishAsync("GetCluster", "{}", message => message.ClearReplyTo());

        await Cluster.UntilRaisedAsync(39);
        Assert.Contains(Cluster.Raised, message => message.Text.Contains("reply_to", StringComparison.Ordinal));
        await Eventually.HoldsAsync("it is kept", async () => await Outside.CountAsync("scheduler.queries.v1_error") == 1);
    }
}
