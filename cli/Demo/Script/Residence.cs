using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;

namespace Quorate.Cli.Demo.Script;

/// <summary>Where the configuration lets a service run: the script's own reading of it, against which the scheduler is watched. Pure.</summary>
/// <remarks>Source: rgmanager.md 1.2; only what the demo's domains use.</remarks>
internal static class Residence
{
    /// <summary>The nodes on which a service may come up when these are there; in an ordered domain just one.</summary>
    public static ImmutableArray<string> Of(ServiceDefinition service, ClusterConfiguration cluster, IReadOnlyCollection<NodeName> online)
    {
        if (service.Domain is not { } name || !cluster.FailoverDomains.TryGetValue(name, out FailoverDomain? domain))
        {
            return [.. online.Order().Select(node => node.Value)];
        }

        ImmutableArray<FailoverDomainMember> members = [.. domain.Members.Where(member => online.Contains(member.Node))];
        if (members.IsEmpty)
        {
            return domain.IsRestricted ? [] : [.. online.Order().Select(node => node.Value)];
        }

        return domain.IsOrdered
            ? [members.MinBy(member => member.Priority ?? int.MaxValue)!.Node.Value]
            : [.. members.Select(member => member.Node.Value).Order(StringComparer.Ordinal)];
    }
}
