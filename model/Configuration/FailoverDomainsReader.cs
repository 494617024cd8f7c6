using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Quorate.Contracts;
using Quorate.Model.Domains;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>failoverdomains</c>.</summary>
/// <remarks>
/// Source: rgmanager.md 1.2. Names of domains and of nodes are compared without case. Of doubles the first counts, as messages #30 and
/// #31 promise; what follows them is read, which the original did not do (DESIGN 9).
/// </remarks>
internal static class FailoverDomainsReader
{
    private const int PriorityMax = 100;

    public static ImmutableSortedDictionary<string, FailoverDomain> Read(XElement? rm, ImmutableArray<ClusterNode> nodes, ProblemList problems)
    {
        Dictionary<string, NodeName> members = new(StringComparer.OrdinalIgnoreCase);
        foreach (ClusterNode node in nodes)
        {
            members.TryAdd(node.Name.Value, node.Name);
        }

        ImmutableSortedDictionary<string, FailoverDomain>.Builder domains =
            ImmutableSortedDictionary.CreateBuilder<string, FailoverDomain>(StringComparer.OrdinalIgnoreCase);
        foreach (XElement element in rm?.Elements("failoverdomains").Elements("failoverdomain") ?? [])
        {
            if (element.Text("name") is not { } name)
            {
                problems.Error(ProblemCode.NamelessDomain, element, "a <failoverdomain> has no name; it was skipped");
            }
            else if (domains.ContainsKey(name))
            {
                problems.Error(ProblemCode.DuplicateDomain, element, $"Domain {name} defined multiple times; the first is used");
            }
            else
            {
                domains.Add(name, ReadDomain(element, name, members, problems));
            }
        }

        return domains.ToImmutable();
    }

    private static FailoverDomain ReadDomain(XElement element, string name, Dictionary<string, NodeName> members, ProblemList problems)
    {
        bool isOrdered = element.Boolean("ordered", ifAbsent: false, problems);
        ImmutableArray<FailoverDomainMember>.Builder listed = ImmutableArray.CreateBuilder<FailoverDomainMember>();
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        List<XElement> elements = [.. element.Elements("failoverdomainnode")];
        bool hasPriorities = elements.Exists(node => node.Attribute("priority") is not null);
        foreach (XElement node in elements)
        {
            if (node.Text("name") is not { } nodeName)
            {
                problems.Error(ProblemCode.NamelessNode, node, $"a <failoverdomainnode> of domain \"{name}\" has no name; it was skipped");
            }
            else if (!seen.Add(nodeName))
            {
                problems.Error(ProblemCode.DuplicateDomainNode, node, $"Node {nodeName} defined multiple times in domain {name}; the first is used");
            }
            else
            {
                if (!members.TryGetValue(nodeName, out NodeName known))
                {
                    known = new(nodeName);
                    ReportStranger(node, name, nodeName, members, problems);
                }

                listed.Add(new(known, Priority(node, nodeName, isOrdered, hasPriorities, problems)));
            }
        }

        if (elements.Count == 0)
        {
            problems.Warning(ProblemCode.EmptyDomain, element, $"domain \"{name}\" has no node; add a <failoverdomainnode>");
        }

        return new(
            name,
            isOrdered,
            element.Boolean("restricted", ifAbsent: false, problems),
            element.Boolean("nofailback", ifAbsent: false, problems),
            listed.ToImmutable());
    }

    /// <summary>Where the cluster has no nodes at all that is said once, not for every name.</summary>
    private static void ReportStranger(XElement where, string domain, string stranger, Dictionary<string, NodeName> members, ProblemList problems)
    {
        if (members.Count > 0)
        {
            problems.Warning(ProblemCode.DomainNonMember, where, $"domain \"{domain}\" names \"{stranger}\", which is no node of this cluster; it has no effect");
        }
    }

    private static int? Priority(XElement node, string nodeName, bool isOrdered, bool hasPriorities, ProblemList problems)
    {
        string? text = node.Text("priority");
        if (int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int priority) && priority is > 0 and <= PriorityMax)
        {
            return priority;
        }

        if (isOrdered && hasPriorities)
        {
            string finding = text is null ? "has no priority" : $"has priority \"{text}\", not a whole number from 1 to {PriorityMax}";
            problems.Warning(ProblemCode.BadPriority, node, $"node \"{nodeName}\" of an ordered domain {finding}; it ranks last");
        }

        return null;
    }
}
