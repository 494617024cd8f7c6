using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Executor;

/// <summary>
/// A running service follows a newer configuration: a condstop stops some of it and a condstart starts some, and the journal always names the tree
/// that may run. Source: rules S8 to S10; rgmanager.md 2.9.
/// </summary>
[Trait("Rule", "S10")]
public sealed class When_a_guard_is_asked_to_adjust_a_service
{
    private static readonly ResourceNode Old = Node("old");
    private static readonly ResourceNode New = Node("new");

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    public void Only_a_service_that_runs_here_is_adjusted(NodeAction action)
    {
        JournalEntry started = Started();
        JournalEntry stopped = JournalRules.AfterFinish(
            JournalRules.AfterBegin(started, Begin(2, NodeAction.Stop, Old), []), Finish(2, isStopProven: true) with { StartEpoch = 1 });
        JournalEntry stoppedOnly = JournalRules.AfterBegin(null, Begin(2, NodeAction.Stop, Old), []);

        Assert.Equal("service:a does not run here", JournalRules.RefuseBegin(null, Begin(3, action, New), hasLease: true));
        Assert.Equal("service:a does not run here", JournalRules.RefuseBegin(stopped, Begin(3, action, New), hasLease: true));
        Assert.Equal("service:a does not run here", JournalRules.RefuseBegin(stoppedOnly, Begin(3, action, New), hasLease: true));
        Assert.Null(JournalRules.RefuseBegin(started, Begin(3, action, New), hasLease: true));
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    public void It_has_to_name_the_tree_that_may_run_from_then_on(NodeAction action) =>
        Assert.Equal("it names no tree", JournalRules.RefuseBegin(Started(), Begin(2, action, null), hasLease: true));

    /// <summary>Rule S7: to stop something needs no permission, to start something does.</summary>
    [Fact]
    [Trait("Rule", "S7")]
    public void A_condstart_needs_a_lease_and_a_condstop_does_not()
    {
        Assert.Equal("there is no valid lease", JournalRules.RefuseBegin(Started(), Begin(2, NodeAction.Condstart, New), hasLease: false));
        Assert.Null(JournalRules.RefuseBegin(Started(), Begin(2, NodeAction.Condstop, New), hasLease: false));
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    [Trait("Rule", "S8")]
    public void An_old_epoch_and_another_action_of_the_same_one_are_refused(NodeAction action)
    {
        JournalEntry known = JournalRules.AfterBegin(Started(), Begin(5, action, New), []);
        NodeAction other = action == NodeAction.Condstop ? NodeAction.Condstart : NodeAction.Condstop;

        Assert.Contains("below 5", JournalRules.RefuseBegin(known, Begin(4, action, New), hasLease: true), StringComparison.Ordinal);
        Assert.Contains("already is a", JournalRules.RefuseBegin(known, Begin(5, other, New), hasLease: true), StringComparison.Ordinal);
        Assert.Null(JournalRules.RefuseBegin(known, Begin(5, action, New), hasLease: true));
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    public void The_journal_has_the_new_tree_and_still_the_epoch_of_the_start(NodeAction action)
    {
        JournalEntry adjusted = JournalRules.AfterBegin(Started(), Begin(2, action, New) with { ConfigurationDigest = "later", ConfigurationVersion = 9 }, []);

        Assert.Same(New, adjusted.Tree);
        Assert.Equal(("later", 9, 2L, 1L), (adjusted.ConfigurationDigest, adjusted.ConfigurationVersion, adjusted.Epoch, adjusted.StartEpoch));
        Assert.False(adjusted.IsStopProven);
        Assert.Null(adjusted.Outcome);
    }

    /// <summary>A stop afterwards goes by what runs by then.</summary>
    [Fact]
    public void A_stop_stops_what_it_was_adjusted_to()
    {
        JournalEntry adjusted = JournalRules.AfterBegin(Started(), Begin(2, NodeAction.Condstart, New) with { ConfigurationDigest = "later" }, []);

        JournalEntry stopping = JournalRules.AfterBegin(adjusted, Begin(3, NodeAction.Stop, Old), []);

        Assert.Same(New, stopping.Tree);
        Assert.Equal("later", stopping.ConfigurationDigest);
    }

    /// <summary>What was started has to be stopped although its agent is gone by now; what is new and has no agent never was.</summary>
    [Fact]
    public void Only_what_is_new_can_be_missing()
    {
        JournalEntry started = JournalRules.AfterBegin(null, Begin(1, NodeAction.Start, Old) with { Stop = [Run("ip:ran"), Run("ip:never")] }, ["ip:never"]);

        JournalEntry adjusted = JournalRules.AfterBegin(started, Begin(2, NodeAction.Condstart, New), ["ip:ran", "ip:never", "ip:new"]);

        Assert.Equal(["ip:never", "ip:new"], adjusted.Missing.Order());
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    [Trait("Rule", "S9")]
    public void One_that_succeeded_leaves_it_running(NodeAction action)
    {
        JournalEntry known = JournalRules.AfterBegin(Started(), Begin(2, action, New), []);

        Assert.NotNull(JournalRules.RefuseFinish(known, Finish(2, isStopProven: true) with { StartEpoch = 1 }));
        Assert.Null(JournalRules.RefuseFinish(known, Finish(2, isStopProven: false)));
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    [Trait("Rule", "S9")]
    public void A_start_over_what_is_being_adjusted_is_refused(NodeAction action)
    {
        JournalEntry known = JournalRules.AfterBegin(Started(), Begin(2, action, New), []);

        Assert.Contains("not proven stopped", JournalRules.RefuseBegin(known, Begin(3, NodeAction.Start, New), hasLease: true), StringComparison.Ordinal);
    }

    /// <summary>An agent that takes over new values does something; like a start it needs a lease and a service that may run.</summary>
    [Theory]
    [InlineData("start")]
    [InlineData("reconfig")]
    [Trait("Rule", "S7")]
    public void Its_agents_run_only_under_a_lease(string action)
    {
        JournalEntry known = JournalRules.AfterBegin(Started(), Begin(2, NodeAction.Condstart, New), []);
        JournalEntry stopping = JournalRules.AfterBegin(known, Begin(3, NodeAction.Stop, New), []);
        GuardRequest.Run run = new() { Id = 1, Incarnation = new("i"), Service = new("service:a"), Invocation = Run("ip:new") with { Action = action } };

        Assert.Null(JournalRules.RefuseRun(known, run, hasLease: true));
        Assert.NotNull(JournalRules.RefuseRun(known, run, hasLease: false));
        Assert.NotNull(JournalRules.RefuseRun(stopping, run, hasLease: true));
    }

    private static JournalEntry Started() => JournalRules.AfterFinish(JournalRules.AfterBegin(null, Begin(1, NodeAction.Start, Old), []), Finish(1, isStopProven: false));

    private static GuardRequest.Begin Begin(long epoch, NodeAction action, ResourceNode? tree) => new()
    {
        Id = 1,
        Incarnation = new Incarnation("i"),
        Service = new ServiceName("service:a"),
        Epoch = epoch,
        Action = action,
        ConfigurationDigest = "d",
        ConfigurationVersion = 1,
        Tree = tree,
    };

    private static GuardRequest.Finish Finish(long epoch, bool isStopProven) => new()
    {
        Id = 1,
        Incarnation = new Incarnation("i"),
        Service = new ServiceName("service:a"),
        Epoch = epoch,
        Outcome = OperationOutcome.Succeeded,
        IsStopProven = isStopProven,
    };

    private static AgentInvocation Run(string resource) => new()
    {
        Class = AgentClass.Ocf,
        Action = "stop",
        Resource = resource,
        Environment = ImmutableSortedDictionary<string, string>.Empty,
        TimeoutMilliseconds = 1000,
    };

    private static ResourceNode Node(string name) => new()
    {
        Type = new ResourceType { Name = "service", Parameters = [], Actions = [], Children = [], MaxInstances = 0 },
        Name = name,
        Attributes = ImmutableSortedDictionary<string, string>.Empty,
        Children = [],
        Actions = [],
        Line = 1,
    };
}
