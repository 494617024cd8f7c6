using System.Collections.Immutable;
using System.Xml.Linq;

namespace Quorate.Model.Configuration;

/// <summary>What is wrong with no single element but with the cluster as a whole.</summary>
internal static class ClusterWideChecks
{
    private const int NamesShownMax = 5;

    public static void Check(XElement root, ImmutableArray<ClusterNode> nodes, ImmutableArray<ServiceDefinition> services, ProblemList problems)
    {
        XElement where = root.Element("clusternodes") ?? root;
        if (nodes.IsEmpty)
        {
            problems.Warning(ProblemCode.NoNodes, where, "the cluster has no nodes: nothing can run anywhere; add a <clusternode> for each to <clusternodes>");
        }

        ImmutableArray<string> unfenced = [.. nodes.Where(node => !node.HasFenceDevice).Select(node => node.Name.Value)];
        if (nodes.Length > 1 && !services.IsEmpty && !unfenced.IsEmpty)
        {
            string names = unfenced.Length > NamesShownMax
                ? $"{string.Join(", ", unfenced.Take(NamesShownMax))} and {unfenced.Length - NamesShownMax} more"
                : string.Join(", ", unfenced);
            problems.Warning(
                ProblemCode.NoFenceDevice,
                where,
                $"no usable fence device for {names}: a lost node's services wait for its own guard's time or for an operator, and a machine that was paused and "
                + "goes on runs them a second time unless a watchdog of its own has reset it; give each node a fence device, or at least a hardware watchdog (this file cannot tell)");
        }
    }
}
