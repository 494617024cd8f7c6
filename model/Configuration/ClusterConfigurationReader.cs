using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Quorate.Model.Domains;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>cluster.conf</c>.</summary>
/// <remarks>
/// Source: rgmanager.md chapter 1. Where the original silently lost what followed a broken element, the element is reported and skipped,
/// and its siblings stay (DESIGN 9).
/// </remarks>
public static class ClusterConfigurationReader
{
    /// <summary>A longer text is refused: 2,000 services need a fiftieth of this.</summary>
    public const int CharactersMax = 64 * 1024 * 1024;

    /// <summary>Reads one configuration: as much as is sound, with every finding at once.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="types">The resource types it may use; usually <see cref="ResourceTypeCatalog.BuiltIn"/>.</param>
    /// <returns>Never null, never an exception for bad input: findings say what is wrong.</returns>
    public static ConfigurationResult Read(string text, ResourceTypeCatalog types)
    {
        ProblemList problems = new();
        if (Load(text, problems) is not { } root)
        {
            return new(null, problems.InLineOrder());
        }

        if (root.Name != "cluster")
        {
            // In a namespace no element would be found, and the cluster would look empty.
            string found = root.Name.NamespaceName is { Length: > 0 } other ? $"<{root.Name.LocalName} xmlns=\"{other}\">" : $"<{root.Name.LocalName}>";
            problems.Error(ProblemCode.NotACluster, root, $"the outermost element is {found}, not <cluster>; this is no cluster configuration");
            return new(null, problems.InLineOrder());
        }

        return new(Read(root, Digest(text), types, problems), problems.InLineOrder());
    }

    private static ClusterConfiguration Read(XElement root, string digest, ResourceTypeCatalog types, ProblemList problems)
    {
        XElement? rm = Section(root, "rm", problems);
        ImmutableArray<ClusterNode> nodes = NodesReader.Read(root, problems);
        ImmutableSortedDictionary<string, FailoverDomain> domains = FailoverDomainsReader.Read(rm, nodes, problems);
        ResourceTreeReader trees = new(types, problems);
        ImmutableArray<ServiceDefinition> services = ServicesReader.Read(rm, trees, domains, problems);
        ClusterWideChecks.Check(root, nodes, services, problems);
        MisplacedElements.Report(root, types, problems);
        return new ClusterConfiguration
        {
            ClusterName = ClusterName(root, problems),
            Version = Version(root, problems),
            Digest = digest,
            Nodes = nodes,
            Quorum = QuorumReader.Read(root, nodes, hasServices: !services.IsEmpty, problems),
            Fencing = FencingReader.Settings(root, problems),
            ResourceManager = ResourceManagerReader.Read(rm, problems),
            FailoverDomains = domains,
            Services = services,
            Resources = trees.Resources,
        };
    }

    /// <summary>The first section of that name; others are reported, for nothing in them is read.</summary>
    internal static XElement? Section(XElement root, string name, ProblemList problems)
    {
        XElement? first = null;
        foreach (XElement section in root.Elements(name))
        {
            if (first is null)
            {
                first = section;
            }
            else
            {
                problems.Error(
                    ProblemCode.RepeatedSection, section, $"a second <{name}>: it was skipped, move what it holds to line {ProblemList.LineOf(first)}");
            }
        }

        return first;
    }

    private static XElement? Load(string content, ProblemList problems)
    {
        // No document type, so no entities: nothing in a configuration can make the reader open a file or grow without bound.
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = CharactersMax };
        try
        {
            return BoundedXml.Load(content, settings);
        }
        catch (XmlException exception)
        {
            (int line, string text) = Explain(exception, content);
            problems.Add(ConfigSeverity.Error, ProblemCode.NotWellFormed, line, text);
            return null;
        }
    }

    private static (int Line, string Text) Explain(XmlException exception, string content)
    {
        // The reader gives no position for the one thing it refuses though it is well-formed.
        int documentType = exception.LineNumber == 0 ? FindDocumentType(content) : -1;
        return documentType >= 0
            ? (1 + content.AsSpan(0, documentType).Count('\n'), "a document type (<!DOCTYPE ...>) is not allowed, nothing was read; remove it")
            : (exception.LineNumber, $"not well-formed XML, nothing was read: {WithoutPosition(exception)}");
    }

    /// <summary>Where the document type begins, comments left aside; -1 when there is none.</summary>
    private static int FindDocumentType(string content)
    {
        int from = 0;
        while (true)
        {
            int found = content.IndexOf("<!DOCTYPE", from, StringComparison.Ordinal);
            int comment = content.IndexOf("<!--", from, StringComparison.Ordinal);
            int end = comment < 0 || found < comment ? -1 : content.IndexOf("-->", comment, StringComparison.Ordinal);
            if (end < 0)
            {
                return found;
            }

            from = end;
        }
    }

    /// <summary>The exception's own sentence; its position stands in front of it already, but the column is worth keeping.</summary>
    private static string WithoutPosition(XmlException exception)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $" Line {exception.LineNumber}, position {exception.LinePosition}.");
        return exception.Message.EndsWith(suffix, StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{exception.Message[..^suffix.Length]} (column {exception.LinePosition})")
            : exception.Message;
    }

    private static string ClusterName(XElement root, ProblemList problems)
    {
        if (root.Text("name") is { } name)
        {
            return name;
        }

        problems.Warning(ProblemCode.NoClusterName, root, "the cluster has no name; give <cluster> a name");
        return "";
    }

    private static int Version(XElement root, ProblemList problems)
    {
        if (root.Attribute("config_version") is null)
        {
            problems.Warning(
                ProblemCode.NoVersion, root, "the configuration has no config_version; give <cluster> one and raise it with every change, or nodes cannot tell old from new");
        }

        return root.Number("config_version", least: 1, "0 is assumed", problems) ?? 0;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
