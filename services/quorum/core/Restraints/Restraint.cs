using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core.Restraints;

/// <summary>What an operator keeps the cluster from: starting anything (the lock), or using a node (drain). Pure.</summary>
/// <remarks>Source: clusvcadm(8) -l and -u, rgmanager.md 3.9; drain has no model there.</remarks>
public static class Restraint
{
    /// <summary>Locks or unlocks the cluster.</summary>
    public static RestraintDecision Lock(ArbiterState state, bool isOn) => (isOn, state) switch
    {
        (true, { IsQuorate: false }) => new(state, ResultCode.Quorum, "the cluster is not quorate; when quorum forms a lock would end anyway"),
        (true, { IsLocked: true }) => new(state, ResultCode.Success, "the cluster is locked already"),
        (true, _) => new(state with { IsLocked = true }, ResultCode.Success, "the cluster is locked: nothing is started until it is unlocked"),
        (false, { IsLocked: false }) => new(state, ResultCode.Success, "the cluster was not locked"),
        _ => new(state with { IsLocked = false }, ResultCode.Success, "the cluster is unlocked"),
    };

    /// <summary>Takes a node out of use, or back.</summary>
    /// <param name="state">Where the cluster stands.</param>
    /// <param name="configuration">Which nodes there are.</param>
    /// <param name="node">The node; one that is no more may still be taken back.</param>
    /// <param name="isOn">True to drain it.</param>
    public static RestraintDecision Drain(ArbiterState state, ClusterConfiguration configuration, NodeName node, bool isOn)
    {
        bool isDrained = state.Drained.Contains(node);
        return isOn switch
        {
            _ when configuration.FindNode(node) is null && !isDrained => new(state, ResultCode.NoNode, $"there is no node {node}"),
            true when isDrained => new(state, ResultCode.Success, $"{node} is drained already"),
            true => new(
                state with { Drained = [.. state.Drained.Add(node).Order()] }, ResultCode.Success, $"{node} is drained: its services leave, and nothing is started there"),
            false when !isDrained => new(state, ResultCode.Success, $"{node} was not drained"),
            _ => new(state with { Drained = state.Drained.Remove(node) }, ResultCode.Success, $"{node} may run services again"),
        };
    }
}
