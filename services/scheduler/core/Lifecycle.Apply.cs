using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Scheduler.Core;

/// <remarks>Rule S12: a plan was made from rows that may have moved since; what no longer fits changes nothing.</remarks>
public static partial class Lifecycle
{
    /// <summary>Turns the planner's word into the next record. A plan that no longer fits the record changes nothing.</summary>
    /// <param name="situation">The record as it is now, re-read under its lock.</param>
    /// <param name="plan">The planner's word on this service.</param>
    /// <exception cref="InvariantViolation">As for <see cref="Decide"/>.</exception>
    public static Decision Apply(ServiceSituation situation, ServicePlan plan) => Guarded(situation, draft =>
    {
        if (plan.Service != situation.Service.Name)
        {
            throw new InvariantViolation($"a plan for {plan.Service} applied to {situation.Service.Name}");
        }

        Settle(draft);
        draft.StopSeeking();
        return plan.Action switch
        {
            PlacementAction.Start or PlacementAction.TakeOver => ApplyStart(draft, plan),
            PlacementAction.Relocate => ApplyRelocate(draft, plan),
            PlacementAction.Migrate => ApplyMigrate(draft, plan),
            PlacementAction.Stay => ApplyStay(draft, plan),
            PlacementAction.Stop => ApplyStop(draft, plan),
            PlacementAction.Condstop or PlacementAction.Condstart => ApplyAdjust(draft, plan),
            PlacementAction.Replace => ApplyReplace(draft, plan),
            PlacementAction.Release => ApplyRelease(draft, plan),
            PlacementAction.MarkRemoved => ApplyMarkRemoved(draft, plan),
            PlacementAction.MarkDisabled => ApplyMarkDisabled(draft, plan),
            PlacementAction.GiveUp => ApplyGiveUp(draft, plan),
            _ => ApplyNothing(draft, plan),
        };
    });

    /// <summary>Even so an owner may just have been found ended; then the plan's words say why it is not started elsewhere.</summary>
    private static Decision ApplyNothing(Draft draft, ServicePlan plan)
    {
        if (draft.IsChanged)
        {
            draft.Become(draft.Next.State, plan.Reason);
        }

        if (plan.Newcomers is { } newcomers && draft.Next.Owner is not null && !newcomers.SequenceEqual(draft.Next.Newcomers))
        {
            draft.Next = draft.Next with { Newcomers = newcomers };
        }

        return draft.Done(plan.Reason);
    }

    private static Decision ApplyStart(Draft draft, ServicePlan plan)
    {
        ServiceRecord service = draft.Next;
        NodeName node = plan.Node ?? throw new InvariantViolation($"{plan.Service}: a start without a node");
        if (ObjectionToStart(draft, node) is { } objection)
        {
            return draft.Done($"the plan no longer fits: {objection}");
        }

        if (service.Receiver is { } receiver)
        {
            return ProveStoppedFirst(draft, receiver);
        }

        Incarnation incarnation = draft.Situation.Membership.OnlineIncarnation(node)
            ?? throw new InvariantViolation($"{plan.Service}: {node} is not online");
        if (service.Journey is { Intent: Intent.Relocate or Intent.Failback } journey && journey.Origin == node)
        {
            draft.Raise(CatalogueMessage.RestartingLocally, service.Name.Value);
        }

        draft.Next = draft.Next with { Journey = service.Journey ?? new Journey(Intent.Start) };
        draft.BeginStart(node, incarnation, plan.Reason);
        return draft.Done(plan.Reason);
    }

    /// <summary>
    /// A migration that was given up may have brought it to its receiver: that proves it stopped, and the journey goes on from there. Where it
    /// is held as well, that node proves it first: there is room for one hold (rule S11).
    /// </summary>
    private static Decision ProveStoppedFirst(Draft draft, Hold receiver)
    {
        draft.Next = draft.Next with { Journey = draft.Next.Journey ?? new Journey(Intent.Start) };
        if (draft.Next.Hold is { } hold)
        {
            string reason = $"a migration may have brought it to {receiver.Node}: it is stopped on {hold.Node} and there before it starts";
            draft.Become(ServiceState.Stopping, reason);
            draft.Order(NodeAction.Stop, hold.Node, hold.Incarnation, reason);
        }
        else
        {
            StopAtReceiver(draft, receiver, "it is to start");
        }

        return draft.Done(draft.Next.Reason);
    }

    private static string? ObjectionToStart(Draft draft, NodeName node)
    {
        MembershipView membership = draft.Situation.Membership;
        ServiceRecord service = draft.Next;
        return service switch
        {
            _ when !membership.IsQuorate => "the cluster is not quorate",
            _ when membership.IsLocked => "the cluster is locked by an operator",
            _ when membership.IsDrained(node) => $"{node} is drained by an operator",
            _ when membership.Generation < service.Generation => "it was made from an older membership",
            _ when membership.OnlineIncarnation(node) is null => $"{node} is not online",
            _ when draft.Situation.Definition is null => "the service is no longer configured",
            { IsFrozen: true } => "the service is frozen",
            { Owner: { } owner } => $"{owner} may run it",
            { IsIdle: false } => "an operation is under way",
            { State: ServiceState.Failed } => "the service has failed",
            { State: ServiceState.Disabled, Journey: null, IsRemoved: false } => "the service is disabled",
            { Hold: { } hold } when hold.Node != node || membership.OnlineIncarnation(node) != hold.Incarnation => $"it may still run on {hold.Node}",
            { Journey.Intent: Intent.Stop or Intent.Disable } => "it is to be stopped",
            _ => null,
        };
    }

    private static Decision ApplyRelocate(Draft draft, ServicePlan plan)
    {
        if (draft.Next is not { State: ServiceState.Started, Pending: null, Journey: null, IsFrozen: false } || !draft.Situation.Membership.IsQuorate)
        {
            return draft.Done("the plan no longer fits: it is not at rest on its owner");
        }

        draft.Next = draft.Next with { Journey = new(Intent.Failback) { Target = plan.Node, Origin = draft.Next.Owner } };
        draft.BeginStop(ServiceState.Stopping, plan.Reason);
        return draft.Done(plan.Reason);
    }

    private static Decision ApplyStop(Draft draft, ServicePlan plan)
    {
        if (draft.Next is not { Owner: not null, State: ServiceState.Started, Pending: null, Journey: null, IsFrozen: false })
        {
            return draft.Done("the plan no longer fits: it is not at rest on its owner");
        }

        bool isRemoved = draft.Situation.Definition is null;
        draft.Next = draft.Next with { Journey = new(isRemoved ? Intent.Disable : Intent.Stop), IsRemoved = isRemoved };
        draft.BeginStop(ServiceState.Stopping, plan.Reason);
        return draft.Done(plan.Reason);
    }

    private static Decision ApplyMarkDisabled(Draft draft, ServicePlan plan)
    {
        if (draft.Next is not { Owner: null, Pending: null, Journey: null } || draft.Next is { WasEvaluated: true, IsRemoved: false })
        {
            return draft.Done("the plan no longer fits: the service was evaluated already");
        }

        draft.Next = draft.Next with { WasEvaluated = true, IsRemoved = false };
        draft.Become(ServiceState.Disabled, plan.Reason);
        return draft.Done(plan.Reason);
    }

    /// <summary>
    /// A refused enable changes nothing but its answer. A service that lost its node on the way stays enabled and stopped, and the
    /// sweep tries again, later each time (rule S13).
    /// </summary>
    private static Decision ApplyGiveUp(Draft draft, ServicePlan plan)
    {
        ServiceRecord service = draft.Next;
        if (!service.AwaitsPlacement)
        {
            return draft.Done("the plan no longer fits: nothing waits for a node");
        }

        bool wasOnTheWay = service.State is ServiceState.Recovering || service.Journey is { Origin: not null } or { StartsFailed: > 0 };
        if (wasOnTheWay)
        {
            // What it needs wakes it when that starts: nothing has failed yet.
            bool waits = plan.Result == ResultCode.Depend && service.Journey is { StartsFailed: 0 };
            int failures = service.StartFailures + (waits ? 0 : 1);
            draft.Next = service with { StartFailures = failures, RetryAt = waits ? null : draft.Situation.Now + draft.Situation.Timeouts.BackOff(failures) };
            draft.Become(ServiceState.Stopped, plan.Reason);
        }

        draft.EndJourney(plan.Result, plan.Reason);
        return draft.Done(plan.Reason);
    }
}
