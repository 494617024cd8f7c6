using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 3, S6: only while quorate, at least one heartbeat after the loss, after the joining time at a cold start.</summary>
[Trait("Rule", "S6")]
public sealed class When_fencing_is_due
{
    private static readonly LeaseRow Lost = Cluster.Leased("n3", "c", 7).As(LeaseState.Lost);

    [Fact]
    public void A_lost_node_is_fenced_one_heartbeat_after_its_loss()
    {
        Assert.Empty(Due(Configured(), Cluster.Quorate, lostForMilliseconds: 100));
        FencingClaim claim = Assert.Single(Due(Configured(), Cluster.Quorate, lostForMilliseconds: 200));

        Assert.Equal((new NodeName("n3"), new Incarnation("c"), 1), (claim.Node, claim.Incarnation, claim.Round));
        Assert.Null(claim.Seen);
    }

    [Fact]
    public void Post_fail_delay_holds_it_back()
    {
        ClusterConfiguration patient = Configured() with { Fencing = new FencingSettings(TimeSpan.FromSeconds(2), TimeSpan.Zero) };

        Assert.Empty(Due(patient, Cluster.Quorate, lostForMilliseconds: 2_100));
        Assert.Single(Due(patient, Cluster.Quorate, lostForMilliseconds: 2_200));
    }

    [Fact]
    public void After_quorum_formed_nodes_get_time_to_join_first()
    {
        ClusterConfiguration cold = Configured() with { Fencing = new FencingSettings(TimeSpan.Zero, TimeSpan.FromSeconds(3)) };

        Assert.Empty(Due(cold, Cluster.Quorate, lostForMilliseconds: 2_900));
        Assert.Single(Due(cold, Cluster.Quorate, lostForMilliseconds: 3_000));
    }

    [Fact]
    public void Without_quorum_or_trust_nobody_is_fenced()
    {
        Assert.Empty(Due(Configured(), Cluster.Inquorate, lostForMilliseconds: 60_000));
        Assert.Empty(Due(Configured(), Cluster.Quorate with { IsTrusted = false }, lostForMilliseconds: 60_000));
    }

    [Fact]
    public void A_node_without_a_device_waits_for_its_guard_or_an_operator()
    {
        Assert.Empty(Due(Cluster.Of("n1", "n2", "n3"), Cluster.Quorate, lostForMilliseconds: 60_000));
    }

    /// <summary>It may heartbeat for ever while its stop hangs: ttl, margin, stop deadline and watchdog time after its lease was withdrawn it is cut off.</summary>
    [Fact, Trait("Rule", "S1")]
    public void A_node_that_beats_on_after_quorum_dissolved_and_formed_anew_is_fenced_when_its_promise_is_over()
    {
        ArbiterState formedAnew = Cluster.Quorate with { FormedAt = 6, Generation = 6 };
        LeaseRow withdrawn = Cluster.Leased("n3", "c", 7);
        double promised = (withdrawn.Ttl + QuorumTiming.MarginFor(withdrawn.Ttl) + withdrawn.StopDeadline + withdrawn.Watchdog + Cluster.Timing.HeartbeatInterval).TotalMilliseconds;

        Assert.Empty(Beating(promised - 100));
        FencingClaim claim = Assert.Single(Beating(promised));
        Assert.Equal((withdrawn.Incarnation, "it held a lease when quorum dissolved, and neither ended nor joined anew"), (claim.Incarnation, claim.Reason));

        ImmutableArray<FencingClaim> Beating(double milliseconds)
        {
            Watch watch = Watch.Nothing;
            Reading reading = Cluster.Read(0, formedAnew, withdrawn);
            for (double at = 0; at <= milliseconds; at += 100)
            {
                reading = Cluster.Read(at, formedAnew, withdrawn with { Sequence = 8 + (long)at });
                watch = watch.Next(reading, Configured(), Cluster.Timing);
            }

            return FencingDue.Find(watch, reading, Configured(), Cluster.Timing);
        }
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Fenced)]
    [InlineData(LeaseState.Left)]
    public void A_node_that_is_not_lost_is_not_fenced(LeaseState state)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, 60_000, Cluster.Quorate, Lost.As(state));

        Assert.Empty(FencingDue.Find(watch, reading, Configured(), Cluster.Timing));
    }

    [Fact]
    public void What_somebody_asked_for_begins_at_once_even_for_a_node_that_is_online()
    {
        FenceRow wanted = Fence(FenceState.Wanted, step: 0);

        FencingClaim claim = Assert.Single(Due(Cluster.Leased("n3", "c", 7), wanted, forMilliseconds: 0));

        Assert.Equal(wanted, claim.Seen);
    }

    /// <summary>A replica that fences is let work; only when it breaks its own promise another one takes over, in the same round.</summary>
    [Fact]
    public void A_fencing_that_stands_still_for_longer_than_promised_is_taken_over()
    {
        FenceRow running = Fence(FenceState.Running, step: 4) with { Round = 2 };

        Assert.Empty(Due(Lost, running, forMilliseconds: 4_900));
        Assert.Equal(2, Assert.Single(Due(Lost, running, forMilliseconds: 5_000)).Round);
    }

    [Fact]
    public void A_failed_fencing_is_tried_again_after_a_while_from_the_first_round()
    {
        FenceRow failed = Fence(FenceState.Failed, step: 9) with { Round = 3 };

        Assert.Empty(Due(Lost, failed, forMilliseconds: 59_900));
        Assert.Equal(1, Assert.Single(Due(Lost, failed, forMilliseconds: 60_000)).Round);
    }

    [Fact]
    public void The_fencing_of_an_earlier_incarnation_concerns_nobody()
    {
        FenceRow old = Fence(FenceState.Wanted, step: 0) with { Incarnation = new Incarnation("b") };

        Assert.Empty(Due(Cluster.Leased("n3", "c", 7), old, forMilliseconds: 60_000));
    }

    /// <summary>Whoever was to switch them on died after storing the node as fenced: nobody else would.</summary>
    [Fact]
    public void Devices_that_wait_to_be_switched_on_are_taken_up_when_their_replica_breaks_its_promise()
    {
        FenceRow dead = Fence(FenceState.Running, step: 5) with { SwitchedOff = [new FenceTarget(0, 0)] };
        LeaseRow fenced = Lost.As(LeaseState.Fenced);

        Assert.Empty(Due(fenced, dead, forMilliseconds: 4_900));
        Assert.Equal(dead, Assert.Single(Due(fenced, dead, forMilliseconds: 5_000)).Seen);
        Assert.Empty(Due(fenced, dead with { SwitchedOff = [] }, forMilliseconds: 60_000));
    }

    /// <summary>An operator's word ended an incarnation that no method could: what was switched off on the way comes on again.</summary>
    [Fact]
    public void After_an_acknowledgement_what_failed_rounds_switched_off_is_switched_on()
    {
        FenceRow failed = Fence(FenceState.Failed, step: 9) with { SwitchedOff = [new FenceTarget(0, 0)] };

        Assert.Single(Due(Lost.As(LeaseState.Fenced), failed, forMilliseconds: 60_000));
    }

    [Fact]
    public void An_earlier_life_is_switched_on_beside_a_later_one_that_is_well()
    {
        FenceRow old = Fence(FenceState.Failed, step: 9) with { Incarnation = new Incarnation("b"), SwitchedOff = [new FenceTarget(0, 0)] };

        Assert.Equal(new Incarnation("b"), Assert.Single(Due(Cluster.Leased("n3", "c", 7), old, forMilliseconds: 60_000)).Incarnation);
    }

    /// <summary>What comes on while the later life is cut off could hide that another device never went off.</summary>
    [Fact]
    public void Nothing_is_switched_on_for_an_earlier_life_while_a_later_one_is_lost_or_being_fenced()
    {
        FenceRow old = Fence(FenceState.Failed, step: 9) with { Incarnation = new Incarnation("b"), SwitchedOff = [new FenceTarget(0, 0)] };
        FenceRow wanted = Fence(FenceState.Wanted, step: 0);

        Assert.DoesNotContain(Due(Lost, old, forMilliseconds: 60_000), claim => claim.Incarnation == old.Incarnation);
        Assert.DoesNotContain(Due(Cluster.Leased("n3", "c", 7), forMilliseconds: 60_000, old, wanted), claim => claim.Incarnation == old.Incarnation);
    }

    /// <summary>Whoever switches on stops at its next step, and no agent of both runs at once.</summary>
    [Fact]
    public void A_later_life_is_fenced_once_nobody_switches_on_for_an_earlier_one()
    {
        FenceRow old = Fence(FenceState.Running, step: 5) with { Incarnation = new Incarnation("b"), SwitchedOff = [new FenceTarget(0, 0)] };

        Assert.Empty(Due(Lost, old, forMilliseconds: 4_900));
        Assert.Equal(Lost.Incarnation, Assert.Single(Due(Lost, old, forMilliseconds: 5_000)).Incarnation);
        Assert.Equal(Lost.Incarnation, Assert.Single(Due(Lost, old with { State = FenceState.Failed }, forMilliseconds: 1_000)).Incarnation);
    }

    private static ClusterConfiguration Configured()
    {
        ClusterConfiguration bare = Cluster.Of("n1", "n2", "n3");
        FenceMethod method = new("1", [new FenceDevice("pdu", "fence_pdu", false, ImmutableSortedDictionary<string, string>.Empty)]);
        return bare with { Nodes = [.. bare.Nodes.Select(node => node with { FenceMethods = [method] })], Fencing = new FencingSettings(TimeSpan.Zero, TimeSpan.Zero) };
    }

    private static FenceRow Fence(FenceState state, long step) => new()
    {
        Node = new NodeName("n3"),
        Incarnation = new Incarnation("c"),
        State = state,
        Claim = 1,
        Step = step,
        Round = 1,
        Patience = TimeSpan.FromSeconds(5),
        Replica = "quorum1",
        Reason = "as the test says",
    };

    private static ImmutableArray<FencingClaim> Due(ClusterConfiguration configuration, ArbiterState arbiter, double lostForMilliseconds)
    {
        (Watch watch, Reading reading) = Watch.Nothing.Watching(0, lostForMilliseconds, arbiter, Lost);
        return FencingDue.Find(watch, reading, configuration, Cluster.Timing);
    }

    private static ImmutableArray<FencingClaim> Due(LeaseRow row, FenceRow fence, double forMilliseconds) => Due(row, forMilliseconds, fence);

    private static ImmutableArray<FencingClaim> Due(LeaseRow row, double forMilliseconds, params ImmutableArray<FenceRow> fences)
    {
        Watch watch = Watch.Nothing;
        Reading reading = Cluster.Read(0, Cluster.Quorate, row) with { Fences = fences };
        for (double at = 0; at <= forMilliseconds; at += 100)
        {
            reading = Cluster.Read(at, Cluster.Quorate, row) with { Fences = fences };
            watch = watch.Next(reading, Configured(), Cluster.Timing);
        }

        return FencingDue.Find(watch, reading, Configured(), Cluster.Timing);
    }
}
