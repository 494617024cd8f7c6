using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>An order to cut a node off (rule S6). It concerns one incarnation, never a name (rule S5).</summary>
public static class FenceOrder
{
    /// <summary>Decides on <see cref="FenceNode"/>.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="node">The node in <c>cluster.conf</c>; null when it has none of that name.</param>
    /// <param name="current">The node's current row; null when the node was never admitted.</param>
    /// <param name="arbiter">Fencing starts only while quorate.</param>
    public static FenceOrderDecision Decide(FenceNode order, ClusterNode? node, LeaseRow? current, ArbiterState arbiter) => current switch
    {
        _ when node is null => new(ResultCode.NoNode, null, $"there is no node '{order.Node}'"),
        _ when !node.HasFenceDevice =>
            new(ResultCode.Invalid, null, $"node '{order.Node}' has no fence device: switch it off by hand, then say `quorate fence ack {order.Node}`"),
        null => new(ResultCode.NoNode, null, $"node '{order.Node}' never joined: there is nothing to fence"),
        _ when order.Incarnation is { } meant && meant != current.Incarnation =>
            new(ResultCode.Invalid, null, $"node '{order.Node}' is incarnation {current.Incarnation} by now; {meant} has ended"),
        { HasEnded: true } => new(ResultCode.Success, null, $"node '{order.Node}', incarnation {current.Incarnation}, ended before: {current.Reason}"),
        _ when !arbiter.IsQuorate => new(ResultCode.Quorum, null, "the cluster is not quorate, and fences nobody until it is"),
        _ => new(ResultCode.Success, current.Incarnation, $"node '{order.Node}', incarnation {current.Incarnation}, is being fenced"),
    };
}
