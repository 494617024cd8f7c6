using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: DESIGN 3, rules S2, S3, S5 and S9.</summary>
public sealed class When_heartbeats_are_answered
{
    [Fact]
    [Trait("Rule", "S2")]
    public void The_lease_counts_from_when_the_heartbeat_was_sent()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1000, ttl: 1000), overBus: true, now: 1900);

        Assert.Equal(2000, lease.DeadlineMilliseconds);
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void A_grant_that_comes_after_its_own_end_permits_nothing()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1000, ttl: 1000), overBus: true, now: 2500);

        Assert.False(lease.IsValidAt(2500));
    }

    /// <summary>Nothing ran under it, so there is nothing to end: a node that was slow once must not stay useless for ever.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    public void A_first_grant_that_comes_after_its_own_end_leaves_the_next_one_to_count()
    {
        LeaseState late = LeaseState.None.WithSent(1000, 1000).WithSent(2400, 2400).WithAnswer(An.Heard(1000, ttl: 1000), overBus: true, now: 2500);

        LeaseState next = late.WithAnswer(An.Heard(2400, ttl: 1000), overBus: true, now: 2510);

        Assert.False(late.IsAdmitted);
        Assert.True(next.IsValidAt(2510));
        Assert.Equal(3400, next.DeadlineMilliseconds);
    }

    [Fact]
    public void An_answer_to_a_heartbeat_that_was_never_sent_earns_nothing()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1001), overBus: true, now: 1010);

        Assert.False(lease.IsAdmitted);
    }

    [Fact]
    public void An_older_grant_that_comes_late_does_not_shorten_the_lease()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithSent(1200, 1200)
            .WithAnswer(An.Heard(1200), overBus: true, now: 1210)
            .WithAnswer(An.Heard(1000), overBus: false, now: 1220);

        Assert.Equal(2200, lease.DeadlineMilliseconds);
    }

    [Fact]
    [Trait("Rule", "S9")]
    public void A_grant_after_the_lease_ran_out_is_ignored()
    {
        LeaseState lease = An.Lease.WithSent(1900, 1900).WithAnswer(An.Heard(1900), overBus: true, now: 2000);

        Assert.True(lease.HasEnded);
        Assert.False(lease.IsValidAt(2001));
    }

    [Fact]
    [Trait("Rule", "S9")]
    public void A_lease_ends_at_its_deadline_and_not_a_moment_later()
    {
        Assert.True(An.Lease.IsValidAt(1999));
        Assert.False(An.Lease.IsValidAt(2000));
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void It_remembers_which_path_carried_the_newest_answer()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithSent(1200, 1200)
            .WithAnswer(An.Heard(1000), overBus: true, now: 1010)
            .WithAnswer(An.Heard(1200), overBus: false, now: 1210);

        Assert.Equal((1200, 1000), (lease.NewestAnswer, lease.NewestBusAnswer));
    }

    [Fact]
    public void Presence_is_not_permission()
    {
        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1000, HeartbeatVerdict.Present), overBus: true, now: 1010);

        Assert.False(lease.IsValidAt(1010));
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void A_later_generation_without_quorum_takes_permission_back()
    {
        HeartbeatAnswer present = An.Heard(1200, HeartbeatVerdict.Present, generation: 2);

        Assert.True(An.Lease.WithSent(1200, 1200).IsWithdrawnBy(present));
        Assert.True(An.Lease.IsWithdrawnBy(new QuorumDissolved { Generation = 2 }));
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void Old_news_of_lost_quorum_takes_nothing_back()
    {
        Assert.False(An.Lease.IsWithdrawnBy(An.Heard(900, HeartbeatVerdict.Present, generation: 1)));
        Assert.False(An.Lease.IsWithdrawnBy(new QuorumDissolved { Generation = 1 }));
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void An_incarnation_that_was_counted_and_is_refused_for_a_ttl_gives_way_to_a_new_one()
    {
        LeaseState lease = An.Lease.At(2000).WithSent(2100, 2100).WithAnswer(An.Heard(2100, HeartbeatVerdict.Refused), overBus: true, now: 2110);

        Assert.False(lease.IsRejectedForGood(3000));
        Assert.True(lease.IsRejectedForGood(3110));
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void A_newcomer_waits_for_the_incarnation_that_stands_in_its_way()
    {
        HeartbeatAnswer refused = An.Heard(1000, HeartbeatVerdict.Refused, blocking: new Incarnation("older"));

        LeaseState lease = LeaseState.None.WithSent(1000, 1000).WithAnswer(refused, overBus: true, now: 1010);

        Assert.False(lease.IsRejectedForGood(long.MaxValue));
    }

    [Fact]
    public void Only_a_bounded_number_of_heartbeats_is_remembered()
    {
        LeaseState lease = LeaseState.None;
        for (long sequence = 1; sequence <= 10 * LeaseState.SentMax; sequence++)
        {
            lease = lease.WithSent(sequence, sequence);
        }

        Assert.Equal(LeaseState.SentMax, lease.Sent.Count);
    }

    [Fact]
    public void Sequences_grow_even_when_the_clock_stands_still()
    {
        Assert.Equal(1001, HeartbeatRhythm.NextSequence(last: 1000, now: 1000));
        Assert.Equal(5000, HeartbeatRhythm.NextSequence(last: 1000, now: 5000));
    }

    [Fact]
    public void It_beats_five_times_a_ttl_once_admitted_and_knocks_faster_before()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(200), HeartbeatRhythm.Pause(An.Lease, beatsSent: 50));
        Assert.Equal(TimeSpan.FromMilliseconds(200), HeartbeatRhythm.Pause(LeaseState.None, beatsSent: 1));
        Assert.Equal(TimeSpan.FromSeconds(1), HeartbeatRhythm.Pause(LeaseState.None, beatsSent: 50));
    }

    /// <summary>Found by the simulation: knocking once a second, a node with a ttl of 600 ms was lost before quorum could form with it.</summary>
    [Fact]
    [Trait("Rule", "S1")]
    public void A_node_that_waits_for_quorum_beats_often_enough_for_its_ttl()
    {
        LeaseState waiting = LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1000, HeartbeatVerdict.Present, ttl: 600), overBus: false, now: 1010);

        Assert.False(waiting.IsAdmitted);
        Assert.Equal(TimeSpan.FromMilliseconds(120), HeartbeatRhythm.Pause(waiting, beatsSent: 50));
    }
}
