using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Injection;

/// <summary>Any language may command the cluster: plain JSON to the exchange of the command, an answer to the queue it names. Source: DESIGN 5.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_program_injects_commands(RealEngines servers) : An_outsider(servers)
{
    [Theory]
    [InlineData("EnableService", "alreadyRunning")]
    [InlineData("RestartService", "success")]
    [InlineData("StopService", "success")]
    [InlineData("DisableService", "success")]
    [InlineData("RelocateService", "success")]
    [InlineData("MigrateService", "invalid")]
    [InlineData("FreezeService", "success")]
    [InlineData("UnfreezeService", "success")]
    [InlineData("ConvalesceService", "alreadyRunning")]
    [InlineData("ConfirmServiceStopped", "success")]
    [InlineData("UnparkService", "success")]
    public async Task Every_command_about_a_service_is_answered_to_reply_to(string command, string result)
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync(
            command, """{"requestId": "r1", "service": "web", "colour": "unknown fields do no harm"}""", message => message.CorrelationId = "c-7");

        Assert.Equal(("r1", "c-7", "application/json", nameof(CommandAnswered)), (reply.RequestId, reply.CorrelationId, reply.ContentType, reply.Type));
        Assert.Equal((result, "service:web"), (reply.Result, reply.Body.GetProperty("service").GetString()));
    }

    [Fact]
    public async Task Neither_correlation_id_nor_message_id_nor_content_type_is_needed()
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync("RestartService", """{"requestId": "r1", "service": "service:web"}""", message =>
        {
            message.ClearContentType();
            message.ClearMessageId();
        });

        Assert.Equal(("r1", "success", null), (reply.RequestId, reply.Result, reply.CorrelationId));
        Assert.Equal("n1", reply.Body.GetProperty("owner").GetString());
    }

    [Fact]
    public async Task An_envelope_of_MassTransit_is_answered_the_same_way()
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync(
            "RestartService",
            """{"messageType": ["urn:message:Quorate.Contracts.V1:RestartService"], "message": {"requestId": "r1", "service": "web"}}""",
            message => message.ContentType = "application/vnd.masstransit+json");

        Assert.Equal(("r1", "success"), (reply.RequestId, reply.Result));
    }

    [Fact]
    public async Task The_direct_reply_to_of_the_broker_is_a_queue_like_others()
    {
        await BeginAsync();
        await using Outsider direct = await ConnectAsync(isDirect: true);

        OutsiderReply reply = await direct.AskAsync("RestartService", """{"requestId": "r1", "service": "web"}""");

        Assert.Equal(("r1", "success"), (reply.RequestId, reply.Result));
        // The broker says of this queue that there is none; it delivers all the same.
        Assert.DoesNotContain(Cluster.Raised, message => message.Number == 40);
    }

    [Fact]
    public async Task A_command_sent_twice_is_carried_out_once_and_answered_twice()
    {
        await BeginAsync();

        OutsiderReply first = await Outside.AskAsync("RestartService", """{"requestId": "r1", "service": "web"}""");
        long epoch = (await Cluster.GetAsync("web")).Epoch;
        OutsiderReply second = await Outside.AskAsync("RestartService", """{"requestId": "r1", "service": "web"}""");

        Assert.Equal(first.Body.ToString(), second.Body.ToString());
        Assert.Equal(epoch, (await Cluster.GetAsync("web")).Epoch);
    }

    /// <summary>Two programs ask for the same; a third uses the id for something else and is refused, which takes no answer from the others.</summary>
    [Fact]
    public async Task Whoever_waits_for_a_command_under_way_gets_its_answer()
    {
        await BeginAsync();
        await using Outsider second = await ConnectAsync();
        await using Outsider third = await ConnectAsync();
        N1.Answer = _ => null;
        await Outside.PublishAsync("RestartService", """{"requestId": "r1", "service": "web"}""");
        await Eventually.HoldsAsync("it is under way", () => N1.Orders.Any(order => order.Action == NodeAction.Stop));

        await second.PublishAsync("RestartService", """{"requestId": "r1", "service": "web"}""");
        OutsiderReply refusal = await third.AskAsync("DisableService", """{"requestId": "r1", "service": "web"}""");
        await Eventually.HoldsAsync("both wait", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_reply") == 2);
        N1.Answer = ExecutorDouble.Succeed;
        await Cluster.PassUntilAsync("it is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "r1" && answer.Operation.Length > 0));

        Assert.Equal((true, "invalid"), (refusal.IsRefused, refusal.Result));
        Assert.Equal("success", (await Outside.NextAsync()).Result);
        Assert.Equal("success", (await second.NextAsync()).Result);
        Assert.Equal(0, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_reply"));
    }

    [Fact]
    public async Task An_unknown_service_is_answered_too()
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync("EnableService", """{"requestId": "r1", "service": "nosuch"}""");

        Assert.Equal(("r1", "noService", true), (reply.RequestId, reply.Result, reply.IsRefused));
        Assert.Contains("service:nosuch", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_expired_before_it_was_read_is_refused_and_changes_nothing()
    {
        await BeginAsync();

        OutsiderReply reply = await Outside.AskAsync(
            "DisableService", """{"requestId": "r1", "service": "web", "expiresAt": "2020-01-31T12:00:00Z"}""");

        Assert.Equal(("again", true), (reply.Result, reply.IsRefused));
        Assert.Contains("expired", reply.Reason, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
    }

    [Fact]
    public async Task What_expires_later_is_carried_out_and_a_late_copy_gets_its_answer()
    {
        await BeginAsync();
        DateTimeOffset until = Cluster.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        string body = $$"""{"requestId": "r1", "service": "web", "expiresAt": "{{until:O}}"}""";

        OutsiderReply first = await Outside.AskAsync("DisableService", body);
        Cluster.Time.Advance(TimeSpan.FromMinutes(2));
        OutsiderReply second = await Outside.AskAsync("DisableService", body);

        Assert.Equal(("success", "success"), (first.Result, second.Result));
    }

    [Fact, Trait("Message", "40")]
    public async Task An_answer_that_nobody_can_get_is_raised_and_holds_nothing_up()
    {
        await BeginAsync();

        await Outside.PublishAsync("RestartService", """{"requestId": "lost", "service": "web"}""", message => message.ReplyTo = "no-such-queue");

        await Cluster.UntilRaisedAsync(40);
        Assert.Contains(Cluster.Raised, message => message.Number == 40 && message.Text.Contains("lost", StringComparison.Ordinal));
        Assert.Equal("success", (await Outside.AskAsync("RestartService", """{"requestId": "r2", "service": "web"}""")).Result);
        await Eventually.HoldsAsync("nothing waits", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox") == 0);
    }

    /// <summary>Many answers that nobody takes neither fill the way of the orders nor that of other answers.</summary>
    [Fact, Trait("Message", "40")]
    public async Task A_queue_that_takes_no_answers_holds_nobody_else_up()
    {
        const int ManyMoreThanABatch = 250;
        await BeginAsync();
        string full = await Outside.FullQueueAsync();
        for (int i = 0; i < ManyMoreThanABatch; i++)
        {
            await Outside.PublishAsync("EnableService", $$"""{"requestId": "service:web {{i}}", "service": "nosuch"}""", message => message.ReplyTo = full);
        }

        OutsiderReply reply = await Outside.AskAsync("RestartService", """{"requestId": "service:web", "service": "web"}""");

        Assert.Equal("success", reply.Result);
        await Cluster.UntilRaisedAsync(40);
        await Eventually.HoldsAsync("nothing waits", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_reply_outbox") == 0);
        Assert.Equal(0, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox WHERE is_parked = 1"));
    }

    [Fact]
    public async Task So_many_may_wait_for_one_answer_and_no_more()
    {
        await BeginAsync();
        N1.Answer = _ => null;
        for (int i = 0; i < 20; i++)
        {
            await Outside.PublishAsync("RestartService", """{"requestId": "r1", "service": "web"}""", message => message.CorrelationId = $"{i}");
        }

        await Eventually.HoldsAsync("they wait", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_reply") == 16);
        await Outside.AskAsync("EnableService", """{"requestId": "r2", "service": "nosuch"}"""); // read after all of them
        Assert.Equal(16, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_reply"));
        N1.Answer = ExecutorDouble.Succeed;
        await Cluster.PassUntilAsync("it is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "r1" && answer.Operation.Length > 0));

        Assert.Equal("success", (await Outside.NextAsync()).Result);
    }
}
