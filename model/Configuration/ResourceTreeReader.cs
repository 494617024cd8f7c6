using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Builds the resource trees: looks references up, loads inline resources, lets attributes be inherited.</summary>
/// <remarks>
/// Source: rgmanager.md 2.2 and 2.3. Below each node the types of its child table come first, row by row, then all others in document
/// order, each with everything below it before the next. Collisions and reference limits fall to whoever comes later in that order.
/// </remarks>
internal sealed class ResourceTreeReader(ResourceTypeCatalog types, ProblemList problems)
{
    /// <summary>Deeper trees are refused; real ones are less than ten deep.</summary>
    private const int DepthMax = 64;

    private readonly ResourcePool _pool = new();
    private readonly ResourceDefinitionReader _definitions = new(problems);

    /// <summary>Every resource loaded so far.</summary>
    public ImmutableArray<ResourceDefinition> Resources => _pool.Definitions;

    /// <summary>Loads the shared resources.</summary>
    public void ReadShared(XElement? defaults, XElement? resources)
    {
        _definitions.UseDefaults(defaults);
        foreach (XElement element in resources?.Elements() ?? [])
        {
            if (types.Find(element.Name.LocalName) is not { } type)
            {
                ReportUnknown(element);
            }
            else
            {
                Load(element, type, isShared: true);
                ReportBelowShared(element);
            }
        }
    }

    /// <summary>Source: rgmanager.md 2.2: a tree is built from what stands below the reference, never below the definition.</summary>
    private void ReportBelowShared(XElement shared)
    {
        if (shared.Elements().FirstOrDefault(child => child.Name.LocalName != "action") is { } child)
        {
            problems.Warning(
                ProblemCode.IgnoredBelowDefinition,
                child,
                $"{child.Label()} stands below {shared.Label()} in <resources> and has no effect there; move it below the reference to that resource, inside a service");
        }
    }

    /// <summary>Builds the tree of one child of <c>rm</c>; null, with a finding, when it cannot be used.</summary>
    public ResourceNode? ReadRoot(XElement element)
    {
        if (types.FindInAnyCase(element.Name.LocalName) is { } type)
        {
            return ReadNode(element, type, parent: null, depth: 1);
        }

        ReportUnknown(element);
        return null;
    }

    private ResourceNode? ReadNode(XElement element, ResourceType type, Ancestor? parent, int depth)
    {
        if (depth > DepthMax)
        {
            problems.Error(ProblemCode.NestedTooDeep, element, $"{element.Label()} stands more than {DepthMax} levels deep; it was skipped, with all below it");
            return null;
        }

        PooledResource? resource = element.Text("ref") is { } reference ? Refer(element, type, reference) : Load(element, type, isShared: false);
        if (resource is null || !TryCount(resource, element))
        {
            return null;
        }

        ResourceDefinition definition = resource.Definition;
        ImmutableSortedDictionary<string, string> attributes = Inherit(definition, parent);
        Independence independence = IndependenceOf(element, parent);
        return new ResourceNode
        {
            Type = type,
            Name = definition.Name,
            Attributes = attributes,
            Children = ReadChildren(element, type, new(type, attributes, parent), depth + 1),
            Actions = definition.Actions,
            EnforceTimeouts = element.Text("__enforce_timeouts") is { } text ? BooleanText.Parse(text) ?? false : null,
            Independence = independence,
            InlineRestarts = independence == Independence.None ? null : WindowOf(element, "__max_restarts", "__restart_expire_time"),
            ToleratedFailures = WindowOf(element, "__max_failures", "__failure_expire_time"),
            Line = ProblemList.LineOf(element),
        };
    }

    /// <summary>What a failure of it may cost. At the top level that never had a meaning.</summary>
    /// <remarks>
    /// Source: rgmanager.md 1.6. Non-critical is a property of the resource there, and lost when a second service refers to it: what both need
    /// cannot be left out of one.
    /// </remarks>
    private Independence IndependenceOf(XElement element, Ancestor? parent)
    {
        string? text = element.Text("__independent_subtree")?.Trim();
        if (text is null || parent is null)
        {
            return Independence.None;
        }

        Independence read = text.ToLowerInvariant() switch
        {
            "2" or "non-critical" => Independence.NonCritical,
            _ => BooleanText.Parse(text) == true ? Independence.Independent : Independence.None,
        };
        if (read == Independence.NonCritical && IsShared(element))
        {
            problems.Warning(
                ProblemCode.SharedNonCritical,
                element,
                $"{element.Label()} is used more than once, so that it cannot be left stopped as non-critical here; it counts as independent");
            return Independence.Independent;
        }

        return read;
    }

    private static bool IsShared(XElement element) => element.Text("ref") is { } reference
        && element.Document?.Descendants(element.Name).Count(other => other.Text("ref") == reference) > 1;

    private FailureWindow? WindowOf(XElement element, string count, string time)
    {
        if (element.Text(count) is not { } most || element.Text(time) is not { } within)
        {
            return null;
        }

        int? max = int.TryParse(most.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        TimeSpan? length = DurationText.Parse(within.Trim());
        if (max is null || length is null)
        {
            problems.Warning(
                ProblemCode.BadNumber, element, $"{element.Label()}: {count}=\"{most}\" {time}=\"{within}\" is no number and length of time such as 3 and 5m; both are left out");
            return null;
        }

        return max > 0 && length > TimeSpan.Zero ? new FailureWindow(max.Value, length.Value) : null;
    }

    private ImmutableArray<ResourceNode> ReadChildren(XElement element, ResourceType type, Ancestor self, int depth)
    {
        List<XElement> elements = [.. element.Elements()];
        if (elements.Count == 0)
        {
            return [];
        }

        ImmutableArray<ResourceNode>.Builder children = ImmutableArray.CreateBuilder<ResourceNode>();
        void Add(XElement child, ResourceType childType)
        {
            if (ReadNode(child, childType, self, depth) is { } node)
            {
                children.Add(node);
            }
        }

        HashSet<string> listed = new(StringComparer.OrdinalIgnoreCase);
        foreach (ChildRule rule in type.Children)
        {
            if (listed.Add(rule.Type) && !rule.IsForbidden && types.Find(rule.Type) is { } childType)
            {
                elements.FindAll(child => child.Name.LocalName == childType.Name).ForEach(child => Add(child, childType));
            }
        }

        foreach (XElement child in elements)
        {
            if (UnlistedType(child, element, type, listed) is { } childType)
            {
                Add(child, childType);
            }
        }

        return children.ToImmutable();
    }

    /// <summary>The type of a child that the parent's table does not list; null, reported where need be, for all others.</summary>
    private ResourceType? UnlistedType(XElement child, XElement parent, ResourceType parentType, HashSet<string> listed)
    {
        string name = child.Name.LocalName;
        if (name == "action")
        {
            return null;
        }

        if (types.FindInAnyCase(name) is not { } type)
        {
            ReportUnknown(child);
            return null;
        }

        if (!listed.Contains(name))
        {
            return type;
        }

        if (parentType.Children.Any(rule => rule.IsForbidden && rule.Type == type.Name))
        {
            problems.Error(ProblemCode.ForbiddenChild, child, $"{child.Label()} must not stand below {parent.Label()}; it was skipped, with all below it");
        }
        else if (name != type.Name)
        {
            problems.Error(ProblemCode.UnknownElement, child, $"<{name}> must be written <{type.Name}> here; it was skipped, with all below it");
        }

        return null;
    }

    private PooledResource? Refer(XElement element, ResourceType type, string reference)
    {
        if (_pool.Find(type.Name, reference) is not { } resource)
        {
            problems.Error(
                ProblemCode.UnresolvedReference, element, $"<{type.Name} ref=\"{reference}\"> refers to nothing: <resources> has no such {type.Name}; it was skipped, with all below it");
            return null;
        }

        if (!resource.Definition.IsShared)
        {
            problems.Error(
                ProblemCode.ReferenceToInline,
                element,
                $"<{type.Name} ref=\"{reference}\"> refers to a resource defined inside a service, in line {resource.Definition.Line}; move that to <resources> to share it. The reference was skipped, with all below it");
            return null;
        }

        if (element.Element("action") is { } action)
        {
            problems.Warning(
                ProblemCode.IgnoredBesideReference, action, $"an <action> below a reference has no effect; move it to line {resource.Definition.Line}, where {type.Name} \"{resource.Definition.Name}\" is defined");
        }

        return resource;
    }

    private PooledResource? Load(XElement element, ResourceType type, bool isShared)
    {
        if (_definitions.Read(element, type, isShared) is not { } definition)
        {
            return null;
        }

        if (_pool.FindCollision(definition) is not var (parameter, holder))
        {
            return _pool.Add(definition);
        }

        problems.Error(
            ProblemCode.Collision,
            element,
            $"{element.Label()}: another {type.Name}, in line {holder.Definition.Line}, already has {parameter.Name}=\"{definition.Attributes[parameter.Name]}\"; this one was skipped, with all below it");
        return null;
    }

    private bool TryCount(PooledResource resource, XElement element)
    {
        ResourceDefinition definition = resource.Definition;
        int most = definition.Type.MaxInstances;
        if (most > 0 && resource.References >= most)
        {
            problems.Error(
                ProblemCode.TooManyReferences,
                element,
                $"{definition.Type.Name} \"{definition.Name}\" is used more often than the {most} time{(most == 1 ? "" : "s")} its type allows; this reference was skipped, with all below it");
            return false;
        }

        resource.References++;
        return true;
    }

    private void ReportUnknown(XElement element)
    {
        if (!MisplacedElements.HasPlace(element))
        {
            problems.Warning(ProblemCode.UnknownElement, element, $"{element.Label()}: no resource type of that name is known; it is ignored, with all below it");
        }
    }

    private static ImmutableSortedDictionary<string, string> Inherit(ResourceDefinition definition, Ancestor? parent)
    {
        ImmutableSortedDictionary<string, string> attributes = definition.Attributes;
        foreach (ResourceParameter parameter in definition.Type.Parameters)
        {
            if (parameter.Inherit is { } source && !attributes.ContainsKey(parameter.Name) && Inherited(source, parent) is { } value)
            {
                attributes = attributes.Add(parameter.Name, value);
            }
        }

        return attributes;
    }

    /// <summary><c>attr</c> is the parent's, own or inherited; <c>type%attr</c> that of the nearest ancestor of the type.</summary>
    private static string? Inherited(string source, Ancestor? parent)
    {
        int cut = source.IndexOf('%', StringComparison.Ordinal);
        Ancestor? from = parent;
        while (cut >= 0 && from is not null && from.Type.Name != source[..cut])
        {
            from = from.Parent;
        }

        return from?.Attributes.GetValueOrDefault(source[(cut + 1)..]);
    }

    private sealed record Ancestor(ResourceType Type, ImmutableSortedDictionary<string, string> Attributes, Ancestor? Parent);
}
