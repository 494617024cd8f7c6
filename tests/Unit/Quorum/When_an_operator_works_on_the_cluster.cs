using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Fencing;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Core.Maintenance;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 4, <c>maintenance on</c>; rules S2, S4, S6 and S7; ADR 0010.</summary>
public sealed class When_an_operator_works_on_the_cluster
{
    private static readonly ArbiterState Working = Cluster.Quorate with { IsMaintenance = true, MaintenanceChange = 1 };

    private static readonly LeaseRow Held = Cluster.Leased("n1", "a", 100) with
    {
        IsSelfFencing = false, OnLeaseLoss = OnLeaseLoss.Maintenance, IsOnLeaseLossApplied = true,
    };

    [Fact]
    public void Every_node_is_told_so_and_told_otherwise_afterwards()
    {
        ClusterNode keeps = new(new NodeName("n1"), 1, 1) { KeepsOnLeaseLoss = true };

        Assert.Equal(OnLeaseLoss.Maintenance, LeaseLossPolicy.OrderFor(keeps, Working, 1).OnLeaseLoss);
        Assert.Equal(OnLeaseLoss.Keep, LeaseLossPolicy.OrderFor(keeps, Working with { IsMaintenance = false }, 1).OnLeaseLoss);
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_silent_node_is_not_lost()
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, 10_000, Working, Held);

        Assert.Empty(Silence.FindLost(watch, reading, Cluster.Noon));
        Assert.Null(Silence.NextAt(watch, reading));
    }

    /// <summary>It may still stop by itself: while its guard has not confirmed, silence means what it always means.</summary>
    [Fact]
    [Trait("Rule", "S2")]
    public void One_that_has_not_announced_it_is()
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, 10_000, Working, Cluster.Leased("n1", "a", 100));

        Assert.Single(Silence.FindLost(watch, reading, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void Afterwards_its_silence_counts_from_then_on()
    {
        ArbiterState over = Working with { IsMaintenance = false };
        (Watch watch, _) = Watch.Nothing.Watching(0, 10_000, Working, Held);

        (Watch soon, Reading early) = watch.Watching(10_100, 11_100, over, Held);
        (Watch later, Reading late) = watch.Watching(10_100, 11_300, over, Held);

        Assert.Empty(Silence.FindLost(soon, early, Cluster.Noon));
        Assert.Single(Silence.FindLost(later, late, Cluster.Noon));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void And_no_time_fences_it_while_its_row_says_that_it_is_held()
    {
        Assert.Null(TimeFencing.WaitFor(Held.As(LeaseState.Lost), Working with { IsMaintenance = false }));
    }

    [Theory]
    [Trait("Rule", "S6")]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void No_device_is_used_by_itself(bool isMaintenance, int claims)
    {
        ClusterConfiguration configuration = WithDevice();
        LeaseRow lost = Cluster.Leased("n1", "a", 100).As(LeaseState.Lost);

        Assert.Equal(claims, Due(configuration, Cluster.Quorate with { IsMaintenance = isMaintenance }, lost, []).Length);
    }

    [Fact]
    [Trait("Rule", "S6")]
    public void What_somebody_asks_for_is_done_all_the_same()
    {
        FenceRow wanted = new()
        {
            Node = new NodeName("n1"), Incarnation = new Incarnation("a"), State = FenceState.Wanted, Claim = 0, Step = 0, Round = 0,
            Patience = TimeSpan.Zero, Replica = "", Reason = "asked for",
        };

        Assert.Single(Due(WithDevice(), Working, Held, [wanted]));
    }

    [Fact]
    public void The_membership_says_so_in_a_generation_of_its_own()
    {
        var before = Cluster.Evaluate(Cluster.Quorate, null, null, Cluster.Of("n1"), Held)!.Membership;

        MembershipTransition next = Cluster.Evaluate(Working with { Generation = before.Generation }, before, null, Cluster.Of("n1"), Held)!;

        Assert.True(next.Membership.IsMaintenance);
        Assert.Equal("maintenance begins", next.Reason);
    }

    [Theory]
    [InlineData(true, OnLeaseLoss.Maintenance, true, "maintenance is on, confirmed by n1")]
    [InlineData(true, OnLeaseLoss.Maintenance, false, null)]
    [InlineData(true, OnLeaseLoss.Stop, true, null)]
    [InlineData(false, OnLeaseLoss.Maintenance, true, null)]
    [InlineData(false, OnLeaseLoss.Keep, false, "maintenance is off, confirmed by n1")]
    public void The_command_is_done_when_the_nodes_that_are_online_have_followed(bool isOn, OnLeaseLoss says, bool isApplied, string? reason)
    {
        MaintenanceAnswer? answer = Progress(isOn, Held with { OnLeaseLoss = says, IsOnLeaseLossApplied = isApplied });

        Assert.Equal(reason, answer?.Reasons[0]);
        Assert.Equal(reason is null ? null : ResultCode.Success, answer?.Result);
        Assert.Equal(reason is null ? null : "offline, and told when they come back: n2", answer?.Reasons[1]);
    }

    [Fact]
    public void Those_that_do_not_follow_are_named_after_a_while()
    {
        MaintenanceAnswer? answer = Progress(isOn: true, Cluster.Leased("n1", "a", 100), after: MaintenanceProgress.Patience);

        Assert.Equal((ResultCode.Fail, "maintenance is on, not confirmed within 30 s by n1"), (answer!.Result, answer.Reasons[0]));
    }

    [Fact]
    public void Somebody_who_switches_again_is_answered_and_the_first_one_told()
    {
        MaintenanceAnswer? answer = MaintenanceProgress.Find(
            new MaintenanceRequest("r", IsOn: true, Change: 1, Cluster.Noon), Cluster.Of("n1"), [Held], Working with { MaintenanceChange = 2 }, Cluster.Noon);

        Assert.Equal(ResultCode.Invalid, answer?.Result);
    }

    private static MaintenanceAnswer? Progress(bool isOn, LeaseRow row, TimeSpan after = default) => MaintenanceProgress.Find(
        new MaintenanceRequest("r", isOn, Working.MaintenanceChange, Cluster.Noon),
        Cluster.Of("n1", "n2"),
        [row, Cluster.Leased("n2", "b", 1).As(LeaseState.Fenced)],
        Working with { IsMaintenance = isOn },
        Cluster.Noon + after);

    private static ClusterConfiguration WithDevice()
    {
        ClusterConfiguration configuration = Cluster.Of("n1", "n2", "n3");
        FenceDevice device = new("bmc", "fence_test", false, ImmutableSortedDictionary<string, string>.Empty);
        return configuration with { Nodes = [.. configuration.Nodes.Select(node => node with { FenceMethods = [new FenceMethod("1", [device])] })] };
    }

    private static ImmutableArray<FencingClaim> Due(ClusterConfiguration configuration, ArbiterState arbiter, LeaseRow row, ImmutableArray<FenceRow> fences)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, 60_000, arbiter, row);
        return FencingDue.Find(watch, reading with { Fences = fences }, configuration, Cluster.Timing);
    }
}
