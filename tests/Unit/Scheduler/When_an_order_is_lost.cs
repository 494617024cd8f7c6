using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>A node's queue ends with its connection, and what was in it is lost: its next inventory has it asked again, long before the deadline.</summary>
[Trait("Rule", "S8")]
public sealed class When_an_order_is_lost
{
    private static readonly TimeSpan Young = OperationTimeouts.Default.RetransmitFirst;

    /// <summary>Of the order: a service at rest has the epoch before.</summary>
    private const long Epoch = 6;

    /// <summary>Said again, it is an order of now: a node ignores one from before the quorum that granted its lease (rule S14).</summary>
    [Fact]
    [Trait("Rule", "S14")]
    public void Its_repetition_names_the_membership_of_now()
    {
        Cluster cluster = new Cluster("a", "b").Service("s");
        cluster.Command("s", CommandKind.Enable);
        long first = cluster.Place("s").Order()!.Generation; // it was ordered
        cluster.Generation = 7;
        cluster.Now += TimeSpan.FromMinutes(2);

        Decision again = cluster.Decide("s", new ServiceEvent.DeadlineDue());

        Assert.Equal((1, 7), (first, again.Order()?.Generation));
    }

    [Fact]
    public void An_inventory_that_does_not_know_it_has_it_asked_again()
    {
        Cluster cluster = Ordered();

        Decision decision = Hear(cluster, entry: null);

        Assert.Equal((NodeAction.Start, "a"), decision.Ordered());
        Assert.Equal(cluster["s"].Epoch, decision.Order()?.Epoch);
        Assert.Equal(2, decision.Order()?.Attempt);
        Assert.Equal("a is not at work on it; asking again (attempt 2)", decision.Reason);
    }

    /// <summary>The order was carried out and the answer was lost: asked again, the node repeats it.</summary>
    [Fact]
    public void So_does_one_that_has_ended_it() =>
        Assert.Equal(2, Hear(Ordered(), Entry(Epoch, isBusy: false)).Order()?.Attempt);

    [Fact]
    public void So_does_one_that_is_busy_with_an_older_one() =>
        Assert.Equal(2, Hear(Ordered(), Entry(Epoch - 1, isBusy: true)).Order()?.Attempt);

    [Fact]
    public void The_deadline_begins_anew_with_it()
    {
        Cluster cluster = Ordered();
        Hear(cluster, entry: null);

        Assert.Equal(cluster.Now + OperationTimeouts.Default.After(NodeAction.Start, 2), cluster["s"].Pending?.Deadline);
    }

    [Fact]
    public void A_node_at_work_on_it_is_left_alone() =>
        Assert.Null(Hear(Ordered(), Entry(Epoch, isBusy: true)).Order());

    /// <summary>The inventory was written before the order arrived, as a rule.</summary>
    [Fact]
    public void An_order_just_sent_may_be_on_its_way()
    {
        Cluster cluster = Ordered(Young - TimeSpan.FromMilliseconds(1));

        Assert.Null(Hear(cluster, entry: null).Order());
    }

    [Fact]
    public void Another_life_of_the_node_is_not_asked()
    {
        Cluster cluster = Ordered();

        Assert.Null(cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), new("another"), Entry: null)).Order());
    }

    /// <summary>Asking at once would only turn in a circle.</summary>
    [Fact]
    public void A_refused_stop_waits_for_its_deadline()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Disable);
        cluster.Ends("s", OperationOutcome.Refused);
        cluster.Now += Young;

        Assert.Null(Hear(cluster, entry: null).Order());
    }

    /// <summary>
    /// The order was sent while the scheduler's clock was ahead, as after a start from a wrong hardware clock: its deadline is hours away, and the
    /// order is lost all the same. Of what clocks show nothing depends (rule S2).
    /// </summary>
    [Fact]
    [Trait("Rule", "S2")]
    [Trait("Rule", "S13")]
    public void A_deadline_that_only_a_clock_ahead_can_have_set_is_due()
    {
        Cluster heard = Ordered(ago: TimeSpan.FromHours(-3));
        Cluster unheard = Ordered(ago: TimeSpan.FromHours(-3));

        Assert.Equal(2, Hear(heard, entry: null).Order()?.Attempt);
        Assert.Equal(2, unheard.Decide("s", new ServiceEvent.DeadlineDue()).Order()?.Attempt);
        Assert.Equal(unheard.Now + OperationTimeouts.Default.After(NodeAction.Start, 2), unheard["s"].Pending?.Deadline);
    }

    private static Decision Hear(Cluster cluster, InventoryEntry? entry) =>
        cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), entry));

    private static InventoryEntry Entry(long epoch, bool isBusy) => new() { Service = new("service:s"), Epoch = epoch, IsRunning = false, IsBusy = isBusy };

    private static Cluster Ordered(TimeSpan? ago = null)
    {
        Cluster cluster = new Cluster("a", "b").Service("s").At("s", ServiceState.Disabled);
        cluster.Command("s", CommandKind.Enable);
        cluster.Place("s");
        cluster.Now += ago ?? Young;
        return cluster;
    }
}
