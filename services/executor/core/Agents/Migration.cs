using Quorate.Contracts;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Agents;

/// <summary>The runs of a migration.</summary>
/// <remarks>
/// Source: rgmanager.md 2.6, <c>migrate</c> with the target as its argument and the results 0 1 6 7 150; Pacemaker's <c>migrate_to</c> and
/// <c>migrate_from</c> with both nodes in the environment, for OCF agents.
/// </remarks>
public static class Migration
{
    private const string Source = "OCF_RESKEY_CRM_meta_migrate_source";
    private const string Target = "OCF_RESKEY_CRM_meta_migrate_target";

    /// <summary>The run on the node that it leaves; null where the resource has no agent.</summary>
    public static AgentInvocation? Leave(ResourceNode resource, NodeName from, NodeName to) =>
        InvocationOf.Action(resource, "migrate") is not { } run ? null
        : run.Class == AgentClass.Ocf ? WithNodes(run with { Action = "migrate_to" }, from, to)
        : run with { Argument = to.Value };

    /// <summary>The run on the node that it comes to; null where the agent knows no such thing.</summary>
    public static AgentInvocation? Arrive(ResourceNode resource, NodeName from, NodeName to) =>
        InvocationOf.Action(resource, "migrate") is { Class: AgentClass.Ocf } run ? WithNodes(run with { Action = "migrate_from" }, from, to) : null;

    private static AgentInvocation WithNodes(AgentInvocation run, NodeName from, NodeName to) => run with
    {
        Environment = run.Environment.SetItem(Source, from.Value).SetItem(Target, to.Value).SetItem("OCF_RESKEY_CRM_meta_name", run.Action),
    };
}
