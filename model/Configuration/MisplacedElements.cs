using System.Collections.Frozen;
using System.Xml.Linq;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Finds elements that mean something in one place only and stand in another, where nobody would read them.</summary>
/// <remarks>
/// Everything else that nobody knows is a warning, as it was (rgmanager.md 2.2). These are errors: a dependency or a restricted domain that is
/// dropped lets a service run where, or beside what, it never should. Within <c>dependencies</c> its own reader says what is wrong.
/// </remarks>
internal static class MisplacedElements
{
    private const string Cluster = "cluster";
    private const string ResourceManager = "rm";

    /// <summary>Elements by name, without case, each with its name as it is written and the one that it stands directly below.</summary>
    private static readonly FrozenDictionary<string, (string Name, string Parent)> Places = new (string Name, string Parent)[]
    {
        ("rm", Cluster),
        ("clusternodes", Cluster),
        ("clusternode", "clusternodes"),
        ("fencedevices", Cluster),
        ("fencedevice", "fencedevices"),
        ("cman", Cluster),
        ("totem", Cluster),
        ("fence_daemon", Cluster),
        ("failoverdomains", ResourceManager),
        ("failoverdomain", "failoverdomains"),
        ("failoverdomainnode", "failoverdomain"),
        ("resources", ResourceManager),
        ("resource-defaults", ResourceManager),
        ("dependencies", ResourceManager),
        ("dependency", "dependencies"),
    }.ToFrozenDictionary(place => place.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>True for an element that has a place of its own: what is wrong with it is said by <see cref="Report"/>.</summary>
    public static bool HasPlace(XElement element) => Places.ContainsKey(element.Name.LocalName);

    /// <summary>Reports each of them with the place where it belongs, and services that stand where they are none.</summary>
    public static void Report(XElement root, ResourceTypeCatalog types, ProblemList problems)
    {
        foreach (XElement element in root.Descendants())
        {
            string name = element.Name.LocalName;
            string parent = element.Parent?.Name.LocalName ?? "";
            if (Places.TryGetValue(name, out (string Name, string Parent) place))
            {
                // Below a parent in other letters it stands right, and that one is reported.
                if (!parent.Equals(place.Parent, StringComparison.OrdinalIgnoreCase) || name != place.Name)
                {
                    ReportMisplaced(element, parent, place, problems);
                }
            }
            else if (name is "service" or "vm" && parent == Cluster)
            {
                ReportMisplaced(element, parent, (name, ResourceManager), problems);
            }
            else if (name == "service" && types.FindInAnyCase(parent) is not null)
            {
                problems.Warning(
                    ProblemCode.ServiceWithinResource,
                    element,
                    $"{element.Label()} stands below <{parent}>, so it is no service of its own but a part of that one, and what it says of domain, autostart, recovery or dependencies has no effect; move it directly below <{ResourceManager}>");
            }
        }
    }

    private static void ReportMisplaced(XElement element, string parent, (string Name, string Parent) place, ProblemList problems)
    {
        string written = element.Name.LocalName == place.Name ? "" : $"must be written <{place.Name}> and ";
        string found = parent.Equals(place.Parent, StringComparison.OrdinalIgnoreCase) ? "" : $", not below <{parent}>";
        problems.Error(
            ProblemCode.MisplacedElement, element, $"{element.Label()} {written}belongs directly below <{place.Parent}>{found}; it was skipped, with all below it");
    }
}
