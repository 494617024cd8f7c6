using Quorate.Contracts;

namespace Quorate.Executor.Core.Agents;

/// <summary>Tells an agent which cluster node it runs on; host names say little where several nodes share a machine.</summary>
public static class OnNode
{
    /// <summary>The name Pacemaker gives this variable, so that agents made for it understand.</summary>
    public const string Variable = "OCF_RESKEY_CRM_meta_on_node";

    /// <summary>The same run, with the node's name in its environment.</summary>
    public static AgentInvocation Named(AgentInvocation run, NodeName node) =>
        run with { Environment = run.Environment.SetItem(Variable, node.Value) };
}
