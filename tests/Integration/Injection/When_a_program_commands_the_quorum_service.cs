using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Quorum;

namespace Quorate.Tests.Integration.Injection;

/// <summary>The commands about nodes and the whole cluster are answered to reply_to like those about services, some of them long after they came.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_program_commands_the_quorum_service(RealEngines servers)
{
    private static readonly (string, string)[] Two = [("n1", "a"), ("n2", "b")];

    [Theory]
    [InlineData("LockServices", "{}", "success")]
    [InlineData("UnlockServices", "{}", "success")]
    [InlineData("DrainNode", """{"node": "n2"}""", "success")]
    [InlineData("UndrainNode", """{"node": "n2"}""", "success")]
    [InlineData("DrainNode", """{"node": "n9"}""", "noNode")]
    [InlineData("FenceNode", """{"node": "n9"}""", "noNode")]
    [InlineData("AcknowledgeFence", """{"node": "n2"}""", "invalid")]
    [InlineData("AcceptArbiter", """{"era": 7}""", "invalid")]
    public async Task Each_is_answered_to_reply_to(string command, string fields, string result)
    {
        (QuorumReplica replica, Outsider outsider) = await BeginAsync();
        await using QuorumReplica disposed = replica;
        await using Outsider closed = outsider;

        OutsiderReply reply = await outsider.AskAsync(command, WithId(fields), message => message.CorrelationId = "c-5");

        Assert.Equal(("r1", result, "c-5", nameof(CommandAnswered)), (reply.RequestId, reply.Result, reply.CorrelationId, reply.Type));
        Assert.NotEmpty(reply.Reason);
    }

    /// <summary>Maintenance is answered when every node has confirmed it, by whichever replica sees that; the one who asked is remembered until then.</summary>
    [Fact]
    public async Task An_answer_that_takes_time_finds_everybody_who_asked()
    {
        (QuorumReplica replica, Outsider outsider) = await BeginAsync();
        await using QuorumReplica disposed = replica;
        await using Outsider first = outsider;
        await using Outsider second = await ConnectAsync();
        await first.PublishAsync("SetMaintenance", WithId("""{"isOn": true}"""));
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsMaintenance, Two);
        await second.PublishAsync("SetMaintenance", WithId("""{"isOn": true}"""));
        // What comes behind it in the same queue is answered, so it was taken.
        await second.AskAsync("DrainNode", """{"requestId": "r2", "node": "n9"}""");

        replica.OnLeaseLoss = OnLeaseLoss.Maintenance;
        await replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.RequestId == "r1", Two);

        Assert.Equal(("r1", "success"), Of(await first.NextAsync()));
        Assert.Equal(("r1", "success"), Of(await second.NextAsync()));
    }

    [Fact]
    public async Task What_expired_is_refused_here_too()
    {
        (QuorumReplica replica, Outsider outsider) = await BeginAsync();
        await using QuorumReplica disposed = replica;
        await using Outsider closed = outsider;

        OutsiderReply reply = await outsider.AskAsync("LockServices", """{"requestId": "r1", "expiresAt": "2020-01-31T12:00:00Z"}""");
        await replica.PassAsync(500, Two);

        Assert.Equal(("again", true), (reply.Result, reply.IsRefused));
        Assert.False(replica.Heard<MembershipChanged>()[^1].IsLocked);
    }

    /// <summary>A late copy of an old order must not undo a newer one, and an id that means two things must not hide the second.</summary>
    [Fact]
    public async Task An_id_means_one_order_for_ever()
    {
        (QuorumReplica replica, Outsider outsider) = await BeginAsync();
        await using QuorumReplica disposed = replica;
        await using Outsider closed = outsider;
        OutsiderReply drained = await outsider.AskAsync("DrainNode", """{"requestId": "r1", "node": "n2"}""");

        OutsiderReply other = await outsider.AskAsync("UndrainNode", """{"requestId": "r1", "node": "n2"}""");
        OutsiderReply maintenance = await outsider.AskAsync("SetMaintenance", """{"requestId": "r1", "isOn": true}""");
        await outsider.AskAsync("UndrainNode", """{"requestId": "r2", "node": "n2"}""");
        OutsiderReply again = await outsider.AskAsync("DrainNode", """{"requestId": "r1", "node": "n2"}""");
        await replica.PassAsync(500, Two);

        Assert.Equal(("success", false), (drained.Result, drained.IsRefused));
        Assert.Equal(("invalid", true), (other.Result, other.IsRefused));
        Assert.Contains("was used for DrainNode n2", other.Reason, StringComparison.Ordinal);
        Assert.Contains("this is SetMaintenance on", maintenance.Reason, StringComparison.Ordinal);
        Assert.Equal(drained.Body.ToString(), again.Body.ToString());
        Assert.DoesNotContain(replica.Heard<MembershipChanged>()[^1].Nodes, node => node.IsDrained);
        Assert.False(replica.Heard<MembershipChanged>()[^1].IsMaintenance);
    }

    private static (string, string) Of(OutsiderReply reply) => (reply.RequestId, reply.Result);

    private static string WithId(string fields) => fields == "{}" ? """{"requestId": "r1"}""" : $$"""{"requestId": "r1", {{fields[1..]}}""";

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..9] + ".";

    private async Task<(QuorumReplica Replica, Outsider Outsider)> BeginAsync()
    {
        QuorumReplica replica = await QuorumReplica.StartAsync(bus: (await servers.RabbitMqAsync(), _prefix));
        await replica.PassUntilHeardAsync<QuorumFormed>(_ => true, Two);
        return (replica, await ConnectAsync());
    }

    private async Task<Outsider> ConnectAsync() => await Outsider.ConnectAsync(await servers.RabbitMqAsync(), _prefix);
}
