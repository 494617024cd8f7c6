using System.Collections.Immutable;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Trees;

/// <summary>What a start runs, in order; the first failure ends it, and nothing is undone here.</summary>
/// <remarks>Source: rgmanager.md 2.4 START; an action the metadata does not list is a success without a run (2.6).</remarks>
public static class StartPlan
{
    /// <summary>The runs of a start, groups left out.</summary>
    public static ImmutableArray<AgentInvocation> Of(ResourceNode tree) =>
        [.. ResourceOrder.Start(tree).Where(node => Listed.Has(node, "start")).Select(node => InvocationOf.Action(node, "start")).OfType<AgentInvocation>()];
}
