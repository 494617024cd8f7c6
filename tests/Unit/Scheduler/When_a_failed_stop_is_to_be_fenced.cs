using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: DESIGN 3, S6, S8 and S11; <c>on_stop_failure="fence"</c>.</summary>
[Trait("Rule", "S6")]
[Trait("Rule", "S11")]
public sealed class When_a_failed_stop_is_to_be_fenced
{
    [Fact]
    public void Its_node_is_fenced_and_it_keeps_its_owner_until_then()
    {
        Cluster cluster = Moving();

        Decision decision = cluster.Ends("s", OperationOutcome.Failed, isRunning: true);

        FenceNode fence = Assert.IsType<FenceNode>(decision.Fences());
        Assert.Equal(("a", Cluster.Life("a")), (fence.Node.Value, fence.Incarnation));
        Assert.Equal("service:s: could not prove that it stopped on a", fence.Reason);
        Assert.Equal(("a", Cluster.Life("a"), null), (decision.Next.Owner?.Value, decision.Next.OwnerIncarnation, decision.Next.Hold));
        Assert.Equal("could not prove that it stopped on a; a is being fenced", decision.Next.Reason);
        Assert.Empty(decision.Raised());
        Assert.Null(decision.Answered());
        Assert.Null(cluster.Place("s").Order());
    }

    /// <summary>The request is the same for the same stop: asked for twice, the node is fenced once.</summary>
    [Fact]
    public void It_is_asked_for_again_while_nothing_comes_of_it()
    {
        Cluster cluster = Moving();
        FenceNode first = cluster.Ends("s", OperationOutcome.Failed).Fences()!;
        Assert.False(cluster.Ends("s", OperationOutcome.Failed).IsChanged);
        cluster.Now += TimeSpan.FromMinutes(2);

        Decision again = cluster.Decide("s", new ServiceEvent.DeadlineDue());

        Assert.Equal((first.RequestId, first.Incarnation), (again.Fences()?.RequestId, again.Fences()?.Incarnation));
        Assert.Null(again.Order());
        Assert.False(cluster.Decide("s", new ServiceEvent.DeadlineDue()).IsChanged);
    }

    /// <summary>Lost is not ended: only what the membership calls fenced lets it start elsewhere.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void It_starts_elsewhere_once_its_node_has_ended()
    {
        Cluster cluster = Moving();
        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Node("a", NodeState.Lost);
        Assert.Equal(PlacementAction.AwaitFencing, cluster.PlanOf("s", Cluster.Down("a")).Action);
        cluster.Node("a", NodeState.Fenced);

        cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded).Answered());
    }

    [Fact]
    public void A_disable_that_waited_is_answered_and_nothing_starts()
    {
        Cluster cluster = Moving();
        cluster.Ends("s", OperationOutcome.Failed);
        Decision disable = cluster.Command("s", CommandKind.Disable, request: "r2");
        Assert.Equal("an operator asked for it (disable); waiting for a to be fenced", disable.Next.Reason);
        cluster.Node("a", NodeState.Fenced);

        Decision ended = cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((ServiceState.Disabled, ResultCode.Success), (ended.Next.State, ended.Answered("r2")));
        Assert.Equal((null, null), (ended.Next.Owner, ended.Next.Pending));
    }

    /// <summary>A failed start whose clean-up failed too: the same, and the start goes on elsewhere.</summary>
    [Fact]
    public void A_failed_start_that_cannot_be_cleaned_up_goes_on_elsewhere()
    {
        Cluster cluster = Two(StopFailurePolicy.Fence).Fenced("a").At("s", ServiceState.Disabled);
        cluster.Command("s", CommandKind.Enable);
        cluster.Place("s");
        cluster.Ends("s", OperationOutcome.Failed);

        Assert.Equal("a", cluster.Ends("s", OperationOutcome.Failed).Fences()?.Node.Value);
        cluster.Node("a", NodeState.Fenced);
        cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded).Answered());
    }

    /// <summary>Without a device, or without the option, there is nothing that could end the incarnation: it is held (scenario 36).</summary>
    [Theory]
    [InlineData(StopFailurePolicy.Fence, false)]
    [InlineData(StopFailurePolicy.Hold, true)]
    public void Without_a_device_or_by_default_it_is_held(StopFailurePolicy policy, bool hasDevice)
    {
        Cluster cluster = Two(policy).Fenced(hasDevice ? ["a", "b"] : ["b"]).Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, "b");

        Decision decision = cluster.Ends("s", OperationOutcome.Failed);

        Assert.Null(decision.Fences());
        Assert.Equal((ServiceState.Failed, new Hold(new("a"), Cluster.Life("a"))), (decision.Next.State, decision.Next.Hold));
        Assert.Equal([12], decision.Raised());
    }

    /// <summary>The device was taken out of the configuration meanwhile: it would wait for ever.</summary>
    [Fact]
    public void It_is_held_when_the_device_is_gone_by_the_time_it_is_asked_for_again()
    {
        Cluster cluster = Moving();
        cluster.Ends("s", OperationOutcome.Failed);
        Cluster without = Two(StopFailurePolicy.Fence).With("s", _ => cluster["s"]);
        without.Now += TimeSpan.FromMinutes(2);

        Assert.Equal((NodeAction.Stop, "a"), without.Decide("s", new ServiceEvent.DeadlineDue()).Ordered());
        Assert.Equal(new Hold(new("a"), Cluster.Life("a")), without.Ends("s", OperationOutcome.Failed).Next.Hold);
    }

    private static Cluster Two(StopFailurePolicy policy) => new Cluster("a", "b").Service("s", onStopFailure: policy);

    private static Cluster Moving()
    {
        Cluster cluster = Two(StopFailurePolicy.Fence).Fenced("a", "b").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, "b");
        return cluster;
    }
}
