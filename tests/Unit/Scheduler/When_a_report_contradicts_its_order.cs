using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>A relocation waits for the node it asked. Source: message #60; rule S8.</summary>
public sealed class When_a_report_contradicts_its_order
{
    /// <summary>Such a report says nothing about the order; the deadline asks whoever was given it.</summary>
    [Theory]
    [InlineData("c", "c1")]
    [InlineData("b", "b0")]
    [Trait("Message", "60")]
    public void An_answer_from_somebody_who_was_not_asked_is_named_and_settles_nothing(string node, string incarnation)
    {
        Cluster cluster = Relocating("b");

        Decision decision = cluster.Decide("s", new ServiceEvent.OperationEnded(
            Cluster.Report(cluster["s"], OperationOutcome.Succeeded) with { Node = new(node), Incarnation = new(incarnation) }));

        Assert.Equal([60], decision.Raised());
        Assert.False(decision.IsChanged);
    }

    /// <summary>What arrives late of an earlier order is everyday, and no lie.</summary>
    [Fact]
    public void An_answer_to_an_earlier_order_is_ignored_in_silence()
    {
        Cluster cluster = Relocating("b");
        OperationEnded late = Cluster.Report(cluster["s"], OperationOutcome.Succeeded) with { Node = new("a"), Incarnation = new("a1") };

        Decision decision = cluster.Decide("s", new ServiceEvent.OperationEnded(late with { Epoch = late.Epoch - 1 }));

        Assert.Empty(decision.Raised());
        Assert.False(decision.IsChanged);
    }

    /// <summary>Where nothing moves, nobody waits for it; the report is as foreign, and the history says so.</summary>
    [Fact]
    public void Outside_a_relocation_it_is_ignored_as_ever()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Restart);

        Decision decision = cluster.Decide("s", new ServiceEvent.OperationEnded(
            Cluster.Report(cluster["s"], OperationOutcome.Succeeded) with { Node = new("b"), Incarnation = new("b1") }));

        Assert.Empty(decision.Raised());
        Assert.False(decision.IsChanged);
    }

    private static Cluster Relocating(string target)
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, target);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, target), cluster.Place("s").Ordered());
        return cluster;
    }
}
