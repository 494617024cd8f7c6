using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Injection;

/// <summary>What comes in that is no command: raised under its number, answered with the reason, kept in the error queue. Source: #37 to #39.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_message_cannot_be_understood(RealEngines servers) : An_outsider(servers)
{
    private const string Envelope = "application/vnd.masstransit+json";

    [Theory, Trait("Message", "37")]
    [InlineData("", "application/json", "empty")]
    [InlineData("no JSON at all", "application/json", "no JSON")]
    [InlineData("""{"requestId": "r1", "serv""", "application/json", "cut short")]
    [InlineData("""{"requestId": "r1", "service": "web"} and more""", "application/json", "no JSON")]
    [InlineData("", Envelope, "empty")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:Disab""", Envelope, "cut short")]
    [InlineData("""{"requestId": "r1", "service": "web"}""", Envelope, "no envelope")]
    public async Task Nothing_that_can_be_read(string body, string contentType, string reason) => await IsRefusedAsync(37, body, contentType, reason);

    [Theory, Trait("Message", "38")]
    [InlineData("""{"requestId": "r1", "service": "web", "contractVersion": 2}""", "application/json", "version 2")]
    [InlineData("""{"requestId": "r1", "service": "web", "contractVersion": "one"}""", "application/json", "version one")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V3:DisableService"], "message": {"requestId": "r1", "service": "web"}}""", Envelope, "version 3")]
    public async Task Another_version_of_the_contracts(string body, string contentType, string reason) => await IsRefusedAsync(38, body, contentType, reason);

    [Theory, Trait("Message", "39")]
    [InlineData("""{"requestId": "r1"}""", "application/json", "missing: service")]
    [InlineData("""{"service": "web"}""", "application/json", "missing: requestId")]
    [InlineData("{}", "application/json", "requestId")]
    [InlineData("""{"requestId": "r1", "service": "nosuch", "Service": "web"}""", "application/json", "there twice")]
    [InlineData("""{"requestId": "r1", "service": "nosuch", "service": "web"}""", "application/json", "there twice")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:DisableService"], "message": {"requestId": "r1", "service": "nosuch", "SERVICE": "web"}}""", Envelope, "there twice")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:DisableService"], "MESSAGETYPE": [], "message": {"requestId": "r1", "service": "web"}}""", Envelope, "there twice")]
    [InlineData("[]", "application/json", "no object")]
    [InlineData("null", "application/json", "no object")]
    [InlineData("""{"requestId": "r1", "service": ""}""", "application/json", "'service'")]
    [InlineData("""{"requestId": "r1", "service": 7}""", "application/json", "'service'")]
    [InlineData("""{"requestId": 7, "service": "web"}""", "application/json", "'requestId'")]
    [InlineData("""{"requestId": "r1", "service": "web", "expiresAt": "soon"}""", "application/json", "expected an instant")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:DisableService"], "message": {"requestId": "r1"}}""", Envelope, "missing: service")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:NoSuchThing"], "message": {"requestId": "r1"}}""", Envelope, "NoSuchThing")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:EnableService"], "message": {"requestId": "r1", "service": "web"}}""", Envelope, "exchange of its own type")]
    [InlineData("""{"messageType": [], "message": {"requestId": "r1", "service": "web"}}""", Envelope, "what type")]
    public async Task Something_is_missing_or_wrong(string body, string contentType, string reason) => await IsRefusedAsync(39, body, contentType, reason);

    /// <summary>Who may publish where is decided by the exchange; the header must not lead around it.</summary>
    [Fact, Trait("Message", "39")]
    public async Task A_header_that_names_another_type_than_the_exchange()
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync("FreezeService", """{"requestId": "r1", "service": "web"}""", message =>
            message.Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Quorate.Contracts.V1:DisableService" });

        Assert.Contains("exchange of its own type", reply.Reason, StringComparison.Ordinal);
        await Cluster.UntilRaisedAsync(39);
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
    }

    /// <summary>Nor does an exchange of one's own: whoever may publish to one of ours could bind anything to it.</summary>
    [Theory, Trait("Message", "39")]
    [InlineData("""{"requestId": "r1", "service": "web"}""", "application/json")]
    [InlineData("""{"messageType": ["urn:message:Quorate.Contracts.V1:DisableService"], "message": {"requestId": "r1", "service": "web"}}""", Envelope)]
    public async Task An_exchange_that_is_not_ours_and_leads_to_one_of_ours(string body, string contentType)
    {
        await BeginAsync();
        await Outside.BindOwnAsync("observer.own", "GetService");

        OutsiderReply reply = await Outside.AskAsync("observer.own", body, message =>
        {
            message.ContentType = contentType;
            message.Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Quorate.Contracts.V1:DisableService" };
        });

        Assert.Contains("exchange of its own type", reply.Reason, StringComparison.Ordinal);
        await Cluster.UntilRaisedAsync(39);
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
    }

    private async Task IsRefusedAsync(int number, string body, string contentType, string reason)
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync("DisableService", body, message =>
        {
            message.ContentType = contentType;
            message.CorrelationId = "c-1";
        });

        Assert.Equal(("invalid", true, "c-1"), (reply.Result, reply.IsRefused, reply.CorrelationId));
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
        await Cluster.UntilRaisedAsync(number);
        Assert.Contains(Cluster.Raised, message => message.Number == number && message.Text.Contains(reason, StringComparison.Ordinal));
        Assert.Single(Cluster.First.Logs.Logged(number));
        await Eventually.HoldsAsync("it is kept", async () => await Outside.CountAsync("scheduler.v1_error") == 1);
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
        Assert.Equal("success", (await Outside.AskAsync("RestartService", """{"requestId": "r2", "service": "web"}""")).Result);
    }
}
