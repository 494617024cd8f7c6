using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>How well a node suits a service by its failover domain alone: not its load, not its neighbours.</summary>
/// <remarks>Source: rgmanager.md 1.2, with DESIGN 9: a member without priority in an ordered domain ranks last.</remarks>
public static class FailoverDomainScore
{
    private const int RanksLast = int.MaxValue;

    /// <summary>The score of one node.</summary>
    /// <param name="node">Any name; a node that is not online, or drained, is illegal.</param>
    /// <param name="definition">The service. A domain that does not exist counts as none (#66).</param>
    /// <param name="configuration">Where its domain is looked up.</param>
    /// <param name="membership">Who is online and in use.</param>
    /// <param name="service">Its record: nofailback asks who runs it.</param>
    public static Score Of(
        NodeName node, ServiceDefinition definition, ClusterConfiguration configuration, MembershipView membership, ServiceRecord service) =>
        !membership.IsAvailable(node) ? Score.Illegal
        : DomainOf(definition, configuration) is { } domain ? Of(node, domain, membership, OwnerThatCounts(domain, membership, service))
        : Score.Best;

    /// <summary>The scores of all configured nodes, in the configured order.</summary>
    public static ImmutableArray<Score> OfAll(
        ServiceDefinition definition, ClusterConfiguration configuration, MembershipView membership, ServiceRecord service)
    {
        ImmutableArray<Score>.Builder scores = ImmutableArray.CreateBuilder<Score>(configuration.Nodes.Length);
        FailoverDomain? domain = DomainOf(definition, configuration);
        NodeName? owner = domain is null ? null : OwnerThatCounts(domain, membership, service);
        int? best = domain is null ? null : BestPriorityOnline(domain, membership);
        foreach (ClusterNode node in configuration.Nodes)
        {
            scores.Add(!membership.IsAvailable(node.Name) ? Score.Illegal : domain is null ? Score.Best : Of(node.Name, domain, best, owner));
        }

        return scores.MoveToImmutable();
    }

    /// <summary>The service's failover domain; null when it names none, or one that does not exist.</summary>
    public static FailoverDomain? DomainOf(ServiceDefinition definition, ClusterConfiguration configuration) =>
        definition.Domain is { } name ? configuration.FailoverDomains.GetValueOrDefault(name) : null;

    private static Score Of(NodeName node, FailoverDomain domain, MembershipView membership, NodeName? owner) =>
        Of(node, domain, BestPriorityOnline(domain, membership), owner);

    private static Score Of(NodeName node, FailoverDomain domain, int? best, NodeName? owner)
    {
        if (best is null)
        {
            return domain.IsRestricted ? Score.Illegal : Score.Best;
        }

        if (PriorityOf(node, domain) is not { } priority)
        {
            return domain.IsRestricted ? Score.Illegal : Score.Good;
        }

        if (priority == best)
        {
            return owner is not null && owner != node ? Score.Better : Score.Best;
        }

        return owner == node ? Score.Best : Score.Better;
    }

    /// <summary>With nofailback, the online node that runs the service or is about to; null otherwise.</summary>
    private static NodeName? OwnerThatCounts(FailoverDomain domain, MembershipView membership, ServiceRecord service) =>
        domain.IsNoFailback && service is { State: ServiceState.Started or ServiceState.Starting, Owner: { } owner } && membership.IsAvailable(owner)
            ? owner
            : null;

    /// <summary>The lowest priority number among members that are online; null when none is.</summary>
    private static int? BestPriorityOnline(FailoverDomain domain, MembershipView membership)
    {
        int? best = null;
        foreach (FailoverDomainMember member in domain.Members)
        {
            if (membership.IsAvailable(member.Node))
            {
                int priority = PriorityOf(member, domain);
                best = best is { } known && known <= priority ? known : priority;
            }
        }

        return best;
    }

    private static int? PriorityOf(NodeName node, FailoverDomain domain)
    {
        foreach (FailoverDomainMember member in domain.Members)
        {
            if (member.Node == node)
            {
                return PriorityOf(member, domain);
            }
        }

        return null;
    }

    /// <summary>In an unordered domain all members are one group.</summary>
    private static int PriorityOf(FailoverDomainMember member, FailoverDomain domain) =>
        domain.IsOrdered ? member.Priority ?? RanksLast : RanksLast;
}
