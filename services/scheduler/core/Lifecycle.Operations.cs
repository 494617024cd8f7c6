using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core;

/// <remarks>Source: rgmanager.md 3.3, 3.4 (stop finish), 3.5 and 3.7.</remarks>
public static partial class Lifecycle
{
    private static Decision OnOperationEnded(Draft draft, OperationEnded report)
    {
        Settle(draft);
        ServiceRecord service = draft.Next;
        bool isOurs = service.Pending is { } pending && service.PendingEpoch == report.Epoch && pending.Action == report.Action
            && pending.Node == report.Node && pending.Incarnation == report.Incarnation;
        if (!isOurs)
        {
            if (service.Pending is { } asked && IsMoving(service) && report.Epoch == service.PendingEpoch && Contradiction(report, asked) is { } message)
            {
                draft.Raise(message, IdOf(draft, report.Node));
            }

            return draft.Done($"no such operation is pending (epoch {report.Epoch}, {Text(report.Action)} on {report.Node}); ignored");
        }

        switch (report.Action)
        {
            case NodeAction.Start when report.Outcome == OperationOutcome.Succeeded:
                OnStarted(draft, report);
                break;
            case NodeAction.Start:
                OnStartFailed(draft, report);
                break;
            // Proven is what the monitors said (rule S9); a stop that merely claims success leaves a hold like any unproven one.
            case NodeAction.Stop when report is { Outcome: OperationOutcome.Succeeded, IsRunning: false }:
                OnStopProven(draft, report);
                break;
            case NodeAction.Stop when service.Pending is { AwaitsFencing: true } failed:
                return draft.Done($"{failed.Node} is being fenced for this stop already; ignored");
            case NodeAction.Stop when report.Outcome == OperationOutcome.Refused:
                AskAgainLater(draft, report);
                break;
            case NodeAction.Stop when MayFence(draft, report.Node):
                FenceForStop(draft, report);
                break;
            case NodeAction.Stop:
                OnStopFailed(draft, report);
                break;
            case NodeAction.Receive:
                OnReceiving(draft, report);
                break;
            case NodeAction.Migrate:
                OnMigrated(draft, report);
                break;
            case NodeAction.Condstop:
                OnCondstopped(draft, report, service.Pending?.ConfigurationDigest);
                break;
            case NodeAction.Condstart:
                OnCondstarted(draft, report, service.Pending!); // there: it is ours
                break;
            case NodeAction.Convalesce:
                OnConvalesced(draft, report);
                break;
            default:
                OnProbed(draft, report);
                break;
        }

        return draft.Done(draft.Next.Reason);
    }

    /// <summary>
    /// What a report that bears the number of this very order does not share with it: #60 where it comes from a node, or a life of it, that was
    /// never given the order, #61 where it speaks of another action. It settles nothing. Null where it shares all of it.
    /// </summary>
    private static CatalogueMessage? Contradiction(OperationEnded report, PendingOperation asked) =>
        report.Node != asked.Node || report.Incarnation != asked.Incarnation ? CatalogueMessage.RelocateReplyMangled
        : report.Action != asked.Action ? CatalogueMessage.RelocateReplyInvalid
        : null;

    private static void OnStarted(Draft draft, OperationEnded report)
    {
        bool isBack = draft.Next.Journey is { Intent: Intent.Relocate } journey && journey.Origin == report.Node;
        draft.Next = draft.Next with { Pending = null, StartFailures = 0, RetryAt = null, StartEndedAt = report.EndedAt };
        draft.Become(ServiceState.Started, isBack ? $"could not move; started on {report.Node} again" : $"started on {report.Node}");
        draft.EndJourney(isBack ? ResultCode.Relocated : ResultCode.Success, draft.Next.Reason);
        if (!draft.Next.Newcomers.IsEmpty || IsBehind(draft))
        {
            draft.SeekPlacement();
        }
    }

    /// <summary>True for what runs by another configuration than the one in force; whether that makes a difference the planner knows.</summary>
    private static bool IsBehind(Draft draft) => draft.Next.RunsBy is { } digest && digest != draft.Situation.Configuration.Digest;

    /// <summary>A failed start may have left half a tree: it is stopped there, and proven so, before anybody else tries.</summary>
    private static void OnStartFailed(Draft draft, OperationEnded report)
    {
        string what = report.Outcome == OperationOutcome.Refused ? "refused to start it" : "could not start it";
        string reason = $"{report.Node} {what}{Culprit(report)}";
        draft.Raise(CatalogueMessage.StartFailed, draft.Next.Name.Value, report.ExitCode ?? 1);
        Journey journey = draft.Next.Journey ?? new Journey(Intent.Start);
        draft.Next = draft.Next with
        {
            Journey = journey with
            {
                Tried = journey.HasTried(report.Node) ? journey.Tried : journey.Tried.Add(report.Node),
                StartsFailed = journey.StartsFailed + 1,
                Reasons = journey.Reasons.Add(reason),
            },
        };
        draft.BeginStop(ServiceState.Recoverable, reason);
    }

    private static string Culprit(OperationEnded report) =>
        (report.Resource is { } resource ? $" ({resource}{(report.ExitCode is { } code ? $", exit code {code}" : "")})" : "") + Because(report.Detail);

    private static void OnStopProven(Draft draft, OperationEnded report)
    {
        if (draft.Next.Hold is { } hold && hold.Node == report.Node && hold.Incarnation == report.Incarnation)
        {
            draft.Next = draft.Next with { Hold = null };
        }

        Journey? journey = draft.Next.Journey;
        bool isLocal = journey is { Intent: Intent.Restart or Intent.Recover } && journey.Target == report.Node && !journey.HasTried(report.Node);
        // What it is to get by a newer configuration may still be another's: then the planner says when (rgmanager.md 2.9).
        bool mayStart = !IsBehind(draft) && draft.Situation is { Membership: { IsQuorate: true, IsLocked: false }, Definition: not null }
            && !draft.Situation.Membership.IsDrained(report.Node) && draft.Situation.OwnerStanding == OwnerStanding.Online && !draft.Next.IsFrozen;
        if (isLocal && mayStart)
        {
            StartAgainHere(draft, report);
            return;
        }

        if (IsBehind(draft))
        {
            draft.SeekSweep();
        }

        draft.ReleaseOwner();
        if (draft.Next.Receiver is { } receiver)
        {
            if (receiver.Node == report.Node && receiver.Incarnation == report.Incarnation)
            {
                draft.Next = draft.Next with { Receiver = null };
            }
            else
            {
                StopAtReceiver(draft, receiver, $"stopped on {report.Node}");
                return;
            }
        }

        AfterStop(draft, report.Node, $"stopped on {report.Node}");
    }

    /// <summary>Starts on the node that has just proven its stop; no placement, the failover domain is not asked.</summary>
    private static void StartAgainHere(Draft draft, OperationEnded report)
    {
        bool recovers = draft.Next.Journey?.Intent == Intent.Recover;
        draft.Next = draft.Next with { Pending = null, LastOwner = report.Node };
        draft.Become(recovers ? ServiceState.Recovering : ServiceState.Stopped, $"stopped on {report.Node}");
        draft.BeginStart(report.Node, report.Incarnation, recovers ? $"restarting on {report.Node} after a failure" : $"restarting on {report.Node}");
    }

    /// <summary>What follows once nobody runs the service: the journey says.</summary>
    private static void AfterStop(Draft draft, NodeName node, string reason)
    {
        Journey? journey = draft.Next.Journey;
        draft.Next = draft.Next with { Pending = null };
        switch (journey)
        {
            case null:
                draft.Become(ServiceState.Stopped, reason);
                return;
            case { Intent: Intent.Disable }:
                draft.Become(ServiceState.Disabled, $"{reason}; disabled");
                draft.EndJourney(ResultCode.Success, draft.Next.Reason);
                return;
            case { Intent: Intent.Stop }:
                draft.Next = draft.Next with { AwaitsTransition = !journey.RequestIds.IsEmpty && !journey.KeepsStopped, AwaitsOperator = journey.KeepsStopped };
                draft.Become(ServiceState.Stopped, journey.KeepsStopped ? $"{reason}; it stays so until it is enabled" : reason);
                draft.EndJourney(ResultCode.Success, reason);
                return;
        }

        bool afterFailedStart = journey.StartsFailed > 0;
        if (journey.StartsFailed == 1 && journey.Intent is Intent.Start or Intent.Restart or Intent.Recover)
        {
            draft.Raise(CatalogueMessage.RelocatingFailedService, draft.Next.Name.Value);
        }

        bool recovers = afterFailedStart || journey.Intent == Intent.Recover;
        draft.Become(recovers ? ServiceState.Recovering : ServiceState.Stopped, $"{reason}; looking for a node");
        draft.SeekPlacement();
    }

    private static bool MayFence(Draft draft, NodeName node) =>
        !draft.Situation.Membership.IsMaintenance && draft.Situation.Definition?.OnStopFailure == StopFailurePolicy.Fence && draft.Situation.Configuration.FindNode(node) is { HasFenceDevice: true };

    /// <summary>
    /// Nothing is released: the service keeps owner, hold, journey and the commands that wait. The end of the incarnation goes on with all
    /// of it (<see cref="Settle"/>), as for an owner that was lost. #12 is not raised, because nobody has to intervene.
    /// </summary>
    /// <remarks>Source: rule S6 before S8; <c>on_stop_failure="fence"</c>.</remarks>
    private static void FenceForStop(Draft draft, OperationEnded report)
    {
        string reason = $"could not prove that it stopped on {report.Node}{Culprit(report)}; {report.Node} is being fenced";
        draft.Become(draft.Next.State, reason);
        draft.Fence($"{draft.Next.Name}: could not prove that it stopped on {report.Node}{Culprit(report)}");
    }

    /// <remarks>Rule S11, messages #12, #13, #2, #3, #4; scenarios 6, 35 and 36.</remarks>
    private static void OnStopFailed(Draft draft, OperationEnded report)
    {
        ServiceRecord service = draft.Next;
        Journey? journey = service.Journey;
        bool wasHeld = service.Owner is null;
        bool afterFailedStart = journey is { StartsFailed: > 0 } && journey.Tried[^1] == report.Node;
        string reason = $"{report.Node} did not prove it stopped{Culprit(report)}";
        draft.Raise(CatalogueMessage.StopFailed, service.Name.Value);
        draft.ReleaseOwner();
        draft.Next = draft.Next with { Hold = new(report.Node, report.Incarnation), Restarts = 0 };
        if (wasHeld && journey?.Intent == Intent.Disable)
        {
            draft.Become(ServiceState.Disabled, $"disabled, but some resources may still be allocated: {reason}");
            draft.EndJourney(ResultCode.Warning, draft.Next.Reason);
            return;
        }

        draft.Become(ServiceState.Failed, reason);
        if (!afterFailedStart)
        {
            draft.EndJourney(journey?.Intent == Intent.Relocate ? ResultCode.Abort : ResultCode.Fail, reason);
            return;
        }

        if (journey is { Intent: Intent.Relocate or Intent.Failback } or { StartsFailed: > 1 })
        {
            ReportFailure(draft, report.Node);
            draft.EndJourney(ResultCode.Fail, reason);
            return;
        }

        draft.Raise(CatalogueMessage.CleanupAfterStartFailed, service.Name.Value);
        draft.EndJourney(ResultCode.Abort, reason);
    }

    private static void ReportFailure(Draft draft, NodeName lastOwner)
    {
        if (draft.Situation.Configuration.FindNode(lastOwner) is not null)
        {
            draft.Raise(CatalogueMessage.ServiceFailed, draft.Next.Name.Value, lastOwner.Value);
        }
        else
        {
            draft.Raise(CatalogueMessage.ServiceFailedOwnerUnknown, draft.Next.Name.Value, IdOf(draft, lastOwner));
        }

        draft.Raise(CatalogueMessage.InterventionRequired);
    }

    /// <summary>
    /// A refused stop proves nothing and fails nothing. The refusal belongs to its epoch, so the question gets the next one; it goes
    /// out when the deadline comes, because asking at once would only turn in a circle, and each time later than before (rule S13).
    /// </summary>
    private static void AskAgainLater(Draft draft, OperationEnded report)
    {
        int refusals = (draft.Next.Pending?.Refusals ?? 0) + 1;
        DateTimeOffset deadline = draft.Situation.Now + draft.Situation.Timeouts.After(NodeAction.Stop, refusals);
        draft.Next = draft.Next with
        {
            Epoch = draft.Next.NextEpoch,
            Pending = draft.PendingOn(NodeAction.Stop, report.Node, report.Incarnation, 0, deadline) with { Refusals = refusals },
            Reason = $"{report.Node} refused to stop it{Because(report.Detail)}; asking again",
        };
    }

    private static void OnProbed(Draft draft, OperationEnded report)
    {
        draft.Next = draft.Next with { Pending = null };
        bool isProven = report is { Outcome: OperationOutcome.Succeeded, IsRunning: false };
        if (draft.Next.Hold is not { } hold || hold.Node != report.Node || hold.Incarnation != report.Incarnation)
        {
            return;
        }

        if (isProven)
        {
            draft.Next = draft.Next with { Hold = null, Reason = $"{draft.Next.Reason}; a probe has proven since that {report.Node} does not run it" };
            draft.SeekPlacement();
        }
        else
        {
            int unproven = hold.Unproven + 1;
            draft.Next = draft.Next with { Hold = hold with { Unproven = unproven, ProbeAt = draft.Situation.Now + draft.Situation.Timeouts.BackOff(unproven) } };
        }
    }
}
