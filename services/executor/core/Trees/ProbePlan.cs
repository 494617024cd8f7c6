using System.Collections.Immutable;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Trees;

/// <summary>
/// The monitors that say whether a tree runs here: every resource that has an agent, the children first, as a half stopped tree
/// is most likely still held by one of them. A service is proven stopped when each says "not running" (rule S9).
/// </summary>
public static class ProbePlan
{
    /// <summary>One monitor for each resource that can run.</summary>
    /// <remarks>
    /// A type whose metadata lists neither <c>status</c> nor <c>monitor</c> has nothing to say and is left out: rgmanager.md 2.6
    /// takes an unlisted action for a success, and such a resource (a mere parameter of another) holds nothing by itself.
    /// </remarks>
    public static ImmutableArray<AgentInvocation> Of(ResourceNode tree) =>
        [.. ResourceOrder.Stop(tree)
            .Where(node => Listed.Has(node, "monitor") || Listed.Has(node, "status"))
            .Select(InvocationOf.Monitor).OfType<AgentInvocation>()];
}
