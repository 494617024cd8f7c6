using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Quorate.Contracts;
using Quorate.Model.Domains;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Reads the services: the roots below <c>rm</c> and what decides where and when they run.</summary>
/// <remarks>Source: rgmanager.md 1.4, 1.5 and 2.2: a child of <c>rm</c> of any known type is a root.</remarks>
internal static class ServicesReader
{
    public static ImmutableArray<ServiceDefinition> Read(
        XElement? rm, ResourceTreeReader trees, ImmutableSortedDictionary<string, FailoverDomain> domains, ProblemList problems)
    {
        if (rm is null)
        {
            return [];
        }

        trees.ReadShared(
            ClusterConfigurationReader.Section(rm, "resource-defaults", problems), ClusterConfigurationReader.Section(rm, "resources", problems));
        ImmutableArray<ServiceDefinition>.Builder services = ImmutableArray.CreateBuilder<ServiceDefinition>();
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (XElement element in rm.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "resources" or "resource-defaults" or "failoverdomains" or "dependencies":
                    break;
                case "events":
                    problems.Warning(ProblemCode.NotYetUsed, element, $"<{element.Name.LocalName}> is not used by this version");
                    break;
                default:
                    if (trees.ReadRoot(element) is { } tree && IsFirst(tree, lines, problems))
                    {
                        services.Add(Service(element, tree, domains, problems));
                    }

                    break;
            }
        }

        ReportTypesNotYetRun(services, problems);
        return DependenciesReader.Read(rm, services.ToImmutable(), problems);
    }

    /// <summary>A type without a reference limit may be referred to by two roots, and then both would be one service.</summary>
    private static bool IsFirst(ResourceNode tree, Dictionary<string, int> lines, ProblemList problems)
    {
        if (lines.TryAdd(tree.Label, tree.Line))
        {
            return true;
        }

        problems.Add(
            ConfigSeverity.Error,
            ProblemCode.Collision,
            tree.Line,
            $"{tree.Label} is a service already, in line {lines[tree.Label]}; this one was skipped, with all below it");
        return false;
    }

    private static ServiceDefinition Service(
        XElement element, ResourceNode tree, ImmutableSortedDictionary<string, FailoverDomain> domains, ProblemList problems)
    {
        RootAttributes root = new(tree, element, problems);
        string? domain = root.Text("domain");
        if (domain is not null && !domains.ContainsKey(domain))
        {
            problems.Error(
                ProblemCode.NonexistentDomain,
                element,
                $"Domain '{domain}' specified for resource group {tree.Label} nonexistent! It runs on any node; define the domain or correct its name");
        }

        return new ServiceDefinition
        {
            Name = new(tree.Label),
            Domain = domain,
            IsAutostart = root.Boolean("autostart", ifAbsent: true),
            Exclusive = root.Exclusive(),
            Recovery = root.Recovery(),
            MaxRestarts = root.Number("max_restarts"),
            RestartExpireTime = root.Length("restart_expire_time"),
            OnStopFailure = root.OnStopFailure(),
            Priority = root.Number("priority"),
            Dependencies = root.Text("depend") is { } depend ? [new ServiceDependency(ServiceName.Parse(depend), root.DependMode(), Colocation.None)] : [],
            Tree = tree,
            Line = ProblemList.LineOf(element),
        };
    }

    private static void ReportTypesNotYetRun(ImmutableArray<ServiceDefinition>.Builder services, ProblemList problems)
    {
        SortedDictionary<string, List<ResourceNode>> byType = new(StringComparer.Ordinal);
        foreach (ResourceNode node in services.SelectMany(service => ResourceOrder.Start(service.Tree)).Where(node => node.Type.Agent is null))
        {
            if (!byType.TryGetValue(node.Type.Name, out List<ResourceNode>? nodes))
            {
                byType.Add(node.Type.Name, nodes = []);
            }

            nodes.Add(node);
        }

        foreach ((string type, List<ResourceNode> nodes) in byType)
        {
            string count = nodes.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({nodes.Count} of them, the first here)");
            problems.Add(
                ConfigSeverity.Warning,
                ProblemCode.NotYetRun,
                nodes.Min(node => node.Line),
                $"resources of type {type} are described but not yet run by this version{count}; use an OCF agent instead: <ocf agent=\"provider:Type\" .../>");
        }
    }

    /// <summary>The attributes of a root, which may stand in <c>resources</c>, with findings at the root's own line.</summary>
    private sealed class RootAttributes(ResourceNode tree, XElement element, ProblemList problems)
    {
        public string? Text(string attribute) => tree.Attributes.TryGetValue(attribute, out string? text) && text.Length > 0 ? text : null;

        public bool Boolean(string attribute, bool ifAbsent)
        {
            if (Text(attribute) is not { } text)
            {
                return ifAbsent;
            }

            if (BooleanText.Parse(text) is { } value)
            {
                return value;
            }

            problems.Warning(ProblemCode.BadBoolean, element, $"{tree.Label}: {attribute}=\"{text}\" is neither yes nor no; no is assumed. Write 1 or 0.");
            return false;
        }

        public int Exclusive() =>
            Text("exclusive") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int priority)
                ? priority
                : Boolean("exclusive", ifAbsent: false) ? 1 : 0;

        public int Number(string attribute)
        {
            if (Text(attribute) is not { } text)
            {
                return 0;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }

            problems.Warning(ProblemCode.BadNumber, element, $"{tree.Label}: {attribute}=\"{text}\" is not a whole number of 0 or more; 0 is used");
            return 0;
        }

        public TimeSpan Length(string attribute)
        {
            if (Text(attribute) is not { } text)
            {
                return TimeSpan.Zero;
            }

            if (DurationText.Parse(text) is { } length)
            {
                return length;
            }

            problems.Warning(ProblemCode.BadNumber, element, $"{tree.Label}: {attribute}=\"{text}\" is not a length of time such as 300, 5m or 1h30m; 0 is used");
            return TimeSpan.Zero;
        }

        public RecoveryPolicy Recovery()
        {
            switch (Text("recovery")?.ToLowerInvariant())
            {
                case null or "restart":
                    return RecoveryPolicy.Restart;
                case "relocate":
                    return RecoveryPolicy.Relocate;
                case "disable":
                    return RecoveryPolicy.Disable;
                case "restart-disable":
                    return RecoveryPolicy.RestartDisable;
                case string other:
                    problems.Warning(
                        ProblemCode.BadRecovery, element, $"{tree.Label}: recovery=\"{other}\" is none of restart, relocate, disable, restart-disable; restart is used");
                    return RecoveryPolicy.Restart;
            }
        }

        public Requirement DependMode()
        {
            switch (Text("depend_mode")?.ToLowerInvariant())
            {
                case null or "hard":
                    return Requirement.Always;
                case "soft":
                    return Requirement.Start;
                case string other:
                    problems.Warning(ProblemCode.BadDependency, element, $"{tree.Label}: depend_mode=\"{other}\" is neither hard nor soft; hard is used");
                    return Requirement.Always;
            }
        }

        public StopFailurePolicy OnStopFailure()
        {
            switch (Text("on_stop_failure")?.ToLowerInvariant())
            {
                case null or "hold":
                    return StopFailurePolicy.Hold;
                case "fence":
                    return StopFailurePolicy.Fence;
                case string other:
                    problems.Warning(ProblemCode.BadStopFailure, element, $"{tree.Label}: on_stop_failure=\"{other}\" is neither hold nor fence; hold is used");
                    return StopFailurePolicy.Hold;
            }
        }
    }
}
