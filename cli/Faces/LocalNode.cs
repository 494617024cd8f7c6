using Quorate.Contracts;

namespace Quorate.Cli.Faces;

/// <summary>Which node of the cluster this machine is.</summary>
internal static class LocalNode
{
    /// <summary>The variable that says it; without it the machine's host name does.</summary>
    public const string Variable = "QUORATE_NODE";

    /// <summary>The node of this machine; null on a machine that is none of them.</summary>
    /// <param name="nodes">All nodes of the cluster.</param>
    /// <param name="given">The value of <see cref="Variable"/>.</param>
    /// <param name="hostName">The machine's host name, short or full.</param>
    public static NodeName? Find(IEnumerable<NodeName> nodes, string? given, string hostName)
    {
        NodeName[] all = [.. nodes];
        string name = string.IsNullOrEmpty(given) ? hostName : given;
        string shortName = name.Split('.')[0];
        return all.Cast<NodeName?>().FirstOrDefault(node => node!.Value.Value == name)
            ?? all.Cast<NodeName?>().FirstOrDefault(node => node!.Value.Value.Split('.')[0] == shortName);
    }

    /// <summary>The node of this machine, from the environment.</summary>
    public static NodeName? Find(IEnumerable<NodeName> nodes) => Find(nodes, Environment.GetEnvironmentVariable(Variable), Environment.MachineName);
}
