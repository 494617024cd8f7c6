using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>Asks the planner about one service, from the rows as they are, and changes nothing.</summary>
internal sealed class PlacementQueries(
    UnitOfWorkFactory units, ConfigurationHolder configuration, TimeProvider time, ILogger<ConfigurationDifferences> logger)
{
    /// <summary>What the planner would do with a service now; null for one that has no readable row.</summary>
    public Task<PlacementView?> WhyAsync(ServiceName name, CancellationToken ct) => units.Create().RunAsync(
        async (work, token) =>
        {
            ClusterConfiguration current = configuration.Current;
            IReadOnlyList<StoredService> services = await ServiceStore.ReadAllAsync(work.Connection, work.Transaction, static _ => { }, token);
            if (services.FirstOrDefault(service => service.Record.Name == name) is not { } asked)
            {
                return null;
            }
            MembershipView membership = await MembershipStore.NewestAsync(work, token) is { } newest ? MembershipView.From(newest) : MembershipView.Empty;
            PlacementSituation situation = new()
            {
                Configuration = current,
                // Its own: the evaluator's is for one caller at a time.
                Changes = await new ConfigurationDifferences(logger).FindAsync(work, current, services.Select(service => service.Record), token),
                Membership = membership,
                Services = [.. services.Select(service => service.Record)],
                Parked = [.. services.Where(service => service.Parked is not null).Select(service => service.Record.Name)],
                Now = time.GetUtcNow(),
            };
            return View(asked, situation);
        },
        ct);

    private static PlacementView View(StoredService asked, PlacementSituation situation)
    {
        ServiceName name = asked.Record.Name;
        PlacementPlan together = SturdyPlanner.Plan(situation, new PlacementEvent.ServicesNeedPlacement([name]));
        ServicePlan? plan = together.Services.FirstOrDefault(plan => plan.Service == name);
        return new PlacementView
        {
            Service = ClusterQueries.View(asked),
            Action = plan?.Action.ToString().ToLowerInvariant() ?? "none",
            Node = plan?.Node,
            Reason = plan?.Reason
                ?? (asked.Parked is null ? $"the planner failed over it: {together.LeftOut.GetValueOrDefault(name)?.Message}" : $"it is parked, and nothing moves it: {asked.Parked}"),
            Nodes = [.. plan?.Scores.Select(score => View(score, situation.Membership)) ?? []],
        };
    }

    /// <summary>One node as every interface shows what the planner thinks of it.</summary>
    public static NodeScoreView View(NodeScore score, MembershipView membership) => new()
    {
        Node = score.Node,
        Score = score.Score.ToString().ToLowerInvariant(),
        Objection = score.Objection ?? (score.Score == Score.Illegal ? WhyIllegal(score.Node, membership) : null),
    };

    private static string WhyIllegal(NodeName node, MembershipView membership) => membership switch
    {
        _ when membership.IsDrained(node) => "it is drained by an operator",
        _ when membership.IsOnline(node) => "the service's failover domain does not allow it, or the service is not configured",
        _ => $"it is {(membership.Nodes.FirstOrDefault(member => member.Name == node)?.State ?? NodeState.Absent).ToString().ToLowerInvariant()}",
    };
}
