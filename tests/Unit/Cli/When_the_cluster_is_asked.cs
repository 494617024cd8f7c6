using System.Net;
using System.Text;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Contracts;
using CommandResponse = Quorate.Scheduler.Service.Api.CommandResponse;

namespace Quorate.Tests.Unit.Cli;

/// <summary>What goes over the wire, and what is made of what comes back.</summary>
public sealed class When_the_cluster_is_asked
{
    private static readonly CommandRequest Request = new() { RequestId = "r1", Node = "n2" };

    [Fact]
    public async Task A_name_is_percent_encoded()
    {
        using Wire wire = new(_ => Answer(HttpStatusCode.OK, """{"result":"Success","code":0}"""));

        await AskAsync(wire, "service:a b/c", TimeSpan.FromSeconds(60));

        Assert.Equal(["POST http://one/api/services/service%3Aa%20b%2Fc/enable?wait=60 {\"node\":\"n2\",\"requestId\":\"r1\"}"], wire.Sent);
    }

    [Theory]
    [InlineData(true, "on")]
    [InlineData(false, "off")]
    public async Task Maintenance_is_switched_for_the_whole_cluster(bool isOn, string word)
    {
        using Wire wire = new(_ => Answer(HttpStatusCode.OK, """{"result":"Success","code":0,"reasons":["confirmed by n1"]}"""));
        using ClusterApi api = new([new Uri("http://one")], wire);

        CommandReply reply = await api.SetMaintenanceAsync(isOn, new CommandRequest { RequestId = "r1" }, TimeSpan.FromSeconds(60), CancellationToken.None);

        Assert.Equal([$"POST http://one/api/maintenance/{word}?wait=60 {{\"requestId\":\"r1\"}}"], wire.Sent);
        Assert.Equal(ResultCode.Success, reply.Result);
    }

    [Fact]
    public async Task The_next_address_is_asked_when_one_is_dead()
    {
        using Wire wire = new(request => request.RequestUri?.Host == "one"
            ? throw new HttpRequestException("refused")
            : Answer(HttpStatusCode.Accepted, """{"operation":"17"}"""));

        CommandReply reply = await AskAsync(wire, "service:web", wait: null);

        Assert.Equal("17", reply.Operation);
        Assert.Equal(2, wire.Sent.Count);
    }

    [Fact]
    public async Task All_dead_is_no_answer()
    {
        using Wire wire = new(_ => throw new HttpRequestException("refused"));

        var silence = await Assert.ThrowsAsync<NoAnswerException>(() => AskAsync(wire, "service:web", wait: null));

        Assert.Contains("http://one", silence.Message, StringComparison.Ordinal);
        Assert.Contains("http://two", silence.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, """{"result":"Service does not exist","code":-4,"reasons":["unknown"]}""", ResultCode.NoService)]
    [InlineData(HttpStatusCode.NotFound, "", ResultCode.NoService)]
    [InlineData(HttpStatusCode.Conflict, """{"result":"Operation requires quorum","code":-9,"reasons":[]}""", ResultCode.Quorum)]
    [InlineData(HttpStatusCode.Conflict, "plain words", ResultCode.Fail)]
    public async Task A_refusal_is_an_answer(HttpStatusCode status, string body, ResultCode expected)
    {
        using Wire wire = new(_ => Answer(status, body));

        CommandReply reply = await AskAsync(wire, "service:web", wait: null);

        Assert.Equal(expected, reply.Result);
    }

    /// <summary>What the scheduler really sends, for every code there is: the CLI must not turn one into another.</summary>
    [Fact]
    public async Task What_the_scheduler_answers_is_read_back_whole()
    {
        foreach (ResultCode code in Enum.GetValues<ResultCode>())
        {
            string sent = JsonSerializer.Serialize(
                new CommandResponse("17", ResultCodeText.Of(code), (int)code, new NodeName("n2"), ["n1: lost"]), JsonSerializerOptions.Web);
            foreach (HttpStatusCode status in new[] { HttpStatusCode.OK, HttpStatusCode.Conflict })
            {
                using Wire wire = new(_ => Answer(status, sent));

                CommandReply reply = await AskAsync(wire, "service:web", TimeSpan.FromSeconds(60));

                Assert.Equal((code, (int)code, new NodeName("n2")), (reply.Result, reply.Code, reply.Owner));
                Assert.Equal(["n1: lost"], reply.Reasons);
            }
        }
    }

    [Fact]
    public async Task Problem_details_become_the_reason_and_not_the_text_of_a_message()
    {
        using Wire wire = new(_ => Answer(HttpStatusCode.NotFound, """{"type":"x","title":"y","status":404,"detail":"no node n9 is configured"}"""));
        using ClusterApi api = new([new Uri("http://one")], wire);

        CommandReply reply = await api.AcknowledgeFenceAsync(new NodeName("n9"), Request, wait: null, CancellationToken.None);

        Assert.Equal(ResultCode.NoNode, reply.Result);
        Assert.Equal(["no node n9 is configured"], reply.Reasons);
    }

    [Fact]
    public async Task An_outage_is_told_in_the_schedulers_own_sentence()
    {
        using Wire wire = new(_ => Answer(HttpStatusCode.ServiceUnavailable, """{"title":"the database does not answer","status":503,"detail":"try again in a moment"}"""));
        using ClusterApi api = new([new Uri("http://one")], wire);

        NoAnswerException silence = await Assert.ThrowsAsync<NoAnswerException>(() => api.GetClusterAsync(CancellationToken.None));

        Assert.EndsWith(": try again in a moment", silence.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "boom")]
    [InlineData(HttpStatusCode.OK, "<html>not ours</html>")]
    public async Task What_is_not_the_clusters_is_no_answer(HttpStatusCode status, string body)
    {
        using Wire wire = new(_ => Answer(status, body));

        await Assert.ThrowsAsync<NoAnswerException>(() => AskAsync(wire, "service:web", wait: null));
    }

    private static async Task<CommandReply> AskAsync(Wire wire, string service, TimeSpan? wait)
    {
        using ClusterApi api = new([new Uri("http://one"), new Uri("http://two")], wire);
        return await api.OrderAsync(new ServiceName(service), "enable", Request, wait, CancellationToken.None);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Wire(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
            Sent.Add($"{request.Method} {request.RequestUri?.AbsoluteUri} {body.ReplaceLineEndings(string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal)}");
            HttpResponseMessage response = answer(request);
            response.RequestMessage = request;
            return response;
        }
    }
}
