using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What would become of a relocation, asked of the same planner before anything stops.</summary>
/// <remarks>
/// Source: rgmanager.md 3.7 step 1: a target that an exclusive service is in the way of is refused at once (-7); DESIGN 9: no outage for nothing.
/// </remarks>
internal static class Foresight
{
    /// <summary>Why a running service would only come back to its owner, or must not be asked to go where an exclusive service is in the way; null when it is worth trying.</summary>
    public static (ResultCode Code, string Reason)? RefusalOfRelocation(ServiceSituation situation, NodeName? target)
    {
        ServiceRecord service = situation.Service;
        ServiceRecord stopped = service with
        {
            State = ServiceState.Stopped,
            Owner = null,
            OwnerIncarnation = null,
            Journey = new(Intent.Relocate) { Target = target, Origin = service.Owner, RequestIds = [""] },
        };
        ServicePlan? foreseen = SturdyPlanner.Plan(
            new PlacementSituation
            {
                Configuration = situation.Configuration,
                Membership = situation.Membership,
                Services = [.. situation.Others, stopped],
                Parked = situation.Parked,
                Now = situation.Now,
            },
            new PlacementEvent.ServicesNeedPlacement([service.Name])).Services.FirstOrDefault(plan => plan.Service == service.Name);
        if (foreseen is not { } plan)
        {
            // An error of our own, which is told where services are placed: no reason to refuse what an operator wants.
            return null;
        }

        // Anything but a start or giving up: others make room first, so the planner has found a way.
        bool leadsBack = plan.Action == PlacementAction.GiveUp || (plan.Action == PlacementAction.Start && plan.Node == service.Owner);
        return target is { } wanted && plan.Node != wanted && ObjectionOf(plan, wanted) is { } objection && Board.IsAboutExclusive(objection)
            ? (ResultCode.Depend, $"{wanted} {objection}; it stays on {service.Owner}")
            : leadsBack ? (ResultCode.Relocated, $"no other node can take it: {Objections(plan, service.Owner)}; it stays on {service.Owner}")
            : null;
    }

    private static string? ObjectionOf(ServicePlan plan, NodeName node) => plan.Scores.FirstOrDefault(score => score.Node == node).Objection;

    private static string Objections(ServicePlan plan, NodeName? owner) =>
        string.Join("; ", plan.Scores.Where(score => score.Objection is not null && score.Node != owner).Select(score => $"{score.Node}: {score.Objection}"));
}
