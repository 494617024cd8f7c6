using System.Collections.Immutable;
using System.Xml.Linq;
using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>clusternodes</c>.</summary>
/// <remarks>Source: rgmanager.md 1.1 and 1.2.</remarks>
internal static class NodesReader
{
    /// <summary>More votes for one node are refused: as many nodes as fit into a file that is read then never add up to more than an int holds.</summary>
    private const int VotesMax = 255;

    public static ImmutableArray<ClusterNode> Read(XElement root, ProblemList problems)
    {
        FencingReader fencing = new(root, problems);
        Dictionary<string, XElement> byName = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<int, string> byId = [];
        ImmutableArray<ClusterNode>.Builder nodes = ImmutableArray.CreateBuilder<ClusterNode>();
        foreach (XElement element in ClusterConfigurationReader.Section(root, "clusternodes", problems)?.Elements("clusternode") ?? [])
        {
            if (element.Text("name") is not { } name)
            {
                problems.Error(ProblemCode.NamelessNode, element, "a <clusternode> has no name; it was skipped");
            }
            else if (!byName.TryAdd(name, element))
            {
                problems.Error(
                    ProblemCode.DuplicateNode, element, $"node \"{name}\" is defined twice; the first, in line {ProblemList.LineOf(byName[name])}, is used");
            }
            else
            {
                int votes = element.Number("votes", least: 0, "1 is used", problems, VotesMax) ?? 1;
                ClusterNode node = new(new(name), NodeId(element, name, byId, problems), votes) { FenceMethods = fencing.MethodsOf(element, name) };
                nodes.Add(node with { KeepsOnLeaseLoss = KeepsOnLeaseLoss(element, node, problems) });
            }
        }

        return nodes.ToImmutable();
    }

    /// <remarks>Source: DESIGN 4: <c>on_lease_loss="keep"</c>, only with a fence device.</remarks>
    private static bool KeepsOnLeaseLoss(XElement element, ClusterNode node, ProblemList problems)
    {
        switch (element.Text("on_lease_loss")?.Trim().ToLowerInvariant())
        {
            case null or "stop":
                return false;
            case "keep" when node.HasFenceDevice:
                return true;
            case "keep":
                problems.Error(
                    ProblemCode.KeepWithoutFenceDevice,
                    element,
                    $"node \"{node.Name}\" is to keep its services without a lease, and nothing but a fence device could end them: it has none that works, so stop is used");
                return false;
            case var other:
                problems.Warning(ProblemCode.BadLeaseLoss, element, $"node \"{node.Name}\": on_lease_loss=\"{other}\" is neither stop nor keep; stop is used");
                return false;
        }
    }

    private static int NodeId(XElement element, string name, Dictionary<int, string> byId, ProblemList problems)
    {
        if (element.Attribute("nodeid") is null)
        {
            problems.Warning(ProblemCode.NoNodeId, element, $"node \"{name}\" has no nodeid; give each node a number of its own");
            return 0;
        }

        if (element.Number("nodeid", least: 1, "it is ignored", problems) is not { } id)
        {
            return 0;
        }

        if (byId.TryAdd(id, name))
        {
            return id;
        }

        problems.Error(ProblemCode.DuplicateNodeId, element, $"nodes \"{byId[id]}\" and \"{name}\" both have nodeid {id}; that of \"{name}\" is ignored, give it another");
        return 0;
    }
}
