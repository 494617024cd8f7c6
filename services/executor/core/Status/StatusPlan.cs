using System.Collections.Immutable;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Trees;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Status;

/// <summary>The periodic checks of a running tree, in start order, with the run each of them is.</summary>
/// <remarks>Source: rgmanager.md 2.4 STATUS, 2.7.</remarks>
public static class StatusPlan
{
    private const string StatusAction = "status";
    private const string MonitorAction = "monitor";

    /// <summary>The checks of a tree: every listed <c>status</c> with an interval, or <c>monitor</c> where a type lists no status.</summary>
    public static ImmutableArray<(StatusCheck Check, AgentInvocation Run)> Of(ResourceNode tree) =>
        [.. ResourceOrder.Start(tree).SelectMany(ChecksOf)];

    private static IEnumerable<(StatusCheck Check, AgentInvocation Run)> ChecksOf(ResourceNode node, int step)
    {
        string name = node.Actions.Any(row => row.Name == StatusAction) ? StatusAction : MonitorAction;
        foreach (ResourceAction row in node.Actions.Where(row => row.Name == name && row.Interval > TimeSpan.Zero))
        {
            if (InvocationOf.Action(node, name, row.Depth, row.Interval) is { } run)
            {
                yield return (new StatusCheck(step, node.Label, row.Depth, row.Interval), run);
            }
        }
    }
}
