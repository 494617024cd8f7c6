using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The plan for a membership without a cluster: what the product would do, asked of the same planner.</summary>
public static class WhatIf
{
    private const long Generation = 1;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    /// <summary>Plans for every service of a configuration.</summary>
    /// <param name="configuration">What is configured.</param>
    /// <param name="down">Nodes that are down and proven to run nothing; all others are members.</param>
    /// <param name="running">Where services run, or ran until their node went down; all others have never run.</param>
    /// <returns>Whether the membership is quorate, and one plan for each service in document order.</returns>
    public static WhatIfPlan Plan(
        ClusterConfiguration configuration, ImmutableHashSet<NodeName> down, ImmutableDictionary<ServiceName, NodeName> running)
    {
        MembershipView membership = Membership(configuration, down);
        ImmutableDictionary<ServiceName, ServiceRecord> records = configuration.Services.ToImmutableDictionary(
            service => service.Name,
            service => running.TryGetValue(service.Name, out NodeName node) ? Running(service.Name, node) : ServiceRecord.New(service.Name, Now));
        ImmutableDictionary<ServiceName, ServicePlan> plans = PlanAll(configuration, membership, records);
        if (!membership.IsQuorate || configuration.ResourceManager.IsDisabled)
        {
            plans = plans.ToImmutableDictionary(plan => plan.Key, plan => WithoutPermission(plan.Value, membership, records[plan.Key]));
        }

        return new WhatIfPlan(membership.IsQuorate, [.. configuration.Services.Select(service => plans[service.Name])]);
    }

    private static ImmutableDictionary<ServiceName, ServicePlan> PlanAll(
        ClusterConfiguration configuration, MembershipView membership, ImmutableDictionary<ServiceName, ServiceRecord> records)
    {
        PlacementPlan first = Ask(configuration, membership, records, new PlacementEvent.QuorumFormed());
        ImmutableDictionary<ServiceName, ServicePlan> plans = first.Services.ToImmutableDictionary(plan => plan.Service);
        records = Carried(records, first);

        // A service that waits for another starts as soon as that one has: each round places one more link of the chain, so there
        // are at most as many rounds as services.
        for (int round = 0; round < configuration.Services.Length; round++)
        {
            ImmutableArray<ServiceName> waiting =
                [.. plans.Values.Where(plan => plan is { Action: PlacementAction.LeaveAlone, Node: null } && DependencyRuns(configuration, records, plan.Service))
                    .Select(plan => plan.Service)];
            if (waiting.IsEmpty)
            {
                break;
            }

            PlacementPlan next = Ask(configuration, membership, records, new PlacementEvent.ServicesNeedPlacement(waiting));
            if (next.Services.All(plan => plan.Node is null))
            {
                break;
            }

            records = Carried(records, next);
            plans = plans.SetItems(next.Services.Select(plan => KeyValuePair.Create(plan.Service, Following(configuration, plan))));
        }

        return plans;
    }

    private static ServicePlan Following(ClusterConfiguration configuration, ServicePlan plan) =>
        plan.Node is null || configuration.FindService(plan.Service)?.Needs.ToArray() is not { Length: > 0 } needs
            ? plan
            : plan with { Reason = $"{plan.Reason}, once {string.Join(", ", needs)} {(needs.Length == 1 ? "is" : "are")} started" };

    private static bool DependencyRuns(
        ClusterConfiguration configuration, ImmutableDictionary<ServiceName, ServiceRecord> records, ServiceName service) =>
        configuration.FindService(service) is { Dependencies.IsEmpty: false } definition
        && definition.Needs.All(needed => records.GetValueOrDefault(needed) is { State: ServiceState.Started });

    private static PlacementPlan Ask(
        ClusterConfiguration configuration,
        MembershipView membership,
        ImmutableDictionary<ServiceName, ServiceRecord> records,
        PlacementEvent cause) => Planner.Plan(
            new PlacementSituation
            {
                Configuration = configuration,
                Membership = membership,
                Services = [.. configuration.Services.Select(service => records[service.Name])],
                Now = Now,
            },
            cause);

    /// <summary>The records as they will be once a plan was carried out.</summary>
    private static ImmutableDictionary<ServiceName, ServiceRecord> Carried(
        ImmutableDictionary<ServiceName, ServiceRecord> records, PlacementPlan plan) =>
        records.SetItems(plan.Services.Where(service => service.Action is PlacementAction.Start or PlacementAction.TakeOver or PlacementAction.Relocate)
            .Where(service => service.Node is not null)
            .Select(service => KeyValuePair.Create(service.Service, Running(service.Service, service.Node.GetValueOrDefault()))));

    /// <summary>Without quorum nothing starts, and a node that is still there stops what it runs (#1, #69).</summary>
    private static ServicePlan WithoutPermission(ServicePlan plan, MembershipView membership, ServiceRecord record) =>
        record.Owner is { } owner && membership.IsOnline(owner)
            ? plan with { Action = PlacementAction.Stop, Node = null, Reason = $"{plan.Reason}: {owner} stops what it runs" }
            : plan with { Action = PlacementAction.LeaveAlone, Node = null, Reason = $"{plan.Reason}: nothing is started" };

    private static MembershipView Membership(ClusterConfiguration configuration, ImmutableHashSet<NodeName> down)
    {
        int votes = configuration.Nodes.Where(node => !down.Contains(node.Name)).Sum(node => node.Votes);
        return new MembershipView(Generation, votes >= configuration.Quorum.VotesNeeded, configuration.Nodes.Select(node => new MemberNode
        {
            Name = node.Name,
            Id = node.Id,
            State = down.Contains(node.Name) ? NodeState.Fenced : NodeState.Online,
            Votes = node.Votes,
            Incarnation = OnlyLifeOf(node.Name),
            Since = Now,
        }));
    }

    private static ServiceRecord Running(ServiceName service, NodeName node) => ServiceRecord.New(service, Now) with
    {
        State = ServiceState.Started,
        Owner = node,
        OwnerIncarnation = OnlyLifeOf(node),
        Epoch = 1,
        WasEvaluated = true,
        Reason = $"runs on {node}",
    };

    private static Incarnation OnlyLifeOf(NodeName node) => new(node.Value);
}
