using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Scheduler.Core;

/// <remarks>
/// A running service follows a newer configuration where it runs, in two orders: what the new one no longer has stops; once nobody else
/// holds what it is to get, the rest starts. Source: rgmanager.md 2.9; scenarios 18 to 21.
/// </remarks>
public static partial class Lifecycle
{
    private static Decision ApplyAdjust(Draft draft, ServicePlan plan)
    {
        if (ObjectionToChange(draft) is { } objection)
        {
            return draft.Done($"the plan no longer fits: {objection}");
        }

        (NodeName owner, Incarnation incarnation) = (draft.Next.Owner!.Value, draft.Next.OwnerIncarnation!.Value); // there: it is started
        draft.Next = draft.Next with { Journey = new(Intent.Reconfigure) { Target = owner } };
        draft.Become(ServiceState.Started, plan.Reason);
        draft.Order(plan.Action == PlacementAction.Condstop ? NodeAction.Condstop : NodeAction.Condstart, owner, incarnation, plan.Reason);
        return draft.Done(plan.Reason);
    }

    /// <summary>It stops as it was; <see cref="AfterStop"/> looks for a node for it as it is now.</summary>
    private static Decision ApplyReplace(Draft draft, ServicePlan plan)
    {
        if (ObjectionToChange(draft) is { } objection)
        {
            return draft.Done($"the plan no longer fits: {objection}");
        }

        draft.Next = draft.Next with { Journey = new(Intent.Restart) };
        draft.BeginStop(ServiceState.Stopping, plan.Reason);
        return draft.Done(plan.Reason);
    }

    /// <summary>It runs on without us: the hold keeps it from starting anywhere else, should it come back into the configuration (rule S11).</summary>
    private static Decision ApplyRelease(Draft draft, ServicePlan plan)
    {
        if (ObjectionToChange(draft) is { } objection)
        {
            return draft.Done($"the plan no longer fits: {objection}");
        }

        Hold hold = new(draft.Next.Owner!.Value, draft.Next.OwnerIncarnation!.Value); // there: it is started
        draft.ReleaseOwner();
        draft.Next = draft.Next with { Hold = hold, IsRemoved = true, StartFailures = 0, RetryAt = null };
        draft.Become(ServiceState.Disabled, plan.Reason);
        return draft.Done(plan.Reason);
    }

    private static Decision ApplyMarkRemoved(Draft draft, ServicePlan plan)
    {
        if (draft.Next is not { Owner: null, IsIdle: true, Hold: null, IsRemoved: false } || draft.Situation.Definition is not null)
        {
            return draft.Done("the plan no longer fits: it is not at rest, or back in the configuration");
        }

        draft.EndJourney(ResultCode.NoService, plan.Reason);
        draft.Next = draft.Next with { IsRemoved = true, IsFrozen = false };
        draft.Become(ServiceState.Disabled, plan.Reason);
        return draft.Done(plan.Reason);
    }

    private static string? ObjectionToChange(Draft draft) => draft switch
    {
        { Next: not { State: ServiceState.Started, Pending: null, Journey: null, IsFrozen: false, Owner: not null } } => "it is not at rest on its owner",
        { Situation.OwnerStanding: not OwnerStanding.Online } => "its owner is not online",
        { Situation.Membership: not { IsQuorate: true, IsMaintenance: false, IsLocked: false } } => "the cluster is not quorate, locked or in maintenance",
        _ => null,
    };

    private static void OnCondstopped(Draft draft, OperationEnded report, string? digest)
    {
        switch (report.Outcome)
        {
            case OperationOutcome.Succeeded:
                draft.Next = draft.Next with { Pending = null, Journey = null, PrunedFor = digest, RefusedFor = null, StartFailures = 0, RetryAt = null };
                draft.Become(ServiceState.Started, $"stopped on {report.Node} what the new configuration no longer has of it");
                // Others may have waited for what it gave up.
                draft.SeekSweep();
                break;
            case OperationOutcome.Refused:
                PutOff(draft, report);
                break;
            default:
                Recover(draft, $"{report.Node} could not stop what the new configuration no longer has of it{Culprit(report)}");
                break;
        }
    }

    private static void OnCondstarted(Draft draft, OperationEnded report, PendingOperation order)
    {
        switch (report.Outcome)
        {
            case OperationOutcome.Succeeded:
                draft.Next = draft.Next with { Pending = null, Journey = null, RunsBy = order.ConfigurationDigest, PrunedFor = null, RefusedFor = null, StartFailures = 0, RetryAt = null };
                draft.Become(ServiceState.Started, $"runs on {report.Node} by configuration version {order.ConfigurationVersion}");
                if (!draft.Next.Newcomers.IsEmpty || order.ConfigurationDigest != draft.Situation.Configuration.Digest)
                {
                    draft.SeekPlacement();
                }

                break;
            case OperationOutcome.Refused:
                PutOff(draft, report);
                break;
            default:
                Recover(draft, $"{report.Node} could not run it by configuration version {order.ConfigurationVersion}{Culprit(report)}");
                break;
        }
    }

    /// <summary>A refusal began nothing: it runs as before, and a sweep finds the same difference, later each time (rule S13).</summary>
    private static void PutOff(Draft draft, OperationEnded report)
    {
        int refusals = draft.Next.StartFailures + 1;
        draft.Next = draft.Next with { Pending = null, Journey = null, RefusedFor = draft.Next.Pending?.ConfigurationDigest, StartFailures = refusals, RetryAt = draft.Situation.Now + draft.Situation.Timeouts.BackOff(refusals) };
        draft.Become(ServiceState.Started, $"runs on {report.Node} by an older configuration, which refused to change it now{Because(report.Detail)}; it is asked again");
    }
}
