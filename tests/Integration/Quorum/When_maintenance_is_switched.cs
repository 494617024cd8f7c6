using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Source: DESIGN 4, <c>maintenance on|off</c>; rules S4 and S7; ADR 0010. Through HTTP, bus and database.</summary>
[Trait("Rule", "S4")]
public sealed class When_maintenance_is_switched
{
    private static readonly (string, string)[] Two = [("n1", "a"), ("n2", "b")];

    [Fact]
    public async Task It_is_answered_once_every_node_that_is_online_has_it_in_its_journal()
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = "r1", IsOn = true }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsMaintenance, Two);
        HeartbeatAnswer told = await replica.BeatAsync("n1", "a");
        HeartbeatAnswer announced = await ConfirmAsync(replica, "n1", "a", isApplied: false);
        await ConfirmAsync(replica, "n1", "a", isApplied: true);
        await ConfirmAsync(replica, "n2", "b", isApplied: false);
        await replica.PassAsync(200);
        bool wasAnswered = replica.HasHeard<CommandAnswered>();
        await ConfirmAsync(replica, "n2", "b", isApplied: true);
        CommandAnswered answer = await replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.RequestId == "r1");

        Assert.Equal((OnLeaseLoss.Stop, OnLeaseLoss.Maintenance), (told.StoredOnLeaseLoss, told.LeaseLossOrder?.OnLeaseLoss));
        Assert.Equal(OnLeaseLoss.Maintenance, announced.StoredOnLeaseLoss);
        Assert.False(wasAnswered);
        Assert.Equal(ResultCode.Success, answer.Result);
        Assert.Equal(["maintenance is on, confirmed by n1, n2", "offline, and told when they come back: n3"], answer.Reasons);
    }

    [Fact]
    [Trait("Rule", "S7")]
    public async Task A_node_that_has_confirmed_is_neither_lost_nor_fenced_however_long_it_is_silent_and_lost_afterwards()
    {
        await using QuorumReplica replica = await FormedAsync();
        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = "r1", IsOn = true }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsMaintenance, Two);
        await ConfirmAsync(replica, "n1", "a", isApplied: true);

        await replica.PassAsync(6_000, ("n2", "b"));
        bool wasLost = replica.Heard<MembershipChanged>().Any(membership => membership.Nodes[0].State is NodeState.Lost or NodeState.Fenced);
        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = "r2", IsOn = false }, CancellationToken.None);
        CommandAnswered answer = await replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.RequestId == "r2", ("n2", "b"));
        await replica.PassAsync(6_000, ("n2", "b"));

        Assert.False(wasLost);
        Assert.Equal("offline, and told when they come back: n1, n3", answer.Reasons[1]);
        Assert.Equal(NodeState.Lost, replica.Heard<MembershipChanged>()[^1].Nodes[0].State);
    }

    /// <summary>A command that is sent again, or delivered late, must not undo what was ordered after it.</summary>
    [Fact]
    public async Task A_late_copy_of_an_answered_command_gets_its_answer_and_switches_nothing()
    {
        await using QuorumReplica replica = await FormedAsync();
        await SwitchAsync(replica, "r1", isOn: false);
        await SwitchAsync(replica, "r2", isOn: true, confirm: true);

        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = "r1", IsOn = false }, CancellationToken.None);
        await replica.PassUntilAsync(() => replica.Heard<CommandAnswered>().Count(answer => answer.RequestId == "r1") == 2);
        await replica.PassAsync(300);

        Assert.Equal(OnLeaseLoss.Maintenance, (await ConfirmAsync(replica, "n1", "a", isApplied: true)).LeaseLossOrder?.OnLeaseLoss);
    }

    [Fact]
    public async Task A_node_that_says_nothing_about_it_is_named_after_half_a_minute()
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = "r1", IsOn = true }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsMaintenance, Two);
        await replica.PassAsync(31_000, Two);
        CommandAnswered answer = await replica.HeardAsync<CommandAnswered>(answer => answer.RequestId == "r1");

        Assert.Equal((ResultCode.Fail, "maintenance is on, not confirmed within 30 s by n1, n2"), (answer.Result, answer.Reasons[0]));
    }

    [Theory]
    [InlineData("r\01")]
    [InlineData("")]
    [InlineData(null)]
    public async Task An_order_whose_request_id_nobody_can_keep_is_answered_and_switches_nothing(string? requestId)
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = requestId!, IsOn = true }, CancellationToken.None); // As JSON may have it.
        await replica.Bus.TryPublishAsync(new AcceptArbiter { RequestId = requestId!, Era = 1 }, CancellationToken.None);
        await replica.PassUntilAsync(() => replica.Heard<CommandAnswered>().Count == 2);

        Assert.All(replica.Heard<CommandAnswered>(), answer => Assert.Equal((ResultCode.Invalid, true), (answer.Result, answer.Reasons[0].Contains("requestId", StringComparison.Ordinal))));
        Assert.Equal(OnLeaseLoss.Stop, (await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 })).LeaseLossOrder?.OnLeaseLoss);
    }

    private static async Task<QuorumReplica> FormedAsync()
    {
        QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.PassUntilHeardAsync<QuorumFormed>(_ => true, Two);
        return replica;
    }

    private static async Task SwitchAsync(QuorumReplica replica, string request, bool isOn, bool confirm = false)
    {
        await replica.Bus.TryPublishAsync(new SetMaintenance { RequestId = request, IsOn = isOn }, CancellationToken.None);
        if (confirm)
        {
            await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsMaintenance == isOn);
            await ConfirmAsync(replica, "n1", "a", isApplied: true);
            await ConfirmAsync(replica, "n2", "b", isApplied: true);
        }

        await replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.RequestId == request);
    }

    private static async Task<HeartbeatAnswer> ConfirmAsync(QuorumReplica replica, string node, string incarnation, bool isApplied)
    {
        // A sequence is the time: one that was sent already would be a copy.
        await replica.PassAsync(100);
        return await replica.BeatAsync(node, incarnation, beat => beat with
        {
            Promise = beat.Promise with { IsSelfFencing = false, OnLeaseLoss = OnLeaseLoss.Maintenance, IsOnLeaseLossApplied = isApplied },
        });
    }
}
