using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Trees;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>How to stop, probe and check a service here: the tree it was started with, whatever the configuration says now (rule S10).</summary>
internal sealed record LocalTree
{
    /// <summary>The epoch of the start that was begun with it; 0 where none was.</summary>
    public required long StartEpoch { get; init; }

    public required string ConfigurationDigest { get; init; }

    public required int ConfigurationVersion { get; init; }

    /// <summary>Null where the journal holds only the runs.</summary>
    public required ResourceNode? Tree { get; init; }

    public required ImmutableArray<AgentInvocation> Stop { get; init; }

    public required ImmutableArray<AgentInvocation> Monitor { get; init; }

    /// <summary>The tree of the configuration that the order names.</summary>
    public static LocalTree Of(ResourceNode tree, OperateService order) => new()
    {
        StartEpoch = order.Action is NodeAction.Start or NodeAction.Receive ? order.Epoch : 0,
        ConfigurationDigest = order.ConfigurationDigest,
        ConfigurationVersion = order.ConfigurationVersion,
        Tree = tree,
        Stop = [.. StopPlan.Of(tree).Select(run => OnNode.Named(run, order.Node))],
        Monitor = [.. ProbePlan.Of(tree).Select(run => OnNode.Named(run, order.Node))],
    };

    /// <summary>The same run of the service, by another tree.</summary>
    /// <param name="tree">The tree that runs from now on.</param>
    /// <param name="digest">The configuration that its resources are those of.</param>
    /// <param name="version">Its version.</param>
    /// <param name="node">This node.</param>
    public LocalTree With(ResourceNode tree, string digest, int version, NodeName node) => this with
    {
        ConfigurationDigest = digest,
        ConfigurationVersion = version,
        Tree = tree,
        Stop = [.. StopPlan.Of(tree).Select(run => OnNode.Named(run, node))],
        Monitor = [.. ProbePlan.Of(tree).Select(run => OnNode.Named(run, node))],
    };

    /// <summary>The journalled tree; null where only a stop of an unknown service was journalled.</summary>
    public static LocalTree? Of(JournalEntry entry) => entry.StartEpoch == 0 && entry.Tree is null
        ? null
        : new LocalTree
        {
            StartEpoch = entry.StartEpoch,
            ConfigurationDigest = entry.ConfigurationDigest,
            ConfigurationVersion = entry.ConfigurationVersion,
            Tree = entry.Tree,
            Stop = entry.Stop,
            Monitor = entry.Monitor,
        };
}
