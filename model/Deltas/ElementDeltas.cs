using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Model.Fencing;
using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>Finds what differs without stopping or starting anything by itself.</summary>
internal sealed class ElementDeltas(ClusterConfiguration before, ClusterConfiguration after, ImmutableArray<DefinitionDelta> definitions)
{
    private const int NamesShownMax = 5;

    /// <summary>Nodes in document order, domains by name, what services ask of each other, settings, then resources.</summary>
    public ImmutableArray<ElementDelta> Find() => [.. Nodes(), .. Domains(), .. Dependencies(), .. Settings(), .. UnusedResources(), .. Actions(), .. Policies()];

    private IEnumerable<ElementDelta> Nodes()
    {
        foreach (ClusterNode old in before.Nodes)
        {
            string[] differences = after.FindNode(old.Name) is not { } present ? ["it is no longer configured: what runs there has to run elsewhere"] :
            [
                .. Difference("nodeid", old.Id, present.Id),
                .. Difference("votes", old.Votes, present.Votes),
                .. SameMethods(old.FenceMethods, present.FenceMethods) ? [] : new[] { "the way it is fenced differs" },
            ];
            if (differences.Length > 0)
            {
                yield return new(after.FindNode(old.Name) is null ? DeltaKind.Removed : DeltaKind.Changed, $"node {old.Name}", string.Join("; ", differences));
            }
        }

        foreach (ClusterNode node in after.Nodes.Where(node => before.FindNode(node.Name) is null))
        {
            yield return new(DeltaKind.Added, $"node {node.Name}", "it is new: services may run there once it has joined");
        }
    }

    private static bool SameMethods(ImmutableArray<FenceMethod> old, ImmutableArray<FenceMethod> present) =>
        old.SequenceEqual(present, Equal<FenceMethod>((one, other) => one.Name == other.Name && one.Devices.SequenceEqual(other.Devices, Equal<FenceDevice>(SameDevice))));

    private static bool SameDevice(FenceDevice one, FenceDevice other) =>
        one with { Options = other.Options } == other && one.Options.SequenceEqual(other.Options);

    private static EqualityComparer<T> Equal<T>(Func<T, T, bool> equals)
        where T : class =>
        EqualityComparer<T>.Create((one, other) => one is not null && other is not null && equals(one, other));

    private IEnumerable<ElementDelta> Domains()
    {
        foreach (string name in before.FailoverDomains.Keys.Union(after.FailoverDomains.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            FailoverDomain? old = before.FailoverDomains.GetValueOrDefault(name);
            FailoverDomain? present = after.FailoverDomains.GetValueOrDefault(name);
            (DeltaKind kind, string[] differences) = (old, present) switch
            {
                (null, _) => (DeltaKind.Added, ["it is new"]),
                (_, null) => (DeltaKind.Removed, ["it is no longer configured"]),
                _ => (DeltaKind.Changed, Differences(old, present)),
            };
            if (differences.Length > 0)
            {
                yield return new(kind, $"failover domain {name}", $"{string.Join("; ", differences)}. {Users(name)}");
            }
        }
    }

    private static string[] Differences(FailoverDomain old, FailoverDomain present)
    {
        Dictionary<NodeName, FailoverDomainMember> was = old.Members.ToDictionary(member => member.Node);
        Dictionary<NodeName, FailoverDomainMember> now = present.Members.ToDictionary(member => member.Node);
        return
        [
            .. Difference("ordered", old.IsOrdered, present.IsOrdered),
            .. Difference("restricted", old.IsRestricted, present.IsRestricted),
            .. Difference("nofailback", old.IsNoFailback, present.IsNoFailback),
            .. old.Members.Where(member => !now.ContainsKey(member.Node)).Select(member => $"{member.Node} leaves it"),
            .. present.Members.Where(member => !was.ContainsKey(member.Node)).Select(member => $"{member.Node} joins it, {Priority(member)}"),
            .. present.Members
                .Where(member => was.TryGetValue(member.Node, out FailoverDomainMember? before) && before.Priority != member.Priority)
                .Select(member => $"{member.Node} had {Priority(was[member.Node])}, now {Priority(member)}"),
        ];
    }

    private static string Priority(FailoverDomainMember member) =>
        member.Priority is { } priority ? string.Create(CultureInfo.InvariantCulture, $"priority {priority}") : "no priority";

    /// <summary>Which services the new configuration places by a domain.</summary>
    private string Users(string domain)
    {
        string[] users = [.. after.Services.Where(service => string.Equals(service.Domain, domain, StringComparison.OrdinalIgnoreCase)).Select(service => service.Name.Value)];
        return users.Length switch
        {
            0 => "No service of the new configuration is in it",
            > NamesShownMax => string.Create(CultureInfo.InvariantCulture, $"Placed by it: {string.Join(", ", users.Take(NamesShownMax))} and {users.Length - NamesShownMax} more"),
            _ => $"Placed by it: {string.Join(", ", users)}",
        };
    }

    /// <summary>
    /// What stands below <c>dependencies</c> is no attribute of a service: a change stops nothing by itself, and may move or stop the service by
    /// the rules that are new. Whoever comes or goes says so itself.
    /// </summary>
    private IEnumerable<ElementDelta> Dependencies()
    {
        foreach (ServiceDefinition old in before.Services)
        {
            if (after.FindService(old.Name) is { } present && !old.Dependencies.ToHashSet().SetEquals(present.Dependencies))
            {
                string[] differences =
                [
                    .. old.Dependencies.Except(present.Dependencies).Select(dependency => $"{Shown(dependency)} no longer counts"),
                    .. present.Dependencies.Except(old.Dependencies).Select(dependency => $"{Shown(dependency)} counts from now on"),
                ];
                yield return new(DeltaKind.Changed, $"dependencies of {old.Name}", $"{string.Join("; ", differences)}. It may be started, moved or stopped for that");
            }
        }
    }

    private static string Shown(ServiceDependency dependency) =>
        $"{dependency.Target} (require {Word(dependency.Require)}, colocate {Word(dependency.Colocate)})";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private IEnumerable<ElementDelta> Settings() =>
    [
        .. Setting("cluster", Difference("its name", before.ClusterName, after.ClusterName)),
        .. Setting(
            "quorum",
            [
                .. Difference("expected votes", before.Quorum.ExpectedVotes, after.Quorum.ExpectedVotes),
                .. Difference("two_node", before.Quorum.IsTwoNode, after.Quorum.IsTwoNode),
                .. Difference("token", before.Quorum.Token, after.Quorum.Token),
            ]),
        .. Setting(
            "fencing",
            [
                .. Difference("post_fail_delay", before.Fencing.PostFailDelay, after.Fencing.PostFailDelay),
                .. Difference("post_join_delay", before.Fencing.PostJoinDelay, after.Fencing.PostJoinDelay),
            ]),
        .. Setting(
            "rm",
            [
                .. Difference("disabled", before.ResourceManager.IsDisabled, after.ResourceManager.IsDisabled),
                .. Difference("status_poll_interval", before.ResourceManager.StatusPollInterval, after.ResourceManager.StatusPollInterval),
            ]),
    ];

    private static ElementDelta[] Setting(string element, string[] differences) =>
        differences.Length == 0 ? [] : [new(DeltaKind.Changed, element, string.Join("; ", differences))];

    private IEnumerable<ElementDelta> UnusedResources()
    {
        HashSet<(string, string)> used = [.. before.Services.Concat(after.Services).SelectMany(service => ResourceOrder.Start(service.Tree)).Select(node => (node.Type.Name, node.Name))];
        return definitions
            .Where(definition => definition.Kind != DeltaKind.Same && !used.Contains((Either(definition).Type.Name, Either(definition).Name)))
            .Select(definition => new ElementDelta(definition.Kind, $"resource {Label(definition)}", $"{definition.Reason}; no service uses it"));
    }

    /// <summary>Source: rgmanager.md 2.9, "changing only action overrides is not a difference (nothing restarts)".</summary>
    private IEnumerable<ElementDelta> Actions() =>
        definitions
            .Where(definition => definition is { NeedsStop: false, Before: not null, After: not null } && !definition.Before.Actions.SequenceEqual(definition.After.Actions))
            .Select(definition => new ElementDelta(DeltaKind.Changed, $"resource {Label(definition)}", "intervals or time-outs of its actions differ; nothing stops or starts for that"));

    /// <summary>
    /// What stands at a resource's place in a service and says what its failures and time-outs mean. It takes effect without that anything stops,
    /// and it is easily the most dangerous line of a change: what was critical may no longer be.
    /// </summary>
    /// <remarks>Source: rgmanager.md 2.9, "changing only __* ... is not a difference (nothing restarts)", and 1.6.</remarks>
    private IEnumerable<ElementDelta> Policies()
    {
        foreach (ServiceDefinition old in before.Services)
        {
            ILookup<string, ResourceNode> present = (after.FindService(old.Name) is { } service ? ResourceOrder.Start(service.Tree) : []).ToLookup(node => node.Label);
            foreach (IGrouping<string, ResourceNode> places in ResourceOrder.Start(old.Tree).GroupBy(node => node.Label))
            {
                string[] differences = [.. places.Zip(present[places.Key]).SelectMany(pair => Differences(pair.First, pair.Second)).Distinct()];
                if (differences.Length > 0)
                {
                    yield return new(DeltaKind.Changed, $"resource {places.Key}", $"{string.Join("; ", differences)}; nothing stops or starts for that");
                }
            }
        }
    }

    private static string[] Differences(ResourceNode old, ResourceNode present) =>
    [
        .. Difference("__enforce_timeouts", old.EnforceTimeouts, present.EnforceTimeouts),
        .. Difference("__independent_subtree", Shown(old.Independence), Shown(present.Independence)),
        .. Difference("__max_restarts and __restart_expire_time", old.InlineRestarts, present.InlineRestarts),
        .. Difference("__max_failures and __failure_expire_time", old.ToleratedFailures, present.ToleratedFailures),
    ];

    /// <summary>As it is written in the configuration; what it means stands beside it, since 1 and 2 say little.</summary>
    private static string? Shown(Independence independence) => independence switch
    {
        Independence.Independent => "1 (independent)",
        Independence.NonCritical => "2 (non-critical)",
        _ => null,
    };

    private static string[] Difference<T>(string name, T old, T present) =>
        EqualityComparer<T>.Default.Equals(old, present) ? [] : [$"{name} was {Shown(old)}, now {Shown(present)}"];

    private static string Shown<T>(T value) => value switch
    {
        null => "not set",
        bool flag => flag ? "yes" : "no",
        FailureWindow window => string.Create(CultureInfo.InvariantCulture, $"{window.Max} within {window.Within.TotalSeconds} s"),
        TimeSpan length => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds} s"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"\"{value}\"",
    };

    private static ResourceDefinition Either(DefinitionDelta definition) =>
        definition.After ?? definition.Before ?? throw new InvariantViolation("a difference between nothing and nothing");

    private static string Label(DefinitionDelta definition) => $"{Either(definition).Type.Name}:{Either(definition).Name}";
}
