using System.Collections.Immutable;
using System.Xml.Linq;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Reads the definition of one resource: its own attributes, the defaults, and its overrides of actions.</summary>
/// <remarks>Source: rgmanager.md 1.3, 1.7 and the end of 2.6 (resource-defaults).</remarks>
internal sealed class ResourceDefinitionReader(ProblemList problems)
{
    private const string OwnPrefix = "__";
    private const string Reference = "ref";

    private readonly Dictionary<string, XElement> _defaults = new(StringComparer.Ordinal);

    /// <summary>Takes note of <c>resource-defaults</c>; the first element of a type counts.</summary>
    public void UseDefaults(XElement? defaults)
    {
        foreach (XElement element in defaults?.Elements() ?? [])
        {
            _defaults.TryAdd(element.Name.LocalName, element);
        }
    }

    /// <summary>Reads one definition; null, with an error, when it lacks what a resource of the type needs.</summary>
    public ResourceDefinition? Read(XElement element, ResourceType type, bool isShared)
    {
        ImmutableSortedDictionary<string, string>.Builder attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        List<string> missing = [];
        foreach (ResourceParameter parameter in type.Parameters)
        {
            bool isNeeded = parameter.IsPrimary || parameter.IsRequired;
            string? own = isNeeded ? element.Text(parameter.Name) : (string?)element.Attribute(parameter.Name);
            if (own is null && isNeeded)
            {
                missing.Add(parameter.Name);
            }
            else if ((own ?? Default(parameter, type)) is { } value)
            {
                attributes[parameter.Name] = value;
            }
        }

        if (missing.Count > 0)
        {
            problems.Error(
                ProblemCode.MissingAttribute, element, $"{element.Label()} needs the attribute {string.Join(" and ", missing)}; it was skipped, with all below it");
            return null;
        }

        AddOthers(element, type, attributes);
        return HasUsableAgentName(element, type, attributes)
            ? new(type, attributes[type.Primary.Name], attributes.ToImmutable(), Overridden(element, type), isShared, ProblemList.LineOf(element))
            : null;
    }

    private string? Default(ResourceParameter parameter, ResourceType type) =>
        !parameter.IsPrimary && !parameter.IsUnique && _defaults.TryGetValue(type.Name, out XElement? defaults) && (string?)defaults.Attribute(parameter.Name) is { } given
            ? given
            : parameter.Inherit is null ? parameter.Default : null;

    private static void AddOthers(XElement element, ResourceType type, ImmutableSortedDictionary<string, string>.Builder attributes)
    {
        if (!type.AcceptsAnyAttribute)
        {
            return;
        }

        foreach (XAttribute attribute in element.Attributes())
        {
            string name = attribute.Name.LocalName;
            if (name != Reference && !name.StartsWith(OwnPrefix, StringComparison.Ordinal) && !attributes.ContainsKey(name))
            {
                attributes[name] = attribute.Value;
            }
        }
    }

    private bool HasUsableAgentName(XElement element, ResourceType type, ImmutableSortedDictionary<string, string>.Builder attributes)
    {
        if (type.Agent is not { AgentAttribute: { Length: > 0 } attribute }
            || (attributes.TryGetValue(attribute, out string? agent) && AgentCall.ParseAgentName(agent) is not null))
        {
            return true;
        }

        problems.Error(
            ProblemCode.BadAgentName, element, $"{element.Label()}: {attribute}=\"{agent}\" does not name an OCF agent as provider:Type, such as heartbeat:IPaddr2; it was skipped, with all below it");
        return false;
    }

    private ImmutableArray<ResourceAction> Overridden(XElement element, ResourceType type)
    {
        ImmutableArray<ResourceAction> actions = type.Actions;
        foreach (XElement given in element.Elements("action"))
        {
            actions = Override(actions, given, element);
        }

        return actions;
    }

    /// <summary>Without depth, or with <c>*</c>, an override changes every depth of that action.</summary>
    private ImmutableArray<ResourceAction> Override(ImmutableArray<ResourceAction> actions, XElement given, XElement element)
    {
        if (given.Text("name") is not { } name)
        {
            problems.Warning(ProblemCode.BadActionOverride, given, $"an <action> of {element.Label()} has no name; it is ignored");
            return actions;
        }

        bool hasDepth = name is "status" or "monitor" && given.Text("depth") is not (null or "*");
        int? depth = hasDepth ? given.Number("depth", least: 0, "the action is left as it is", problems) : null;
        if (hasDepth && depth is null)
        {
            return actions;
        }

        TimeSpan? timeout = given.Length("timeout", "the agent's own is kept", problems);
        TimeSpan? interval = given.Length("interval", "the agent's own is kept", problems);
        List<ResourceAction> matching = [.. actions.Where(action => action.Name == name && (depth is null || action.Depth == depth))];
        if (matching.Count > 0)
        {
            return
            [
                .. actions.Select(action =>
                    matching.Contains(action) ? action with { Timeout = timeout ?? action.Timeout, Interval = interval ?? action.Interval } : action),
            ];
        }

        if (depth is { } newDepth && timeout is { } newTimeout && interval is { } newInterval)
        {
            return actions.Add(new(name, newDepth, newTimeout, newInterval));
        }

        problems.Warning(
            ProblemCode.BadActionOverride,
            given,
            $"the agent of {element.Label()} has no action \"{name}\"{(depth is null ? "" : $" of depth {depth}")}; it is ignored. To add a status check give it depth, timeout and interval.");
        return actions;
    }
}
