using System.Globalization;
using System.Xml.Linq;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces.Clustat;

/// <summary>The XML of <c>clustat -x</c>.</summary>
/// <remarks>Source: rgmanager.md 5.2: the same elements and attributes in the same order.</remarks>
internal static class ClustatXml
{
    private const string FormatVersion = "4.1.1";

    /// <summary>The document; with one member or service the cluster's own elements are left out.</summary>
    public static string Document(ClusterView cluster, ClustatOptions options, NodeName? local)
    {
        XElement root = new("clustat", new XAttribute("version", FormatVersion));
        if (options.Member is null && options.Service is null)
        {
            root.Add(
                new XElement("cluster", Attribute("name", cluster.Name), Attribute("id", OriginalNumbers.ClusterId(cluster.Name)), Attribute("generation", cluster.Generation)),
                new XElement("quorum", Flag("quorate", cluster.IsQuorate), Flag("groupmember", local is not null)));
        }

        if (options.Service is null)
        {
            root.Add(new XElement("nodes", cluster.Nodes.Where(node => options.Member is null || node.Name.Value == options.Member).Select(node => Node(node, local))));
        }

        if (options.Member is null)
        {
            root.Add(new XElement("groups", cluster.Services.Where(service => options.Service is null || service.Name == options.Service).Select(Group)));
        }

        return $"<?xml version=\"1.0\"?>\n{root}\n".ReplaceLineEndings("\n").Replace(" />", "/>", StringComparison.Ordinal);
    }

    private static XElement Node(NodeView node, NodeName? local)
    {
        bool isOnline = node.State == NodeState.Online;
        return new XElement(
            "node",
            Attribute("name", node.Name.Value),
            Flag("state", isOnline),
            Flag("local", node.Name == local),
            Flag("estranged", false),
            Flag("rgmanager", isOnline),
            Flag("rgmanager_master", false),
            Flag("qdisk", false),
            Attribute("nodeid", string.Create(CultureInfo.InvariantCulture, $"0x{node.Id:x8}")));
    }

    private static XElement Group(ServiceView service) => new(
        "group",
        Attribute("name", service.Name.Value),
        Attribute("state", OriginalNumbers.Of(service.State)),
        Attribute("state_str", OriginalNumbers.Word(service.State)),
        Attribute("flags", OriginalNumbers.FlagsOf(service)),
        Attribute("flags_str", OriginalNumbers.FlagWords(service, "")),
        Attribute("owner", service.Owner?.Value ?? "none"),
        Attribute("last_owner", service.LastOwner?.Value ?? "none"),
        Attribute("restarts", service.Restarts),
        Attribute("last_transition", service.Since.ToUnixTimeSeconds()),
        Attribute("last_transition_str", OriginalNumbers.Time(service.Since)));

    private static XAttribute Flag(string name, bool value) => Attribute(name, value ? 1 : 0);

    private static XAttribute Attribute(string name, object value) => new(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
}
