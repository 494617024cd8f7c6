using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core;

/// <remarks>Source: rgmanager.md 3.6; scenarios 32, 33 and 34. Counters live in the row and survive (DESIGN 9).</remarks>
public static partial class Lifecycle
{
    private static void Recover(Draft draft, string failure)
    {
        NodeName owner = draft.Next.Owner ?? throw new InvariantViolation($"{draft.Next.Name}: recovery without an owner");
        ImmutableArray<string> reasons = [failure];
        if (draft.Next.Journey is { RequestIds.IsEmpty: false })
        {
            // What waited for the planner while it ran, a migration, is overtaken.
            draft.EndJourney(ResultCode.Fail, $"{failure}; the service is being recovered");
        }

        ServiceDefinition? definition = draft.Situation.Definition;
        (Journey journey, ImmutableArray<DateTimeOffset> times, string reason) = definition?.Recovery switch
        {
            null => (new Journey(Intent.Disable), [], "it is no longer configured"),
            RecoveryPolicy.Disable => (new Journey(Intent.Disable), [], "its recovery policy is disable"),
            RecoveryPolicy.Relocate => (Elsewhere(owner), [], "its recovery policy is relocate"),
            _ => RestartOrElse(draft, definition, owner),
        };
        draft.Next = draft.Next with { RestartTimes = times, Journey = journey with { Reasons = reasons } };
        draft.BeginStop(ServiceState.Recoverable, $"{failure}; {reason}");
    }

    private static Journey Elsewhere(NodeName owner) => new(Intent.Recover) { Tried = [owner] };

    private static (Journey Journey, ImmutableArray<DateTimeOffset> Times, string Reason) RestartOrElse(
        Draft draft, ServiceDefinition definition, NodeName owner)
    {
        DateTimeOffset now = draft.Situation.Now;
        ImmutableArray<DateTimeOffset> counted =
            [.. draft.Next.RestartTimes.Where(time => definition.RestartExpireTime == TimeSpan.Zero || now - time < definition.RestartExpireTime)];
        if (definition.MaxRestarts == 0)
        {
            return (new Journey(Intent.Recover) { Target = owner }, [], $"restarting it on {owner}");
        }

        if (counted.Length < definition.MaxRestarts)
        {
            return (new Journey(Intent.Recover) { Target = owner }, counted.Add(now),
                $"restarting it on {owner}, {counted.Length + 1} of {definition.MaxRestarts} restarts");
        }

        return definition.Recovery == RecoveryPolicy.RestartDisable
            ? (new Journey(Intent.Disable), [], $"restart threshold exceeded ({definition.MaxRestarts}); disabling")
            : (Elsewhere(owner), [], $"restart threshold exceeded ({definition.MaxRestarts}); attempting to relocate");
    }

    private static Decision OnInventory(Draft draft, ServiceEvent.InventoryReported report)
    {
        // Without quorum the nodes stop what they run and the stored state stays as it is (#69): that is no failure of the service.
        if (!draft.Situation.Membership.IsQuorate)
        {
            return draft.Done("the cluster is not quorate; what its nodes run says nothing now");
        }

        Settle(draft);
        ServiceRecord service = draft.Next;
        if (draft.Situation.Membership.Of(report.Node, report.Incarnation, service.Generation) != OwnerStanding.Online)
        {
            return draft.Done($"{report.Node} ({report.Incarnation}) is not a member; its inventory proves nothing");
        }

        if (IsMissed(draft, report))
        {
            return AskAgainAtOnce(draft, report.Node);
        }

        if (service is { State: not ServiceState.Migrating, Receiver: { } receiver } && receiver.Node == report.Node && receiver.Incarnation == report.Incarnation)
        {
            return SettleReceiver(draft, report);
        }

        bool runs = report.Entry is { IsRunning: true };
        bool isBusy = report.Entry is { IsBusy: true };
        if (runs && !isBusy && IsRecordedElsewhere(service, report))
        {
            return StopSecondCopy(draft, report);
        }

        if (isBusy || service.IsFrozen || !service.IsIdle)
        {
            return draft.Done("an operation is under way or the service is frozen; the inventory says nothing new");
        }

        if (service.Owner == report.Node && service.OwnerIncarnation == report.Incarnation)
        {
            if (IsPartialNews(service, report.Entry))
            {
                return TakePartial(draft, report.Entry!); // there: IsPartialNews
            }

            return runs || service.State != ServiceState.Started || !CountsAsAbsent(service, report) || draft.Situation.Membership.IsMaintenance
                ? draft.Done("as expected")
                : LostWithoutNotice(draft, report.Node);
        }

        if (service.Hold is { } hold && hold.Node == report.Node && hold.Incarnation == report.Incarnation)
        {
            bool mustWait = hold.ProbeAt is { } probeAt && !OperationTimeouts.IsRetryDue(probeAt, draft.Situation.Now);
            return runs || service.Pending is not null || mustWait ? draft.Done("held, and nothing is known to have changed there") : ProbeHold(draft, hold);
        }

        return runs && service is { Owner: null, Hold: null } && report.Entry?.Epoch >= service.Epoch
            ? StopStray(draft, report)
            : draft.Done("nothing that changes this service");
    }

    /// <summary>
    /// True when the node is not at work on what was ordered of it: the order, or the answer, is lost. One so young that its first
    /// repetition is not due may still be on its way; a refused one waits for its deadline.
    /// </summary>
    private static bool IsMissed(Draft draft, ServiceEvent.InventoryReported report)
    {
        if (draft.Next.Pending is not { Attempt: > 0, AwaitsFencing: false } pending
            || pending.Node != report.Node || pending.Incarnation != report.Incarnation)
        {
            return false;
        }

        OperationTimeouts timeouts = draft.Situation.Timeouts;
        DateTimeOffset sent = pending.Deadline - timeouts.After(pending.Action, pending.Attempt);
        bool isAtWork = report.Entry is { IsBusy: true } entry && entry.Epoch == draft.Next.PendingEpoch;
        return !isAtWork && (draft.Situation.Now - sent >= timeouts.RetransmitFirst || timeouts.IsDue(pending, draft.Situation.Now));
    }

    /// <summary>Asking again does no harm and changes no owner (rule S8), so it need not wait for the deadline.</summary>
    private static Decision AskAgainAtOnce(Draft draft, NodeName node)
    {
        PendingOperation pending = draft.Next.Pending!; // there: IsMissed
        int attempt = pending.Attempt + 1;
        DateTimeOffset deadline = draft.Situation.Now + draft.Situation.Timeouts.After(pending.Action, attempt);
        draft.Next = draft.Next with { Pending = pending with { Attempt = attempt, Deadline = deadline } };
        string reason = $"{node} is not at work on it; asking again (attempt {attempt})";
        draft.Send(reason);
        return draft.Done(reason);
    }

    /// <summary>True when another incarnation owns it, or it is held on another: then whoever else runs it must not (rule S8).</summary>
    private static bool IsRecordedElsewhere(ServiceRecord service, ServiceEvent.InventoryReported report) => service switch
    {
        { Receiver: { } receiver } when receiver.Node == report.Node && receiver.Incarnation == report.Incarnation => false,
        { Owner: { } owner } => owner != report.Node || service.OwnerIncarnation != report.Incarnation,
        { Hold: { } hold } => hold.Node != report.Node || hold.Incarnation != report.Incarnation,
        _ => false,
    };

    /// <summary>
    /// A second copy beside the recorded one is stopped whatever goes on with the service, frozen or busy: nothing is worse than two. Lost
    /// orders and failed stops need no deadline of their own, because the node's next inventory names the stray again.
    /// </summary>
    private static Decision StopSecondCopy(Draft draft, ServiceEvent.InventoryReported report)
    {
        string recorded = (draft.Next.Owner ?? draft.Next.Hold?.Node)?.Value ?? "";
        string reason = $"{report.Node} runs it although {recorded} is recorded; stopping it on {report.Node}";
        draft.StopBeside(report.Node, report.Incarnation, report.Entry?.Epoch ?? 0, reason);
        return draft.Done(reason);
    }

    /// <summary>
    /// True for an inventory that knows of the start: a late one must not stop a healthy service. Both are told by the node's own clock, so
    /// that no two clocks are compared (rule S2).
    /// </summary>
    private static bool CountsAsAbsent(ServiceRecord service, ServiceEvent.InventoryReported report) =>
        report.Entry is { } entry ? entry.Epoch == service.Epoch : report.Sequence > service.StartEndedAt;

    private static Decision LostWithoutNotice(Draft draft, NodeName node)
    {
        Recover(draft, $"{node} reports that it does not run there");
        return draft.Done(draft.Next.Reason);
    }

    private static Decision ProbeHold(Draft draft, Hold hold)
    {
        string reason = $"{hold.Node} says it does not run there; asking for proof";
        draft.Order(NodeAction.Probe, hold.Node, hold.Incarnation, reason);
        return draft.Done(reason);
    }

    /// <summary>It runs where nobody ordered it, as far as the row knows: nothing else starts until that is proven stopped.</summary>
    private static Decision StopStray(Draft draft, ServiceEvent.InventoryReported report)
    {
        string reason = $"{report.Node} runs it although no owner is recorded; stopping it there";
        Intent intent = draft.Next.State is ServiceState.Disabled or ServiceState.Failed ? Intent.Disable : Intent.Stop;
        draft.Next = draft.Next with
        {
            Epoch = Math.Max(draft.Next.Epoch, report.Entry?.Epoch ?? 0),
            Hold = new(report.Node, report.Incarnation),
            WasEvaluated = true,
            Journey = draft.Next.Journey ?? new Journey(intent),
        };
        draft.Become(ServiceState.Stopping, reason);
        draft.Order(NodeAction.Stop, report.Node, report.Incarnation, reason);
        return draft.Done(reason);
    }
}
