using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;

namespace Quorate.Tests.Unit.Executor;

/// <summary>Source: DESIGN rules S8, S9 and S10.</summary>
[Trait("Rule", "S8")]
public sealed class When_a_guard_is_asked_to_begin
{
    [Fact]
    public void A_start_needs_a_lease()
    {
        Assert.Equal("there is no valid lease", JournalRules.RefuseBegin(null, Begin(1, NodeAction.Start), hasLease: false));
        Assert.Null(JournalRules.RefuseBegin(null, Begin(1, NodeAction.Start), hasLease: true));
        Assert.Null(JournalRules.RefuseBegin(null, Begin(1, NodeAction.Stop), hasLease: false));
    }

    [Fact]
    public void An_epoch_below_the_newest_is_refused()
    {
        JournalEntry known = JournalRules.AfterBegin(null, Begin(5, NodeAction.Stop), []);

        Assert.Contains("below 5", JournalRules.RefuseBegin(known, Begin(4, NodeAction.Stop), hasLease: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_action_of_the_same_epoch_is_refused()
    {
        JournalEntry known = JournalRules.AfterBegin(null, Begin(5, NodeAction.Start), []);

        Assert.NotNull(JournalRules.RefuseBegin(known, Begin(5, NodeAction.Stop), hasLease: true));
    }

    [Fact]
    public void A_start_over_one_not_proven_stopped_is_refused()
    {
        JournalEntry known = JournalRules.AfterBegin(null, Begin(5, NodeAction.Start), []);

        Assert.Contains("not proven stopped", JournalRules.RefuseBegin(known, Begin(6, NodeAction.Start), hasLease: true), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "S10")]
    public void A_stop_keeps_the_tree_that_was_started()
    {
        JournalEntry started = JournalRules.AfterBegin(null, Begin(5, NodeAction.Start) with { ConfigurationDigest = "old" }, ["ip:a"]);

        JournalEntry stopping = JournalRules.AfterBegin(started, Begin(6, NodeAction.Stop) with { ConfigurationDigest = "new" }, []);

        Assert.Equal(("old", 5L, 6L), (stopping.ConfigurationDigest, stopping.StartEpoch, stopping.Epoch));
        Assert.Equal(["ip:a"], stopping.Missing.ToArray());
    }

    [Fact]
    [Trait("Rule", "S9")]
    public void A_stop_succeeds_only_when_it_is_proven()
    {
        JournalEntry known = JournalRules.AfterBegin(null, Begin(5, NodeAction.Stop), []);
        GuardRequest.Finish finish = new()
        {
            Id = 1, Incarnation = new("i"), Service = new("service:a"), Epoch = 5, Outcome = OperationOutcome.Succeeded, IsStopProven = false,
        };

        Assert.NotNull(JournalRules.RefuseFinish(known, finish));
        Assert.Null(JournalRules.RefuseFinish(known, finish with { IsStopProven = true }));
    }

    [Fact]
    [Trait("Rule", "S10")]
    public void Only_the_tree_that_was_started_can_be_proven_stopped()
    {
        JournalEntry started = JournalRules.AfterBegin(null, Begin(5, NodeAction.Start), []);
        JournalEntry known = JournalRules.AfterBegin(started, Begin(7, NodeAction.Stop), []);
        GuardRequest.Finish finish = new()
        {
            Id = 1, Incarnation = new("i"), Service = new("service:a"), Epoch = 7, Outcome = OperationOutcome.Succeeded, StartEpoch = 6, IsStopProven = true,
        };

        Assert.Contains("start of epoch 5", JournalRules.RefuseFinish(known, finish), StringComparison.Ordinal);
        Assert.Null(JournalRules.RefuseFinish(known, finish with { StartEpoch = 5 }));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public void Stops_get_three_fifths_of_the_stop_deadline()
    {
        Assert.Equal(new EndingTimes(10_600, 11_000), EndingTimes.First(now: 10_050, leaseDeadline: 10_000, stopDeadline: 1_000));
        Assert.Equal(new EndingTimes(10_860, 11_000), new EndingTimes(10_600, 11_000).Again(now: 10_650));
    }

    private static GuardRequest.Begin Begin(long epoch, NodeAction action) => new()
    {
        Id = 1,
        Incarnation = new Incarnation("i"),
        Service = new ServiceName("service:a"),
        Epoch = epoch,
        Action = action,
        ConfigurationDigest = "d",
        ConfigurationVersion = 1,
    };
}
