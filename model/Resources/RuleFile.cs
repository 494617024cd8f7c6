using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using Quorate.Contracts;

namespace Quorate.Model.Resources;

/// <summary>Reads rule files, Quorate's own descriptions of resource types; the format is described in <c>agents/README.md</c>.</summary>
internal static class RuleFile
{
    private const string Folder = "agents/";

    /// <summary>Every rule file inside this assembly.</summary>
    public static ResourceTypeCatalog ReadBuiltIn()
    {
        Assembly assembly = typeof(RuleFile).Assembly;
        List<ResourceType> types = [];
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Folder, StringComparison.Ordinal) && assembly.GetManifestResourceStream(name) is { } stream)
            {
                using (stream)
                {
                    types.Add(Read(XDocument.Load(stream).Root, name));
                }
            }
        }

        return new(types);
    }

    /// <summary>Reads one rule file.</summary>
    /// <param name="root">Its root element.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <exception cref="InvariantViolation">The file is not as agents/README.md says; ours are read by a test.</exception>
    public static ResourceType Read(XElement? root, string file)
    {
        if (root?.Name.LocalName != "resource-type" || (string?)root.Attribute("name") is not { Length: > 0 } name)
        {
            throw new InvariantViolation($"rule file {file}: the root must be <resource-type name=\"...\">");
        }

        ImmutableArray<ResourceParameter> parameters =
            PrimaryFirst([.. root.Elements("attribute").Select(element => Parameter(element, file))])
            ?? throw new InvariantViolation($"rule file {file}: exactly one attribute must be primary");

        return new ResourceType
        {
            Name = name,
            Parameters = parameters,
            Actions = [.. root.Elements("action").SelectMany(element => Actions(element, file))],
            Children = [.. root.Elements("child").Select(element => Child(element, file))],
            MaxInstances = Number(root, "references-max", file),
            AcceptsAnyAttribute = Yes(root, "accepts-any-attribute", ifAbsent: false, file),
            IsInitializedOnAdd = Yes(root, "initialize-on-add", ifAbsent: true, file),
            IsStoppedOnDelete = Yes(root, "stop-on-delete", ifAbsent: true, file),
            Agent = root.Element("run") is { } run ? Binding(run, file) : null,
        };
    }

    /// <summary>Moves the primary parameter to the front; null when there is not exactly one.</summary>
    public static ImmutableArray<ResourceParameter>? PrimaryFirst(ImmutableArray<ResourceParameter> parameters) =>
        parameters.Count(parameter => parameter.IsPrimary) == 1
            ? [.. parameters.Where(parameter => parameter.IsPrimary), .. parameters.Where(parameter => !parameter.IsPrimary)]
            : null;

    private static ResourceParameter Parameter(XElement element, string file)
    {
        string[] traits = ((string?)element.Attribute("is") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(
            Required(element, "name", file),
            IsPrimary: traits.Contains("primary"),
            IsUnique: traits.Contains("unique"),
            IsRequired: traits.Contains("required"),
            IsReconfigurable: traits.Contains("reconfigurable"),
            Inherit: (string?)element.Attribute("inherit"),
            Default: (string?)element.Attribute("default"));
    }

    private static IEnumerable<ResourceAction> Actions(XElement element, string file)
    {
        int depth = Number(element, "depth", file);
        TimeSpan timeout = Length(element, "timeout", file);
        TimeSpan interval = Length(element, "every", file);
        return Required(element, "name", file)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new ResourceAction(name, depth, timeout, interval));
    }

    private static ChildRule Child(XElement element, string file) =>
        new(
            Required(element, "type", file),
            Number(element, "start", file),
            Number(element, "stop", file),
            Yes(element, "forbidden", ifAbsent: false, file));

    private static AgentBinding Binding(XElement run, string file) =>
        new()
        {
            Class = Required(run, "class", file) switch
            {
                "group" => AgentClass.Group,
                "ocf" => AgentClass.Ocf,
                "lsb" => AgentClass.Lsb,
                "systemd" => AgentClass.Systemd,
                string other => throw new InvariantViolation($"rule file {file}: class \"{other}\" is none of group, ocf, lsb, systemd"),
            },
            Provider = (string?)run.Attribute("provider") ?? "",
            Type = (string?)run.Attribute("type") ?? "",
            AgentAttribute = (string?)run.Attribute("agent-from") ?? "",
            Maps =
            [
                .. run.Elements("map").Select(map => new ParameterMap(
                    Required(map, "attribute", file),
                    (string?)map.Attribute("to") ?? Required(map, "attribute", file),
                    (string?)map.Attribute("unless"),
                    (string?)map.Attribute("part") == "directory")),
            ],
            Joins =
            [
                .. run.Elements("join").Select(join => new ParameterJoin(
                    Required(join, "first", file), Required(join, "with", file)[0], Required(join, "rest", file), Required(join, "to", file))),
            ],
            Splits =
            [
                .. run.Elements("split").Select(split => new ParameterSplit(
                    Required(split, "attribute", file), Required(split, "at", file)[0], Required(split, "first", file), Required(split, "rest", file))),
            ],
            FixedParameters = run.Elements("fixed").ToImmutableSortedDictionary(
                parameter => Required(parameter, "parameter", file), parameter => Required(parameter, "value", file), StringComparer.Ordinal),
        };

    private static string Required(XElement element, string attribute, string file) =>
        (string?)element.Attribute(attribute) is { Length: > 0 } value
            ? value
            : throw new InvariantViolation($"rule file {file}: <{element.Name.LocalName}> needs {attribute}");

    private static int Number(XElement element, string attribute, string file) =>
        (string?)element.Attribute(attribute) is not { } text ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new InvariantViolation($"rule file {file}: {attribute}=\"{text}\" is not a number");

    private static TimeSpan Length(XElement element, string attribute, string file) =>
        (string?)element.Attribute(attribute) is not { } text ? TimeSpan.Zero
        : DurationText.Parse(text) ?? throw new InvariantViolation($"rule file {file}: {attribute}=\"{text}\" is not a length of time");

    private static bool Yes(XElement element, string attribute, bool ifAbsent, string file) =>
        (string?)element.Attribute(attribute) switch
        {
            null => ifAbsent,
            "yes" => true,
            "no" => false,
            string other => throw new InvariantViolation($"rule file {file}: {attribute}=\"{other}\" is neither yes nor no"),
        };
}
