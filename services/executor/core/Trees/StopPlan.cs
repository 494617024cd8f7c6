using System.Collections.Immutable;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Trees;

/// <summary>What a stop runs, in order; a failure never keeps the rest from being tried.</summary>
/// <remarks>Source: rgmanager.md 2.4 STOP.</remarks>
public static class StopPlan
{
    /// <summary>The runs of a stop, groups left out.</summary>
    public static ImmutableArray<AgentInvocation> Of(ResourceNode tree) =>
        [.. ResourceOrder.Stop(tree).Where(node => Listed.Has(node, "stop")).Select(node => InvocationOf.Action(node, "stop")).OfType<AgentInvocation>()];
}
