using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Quorate.Model.Resources;

/// <summary>Reads what an agent prints on <c>meta-data</c>: rgmanager's dialect, which names a primary parameter, or plain OCF.</summary>
/// <remarks>
/// Source: rgmanager.md 2.1; OCF resource agent API 1.0. Defaults of plain OCF agents are not passed on: they describe what the agent
/// does by itself when a parameter is not set, and an exported empty default would override that.
/// </remarks>
public static class AgentMetadata
{
    /// <summary>Longer metadata is refused: real agents stay below a twentieth of this.</summary>
    public const int CharactersMax = 1024 * 1024;

    private const string ReservedType = "action";

    /// <summary>Reads one agent's metadata.</summary>
    /// <param name="xml">What the agent printed.</param>
    /// <returns>The type without a binding: the caller knows whose agent it is. Never null; failures are in the problems.</returns>
    public static AgentMetadataResult Parse(string xml)
    {
        // Agents name the OCF document type; it is skipped, not loaded.
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = CharactersMax };
        try
        {
            return Read(BoundedXml.Load(xml.TrimStart(), settings));
        }
        catch (XmlException exception)
        {
            return new(null, [$"the metadata is no XML: {exception.Message}"]);
        }
    }

    private static AgentMetadataResult Read(XElement? root)
    {
        if (root?.Name.LocalName != "resource-agent" || Text(root, "name") is not { } name)
        {
            return new(null, ["the metadata has no <resource-agent name=\"...\">"]);
        }

        if (name == ReservedType)
        {
            return new(null, [$"the type name \"{ReservedType}\" is reserved for action overrides"]);
        }

        List<string> problems = [];
        XElement? special = root.Elements("special").FirstOrDefault(element => Text(element, "tag") == "rgmanager");
        List<XElement> parameterElements = [.. root.Elements("parameters").Elements("parameter")];
        bool isRgmanager = special is not null || parameterElements.Exists(element => Flag(element, "primary"));
        ImmutableArray<ResourceParameter> parameters = [.. parameterElements.Select(element => Parameter(element, isRgmanager, problems)).OfType<ResourceParameter>()];
        if (!isRgmanager)
        {
            parameters = WithName(parameters);
        }

        if (problems.Count > 0)
        {
            return new(null, [.. problems]);
        }

        if (RuleFile.PrimaryFirst(parameters) is not { } primaryFirst)
        {
            return new(null, [$"type {name} must have exactly one primary parameter"]);
        }

        XElement? attributes = special?.Element("attributes");
        ResourceType type = new()
        {
            Name = name,
            Parameters = primaryFirst,
            Actions = [.. root.Elements("actions").Elements("action").Select(element => Action(element, problems)).OfType<ResourceAction>()],
            Children = [.. (special?.Elements("child") ?? []).Select(element => Child(element, problems)).OfType<ChildRule>()],
            MaxInstances = Number(attributes, "maxinstances"),
            IsInitializedOnAdd = Text(attributes, "init_on_add") is null || Flag(attributes, "init_on_add"),
            IsStoppedOnDelete = Text(attributes, "destroy_on_delete") is null || Flag(attributes, "destroy_on_delete"),
        };
        return new(type, [.. problems]);
    }

    private static ResourceParameter? Parameter(XElement element, bool isRgmanager, List<string> problems)
    {
        if (Text(element, "name") is not { } name)
        {
            problems.Add("a <parameter> has no name");
            return null;
        }

        string? inherit = Text(element, "inherit");
        bool isPrimary = Flag(element, "primary");
        bool isUnique = Flag(element, "unique");
        bool isRequired = Flag(element, "required");
        if (inherit is not null && (isPrimary || isUnique || isRequired))
        {
            problems.Add($"parameter {name} is inherited and therefore can be neither primary, unique nor required");
        }

        string? defaultValue = isRgmanager && inherit is null ? (string?)element.Element("content")?.Attribute("default") : null;
        return new(name, isPrimary, isUnique && isRgmanager, isRequired, Flag(element, "reconfig"), inherit, defaultValue);
    }

    /// <summary>A plain OCF agent has no parameter that names the resource; ours is <c>name</c>.</summary>
    private static ImmutableArray<ResourceParameter> WithName(ImmutableArray<ResourceParameter> parameters) =>
    [
        new("name", IsPrimary: true, IsUnique: true, IsRequired: true, IsReconfigurable: false, Inherit: null, Default: null),
        .. parameters.Where(parameter => parameter.Name != "name"),
    ];

    private static ResourceAction? Action(XElement element, List<string> problems)
    {
        if (Text(element, "name") is not { } name)
        {
            problems.Add("an <action> has no name; it was left out");
            return null;
        }

        int depth = name is "status" or "monitor" ? Number(element, "depth") : 0;
        return new(name, depth, Length(element, "timeout", problems), Length(element, "interval", problems));
    }

    private static ChildRule? Child(XElement element, List<string> problems)
    {
        if (Text(element, "type") is not { } type)
        {
            problems.Add("a <child> has no type; it was left out");
            return null;
        }

        return new(type, Math.Min(Number(element, "start"), ResourceOrder.LevelMax), Math.Min(Number(element, "stop"), ResourceOrder.LevelMax), Flag(element, "forbid"));
    }

    private static TimeSpan Length(XElement element, string attribute, List<string> problems)
    {
        if (Text(element, attribute) is not { } text)
        {
            return TimeSpan.Zero;
        }

        if (DurationText.Parse(text) is { } length)
        {
            return length;
        }

        problems.Add($"{attribute}=\"{text}\" of action {Text(element, "name")} is not a length of time; none is used");
        return TimeSpan.Zero;
    }

    private static string? Text(XElement? element, string attribute) => (string?)element?.Attribute(attribute) is { Length: > 0 } text ? text : null;

    private static bool Flag(XElement? element, string attribute) =>
        Text(element, attribute) is { } text && (Number(element, attribute) != 0 || text[0] is 'y' or 'Y');

    private static int Number(XElement? element, string attribute) =>
        int.TryParse(Text(element, attribute), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
