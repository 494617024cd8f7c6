using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>
/// Source: DESIGN 4 and rules S4, S7; ADR 0009: the arbiter knows of the weaker promise before the guard acts by it, and of the stronger one
/// only once the guard does.
/// </summary>
[Trait("Rule", "S4")]
public sealed class When_something_else_is_to_be_done_on_lease_loss
{
    private static readonly LeaseLossState Stopping = LeaseLossState.Of(OnLeaseLoss.Stop).WithSent(100);

    [Fact]
    public void What_is_weaker_is_said_first()
    {
        LeaseLossState told = Stopping.WithAnswer(Answer(100, OnLeaseLoss.Stop, wanted: OnLeaseLoss.Keep));

        Assert.Equal((OnLeaseLoss.Keep, OnLeaseLoss.Stop, null), (told.Said, told.Applied, told.ToAsk));
    }

    [Fact]
    public void And_done_once_an_answer_proves_that_it_is_stored()
    {
        LeaseLossState said = Stopping.WithAnswer(Answer(100, OnLeaseLoss.Stop, OnLeaseLoss.Keep)).WithSent(200);

        LeaseLossState late = said.WithAnswer(Answer(100, OnLeaseLoss.Keep, OnLeaseLoss.Keep));
        LeaseLossState otherwise = said.WithAnswer(Answer(200, OnLeaseLoss.Stop, OnLeaseLoss.Keep));
        LeaseLossState unknown = said.WithAnswer(Answer(200, null, OnLeaseLoss.Keep));
        LeaseLossState stored = said.WithAnswer(Answer(200, OnLeaseLoss.Keep, OnLeaseLoss.Keep));

        Assert.Equal((null, null, null, OnLeaseLoss.Keep), (late.ToAsk, otherwise.ToAsk, unknown.ToAsk, stored.ToAsk));
    }

    /// <summary>An answer that was sent before a heartbeat said so proves nothing about it, whatever it names.</summary>
    [Fact]
    public void An_answer_that_came_before_it_was_said_proves_nothing()
    {
        LeaseLossState said = Stopping.WithAnswer(Answer(100, OnLeaseLoss.Stop, OnLeaseLoss.Keep));

        Assert.Null(said.WithAnswer(Answer(100, OnLeaseLoss.Keep, OnLeaseLoss.Keep)).ToAsk);
    }

    [Fact]
    public void The_guard_is_asked_once_and_again_only_after_it_refused()
    {
        LeaseLossState stored = Stored();

        LeaseLossState asked = stored.WithAsked(OnLeaseLoss.Keep).WithAnswer(Answer(300, OnLeaseLoss.Keep, OnLeaseLoss.Keep));

        Assert.Null(asked.ToAsk);
        Assert.Equal(OnLeaseLoss.Keep, asked.WithRefused().ToAsk);
        Assert.Null(asked.WithApplied(OnLeaseLoss.Keep).ToAsk);
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void Stop_is_done_first_and_said_then()
    {
        LeaseLossState keeping = Stored().WithAsked(OnLeaseLoss.Keep).WithApplied(OnLeaseLoss.Keep);

        LeaseLossState told = keeping.WithAnswer(Answer(300, OnLeaseLoss.Keep, OnLeaseLoss.Stop));
        LeaseLossState refused = told.WithAsked(OnLeaseLoss.Stop).WithRefused();
        LeaseLossState done = told.WithAsked(OnLeaseLoss.Stop).WithApplied(OnLeaseLoss.Stop);

        Assert.Equal((OnLeaseLoss.Keep, OnLeaseLoss.Stop), (told.Said, told.ToAsk));
        Assert.Equal(OnLeaseLoss.Keep, refused.Said);
        Assert.Equal((OnLeaseLoss.Stop, null), (done.Said, done.ToAsk));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void While_the_guard_may_be_about_to_hold_nobody_is_told_that_it_stops()
    {
        LeaseLossState asked = Stored().WithAsked(OnLeaseLoss.Keep).WithAnswer(Answer(300, OnLeaseLoss.Keep, OnLeaseLoss.Stop));

        LeaseLossState applied = asked.WithApplied(OnLeaseLoss.Keep);
        LeaseLossState refused = asked.WithRefused().WithAnswer(Answer(400, OnLeaseLoss.Keep, OnLeaseLoss.Stop));

        Assert.Equal(OnLeaseLoss.Keep, asked.Said);
        Assert.Equal((OnLeaseLoss.Keep, OnLeaseLoss.Stop), (applied.Said, applied.ToAsk));
        Assert.Equal((OnLeaseLoss.Stop, null), (refused.Said, refused.ToAsk));
    }

    [Fact]
    public void An_older_order_changes_nothing()
    {
        LeaseLossState told = Stopping.WithAnswer(Answer(100, OnLeaseLoss.Stop, OnLeaseLoss.Maintenance, change: 3));

        LeaseLossState late = told.WithSent(200).WithAnswer(Answer(200, OnLeaseLoss.Maintenance, OnLeaseLoss.Stop, change: 2));

        Assert.Equal((OnLeaseLoss.Maintenance, OnLeaseLoss.Maintenance), (late.Said, late.ToAsk));
    }

    [Fact]
    public void A_replica_that_gives_no_order_leaves_everything_as_it_is()
    {
        LeaseLossState state = Stopping.WithAnswer(An.Heard(100));

        Assert.Equal((OnLeaseLoss.Stop, null), (state.Said, state.ToAsk));
    }

    /// <summary>Only as long as the arbiter wants it so: a node that missed the end of maintenance must not hold its services for ever.</summary>
    [Fact]
    public void Maintenance_suspends_until_it_is_known_to_be_over()
    {
        LeaseLossState held = LeaseLossState.Of(OnLeaseLoss.Maintenance).WithSent(100);

        Assert.True(held.IsSuspended);
        Assert.False(held.WithAnswer(Answer(100, OnLeaseLoss.Maintenance, OnLeaseLoss.Stop)).IsSuspended);
        Assert.False(LeaseLossState.Of(OnLeaseLoss.Keep).IsSuspended);
    }

    [Fact]
    [Trait("Rule", "S9")]
    public void A_held_lease_that_ran_out_permits_nothing_and_can_be_renewed()
    {
        LeaseState over = An.Lease.WithHeld(true).WithSent(1500, 1500).At(3000);

        LeaseState renewed = over.WithSent(3100, 3100).WithAnswer(An.Heard(3100), overBus: true, 3110);

        Assert.False(over.IsValidAt(3000));
        Assert.Equal((true, 4100), (renewed.IsValidAt(3110), renewed.DeadlineMilliseconds));
    }

    /// <summary>The guard held before its answer arrived here: its word about the incarnation counts.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    public void A_guard_that_holds_is_believed_even_where_the_end_was_seen_here()
    {
        LeaseState ended = An.Lease.At(2001);

        Assert.True(ended.HasEnded);
        Assert.False(ended.WithHeld(true).HasEnded);
        Assert.True(ended.WithHeld(true).WithHeld(false).At(2002).HasEnded);
    }

    private static LeaseLossState Stored() => Stopping
        .WithAnswer(Answer(100, OnLeaseLoss.Stop, OnLeaseLoss.Keep)).WithSent(200).WithAnswer(Answer(200, OnLeaseLoss.Keep, OnLeaseLoss.Keep));

    private static HeartbeatAnswer Answer(long sequence, OnLeaseLoss? stored, OnLeaseLoss wanted, long change = 0) => An.Heard(sequence) with
    {
        StoredOnLeaseLoss = stored,
        LeaseLossOrder = new LeaseLossOrder { OnLeaseLoss = wanted, Era = 1, MaintenanceChange = change, ConfigurationVersion = 1 },
    };
}
