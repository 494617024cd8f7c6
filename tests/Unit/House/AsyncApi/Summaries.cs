using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Quorate.Tests.Unit.House.AsyncApi;

/// <summary>What the contracts' docstrings say, as plain text.</summary>
internal static partial class Summaries
{
    private static readonly Dictionary<string, XElement> Members = XDocument
        .Load(Path.ChangeExtension(typeof(Quorate.Contracts.NodeName).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value); // the compiler writes one for each

    public static string Of(Type type) => Text(Members.GetValueOrDefault($"T:{type.FullName}")?.Element("summary"));

    /// <summary>Of a property, or of the one it implements.</summary>
    public static string Of(Type owner, PropertyInfo property)
    {
        IEnumerable<Type> declaring = [owner, .. owner.GetInterfaces()];
        return declaring.Select(type => Text(Members.GetValueOrDefault($"P:{type.FullName}.{property.Name}")?.Element("summary"))).FirstOrDefault(text => text.Length > 0) ?? "";
    }

    private static string Text(XElement? summary) => summary is null ? "" : Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } link => (link.Attribute("cref")?.Value ?? "").Split('.')[^1],
        XElement inner => string.Concat(inner.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
