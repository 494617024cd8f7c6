using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Scheduler.Core;

/// <remarks>
/// A service is moved while it runs in three orders. The receiver takes it into its journal first, so that its guard stops what arrives should
/// that node's lease end; the source has its agent move it and proves that it runs there no more; then the receiver is the owner and
/// starts it, which for what has arrived changes nothing. Between the first and the last the row names both, and neither is replaced before
/// it is proven to run nothing (rules S8 and S9). Source: rgmanager.md 3.5, MIGRATE. Previously (rgmanager) any result but 0, 6, 7
/// and 150 made the service failed although it might run on. Now both nodes prove it stopped, and it is recovered.
/// </remarks>
public static partial class Lifecycle
{
    private const int InvalidConfiguration = 6;
    private const int StillHere = 150;

    /// <summary>So often in a row the cluster has a receiver prepare for what it wants to move; then it is moved the other way, if it must.</summary>
    private const int ReceiveAttemptsMax = 3;

    /// <summary>True for a service that can be moved while it runs: its agent migrates, and it has no resources below it.</summary>
    public static bool IsMigratory(ServiceDefinition definition) =>
        definition.Tree.Children.IsEmpty && definition.Tree.Actions.Any(action => action.Name == "migrate");

    private static Decision OnMigrate(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        if (command.Node is not { } target)
        {
            return Refuse(draft, command, ResultCode.Invalid, "a migration needs the node to migrate to");
        }

        if ((RefusalOfMove(draft, disabled: ResultCode.Invalid, failed: ResultCode.Fail) ?? RefusalOfTarget(draft, target)) is var (code, reason))
        {
            return Refuse(draft, command, code, reason);
        }

        if (!IsMigratory(draft.Situation.Definition!)) // there: checked for every command that moves
        {
            return Refuse(draft, command, ResultCode.Invalid, "it cannot be moved while it runs: only a service whose own agent migrates, with no resources below it, can; relocate it");
        }

        if (service.State != ServiceState.Started)
        {
            return Refuse(draft, command, ResultCode.Invalid, $"it is {Text(service.State)}: only what runs can be migrated; enable it on {target}");
        }

        if (target == service.Owner)
        {
            return Refuse(draft, command, ResultCode.AlreadyRunning, $"it runs on {target} already");
        }

        // The planner knows who else is there.
        draft.Next = service with { Journey = new(Intent.Migrate) { Target = target, Origin = service.Owner, RequestIds = [command.RequestId] } };
        draft.SeekPlacement();
        return draft.Done($"an operator asked for it (migrate); looking whether {target} can take it");
    }

    private static Decision ApplyMigrate(Draft draft, ServicePlan plan)
    {
        if (ObjectionToMigration(draft, plan) is { } objection)
        {
            return draft.Done($"the plan no longer fits: {objection}");
        }

        NodeName target = plan.Node ?? throw new InvariantViolation($"{plan.Service}: a migration without a node");
        Incarnation incarnation = draft.Situation.Membership.OnlineIncarnation(target)!.Value; // online: no objection
        draft.Next = draft.Next with
        {
            Journey = draft.Next.Journey ?? new Journey(Intent.Migrate) { Target = target, Origin = draft.Next.Owner, MustLeave = plan.MustLeave },
            Receiver = new Hold(target, incarnation),
        };
        draft.Become(ServiceState.Migrating, plan.Reason);
        draft.OrderBeside(NodeAction.Receive, target, incarnation, plan.Reason, peer: draft.Next.Owner);
        return draft.Done(plan.Reason);
    }

    private static string? ObjectionToMigration(Draft draft, ServicePlan plan) => draft switch
    {
        { Next: not { State: ServiceState.Started, Pending: null, IsFrozen: false, Owner: not null, Receiver: null, Hold: null, Journey: null or { Intent: Intent.Migrate } } } => "it is not at rest on its owner",
        { Situation.OwnerStanding: not OwnerStanding.Online } => "its owner is not online",
        { Situation.Membership: not { IsQuorate: true, IsLocked: false } } => "the cluster is not quorate or locked",
        _ when plan.Node is not { } node || draft.Situation.Membership.OnlineIncarnation(node) is null || draft.Situation.Membership.IsDrained(node) => $"{plan.Node} cannot take it any more",
        _ => null,
    };

    /// <summary>Nothing has moved yet: it runs on where it runs.</summary>
    private static void OnReceiving(Draft draft, OperationEnded report)
    {
        if (draft.Next is not { Owner: { } owner, OwnerIncarnation: { } incarnation })
        {
            throw new InvariantViolation($"{draft.Next.Name}: a receiver answered, and nobody owns it");
        }

        if (report.Outcome == OperationOutcome.Succeeded)
        {
            string reason = $"moving it from {owner} to {report.Node} while it runs";
            draft.Become(ServiceState.Migrating, reason);
            draft.Order(NodeAction.Migrate, owner, incarnation, reason, peer: report.Node);
            return;
        }

        StayAt(draft, owner, ResultCode.Fail, $"{report.Node} could not prepare for it{Culprit(report)}", isAgentsWord: false);
    }

    private static void OnMigrated(Draft draft, OperationEnded report)
    {
        NodeName source = report.Node;
        if (report is { Outcome: OperationOutcome.Succeeded, IsRunning: false })
        {
            string left = $"{source} has moved it and proves that it runs there no more";
            draft.ReleaseOwner();
            if (draft.Next.Receiver is { } receiver)
            {
                Arrive(draft, receiver, source, left);
                return;
            }

            SeekAfterMigration(draft, $"{left}; the node that it went to has ended");
            return;
        }

        string reason = $"{source} could not migrate it{Culprit(report)}";
        if (report is { Outcome: OperationOutcome.Refused } or { ExitCode: InvalidConfiguration or StillHere, IsRunning: true })
        {
            ResultCode result = report.ExitCode switch { StillHere => ResultCode.Relocated, InvalidConfiguration => ResultCode.Invalid, _ => ResultCode.Fail };
            StayAt(draft, source, result, reason, isAgentsWord: true);
            return;
        }

        // Where it runs, whole or in part, is not known: both prove that they do not run it.
        Journey journey = draft.Next.Journey ?? new Journey(Intent.Migrate);
        draft.EndJourney(ResultCode.Fail, reason);
        draft.Next = draft.Next with { Journey = new Journey(Intent.Recover) { Reasons = journey.Reasons.Add(reason) } };
        draft.BeginStop(ServiceState.Recoverable, $"{reason}; stopping it on both nodes before it is started again");
    }

    /// <summary>
    /// The receiver gives back what it was prepared for; its next inventory tells whether it has (as for any stray). What the cluster wanted by itself
    /// is tried again, later each time (rule S13): only the agent's word, or a receiver that could not prepare again and again, ends that.
    /// </summary>
    private static void StayAt(Draft draft, NodeName owner, ResultCode result, string reason, bool isAgentsWord)
    {
        NodeName? target = draft.Next.Receiver?.Node;
        if (draft.Next.Receiver is { } receiver)
        {
            draft.StopBeside(receiver.Node, receiver.Incarnation, draft.Next.Epoch, $"{draft.Next.Name} stays on {owner}");
        }

        bool wasAsked = draft.Next.Journey is { RequestIds.IsEmpty: false };
        int refusals = draft.Next.StartFailures + 1;
        bool isGivenUp = isAgentsWord || refusals >= ReceiveAttemptsMax;
        bool mayStop = draft.Situation.Membership is { IsQuorate: true, IsMaintenance: false, IsLocked: false };
        bool mustLeave = !wasAsked && isGivenUp && mayStop && (draft.Next.Journey is { MustLeave: true } || draft.Situation.Membership.IsDrained(owner));
        draft.Next = draft.Next with { Receiver = null, Pending = null };
        if (mustLeave)
        {
            // It would be tried again for ever (rule S13), and may not stay.
            draft.Next = draft.Next with { Journey = new(Intent.Failback) { Origin = owner } };
            draft.BeginStop(ServiceState.Stopping, $"{reason}; it may not stay on {owner}, so it is stopped there and started elsewhere");
            return;
        }

        if (!wasAsked)
        {
            // Was it only to be better off there, the next node that comes up asks again.
            draft.Next = draft.Next with
            {
                StartFailures = refusals,
                RetryAt = draft.Situation.Now + draft.Situation.Timeouts.BackOff(refusals),
                Newcomers = isGivenUp && target is { } refused ? draft.Next.Newcomers.Remove(refused) : draft.Next.Newcomers,
            };
        }

        draft.Become(ServiceState.Started, $"{reason}; it runs on {owner} as before");
        draft.EndJourney(result, draft.Next.Reason);
    }

    private static void Arrive(Draft draft, Hold receiver, NodeName source, string reason)
    {
        draft.Next = draft.Next with { Owner = receiver.Node, OwnerIncarnation = receiver.Incarnation };
        draft.BeginStart(receiver.Node, receiver.Incarnation, $"{reason}; taking it over on {receiver.Node}", migratedFrom: source);
    }

    /// <summary>The source ended: what it had sent is at the receiver, or gone. A stop that was under way goes on there.</summary>
    private static void AfterSourceEnded(Draft draft, NodeName source, Hold receiver, string reason)
    {
        if (draft.Next.State == ServiceState.Migrating && draft.Situation.Membership.OnlineIncarnation(receiver.Node) == receiver.Incarnation)
        {
            Arrive(draft, receiver, source, reason);
            return;
        }

        StopAtReceiver(draft, receiver, reason);
    }

    private static void StopAtReceiver(Draft draft, Hold receiver, string reason)
    {
        draft.Next = draft.Next with { Owner = receiver.Node, OwnerIncarnation = receiver.Incarnation, Receiver = null };
        draft.Next = draft.Next with { Journey = draft.Next.Journey ?? new Journey(Intent.Recover) };
        bool isWanted = draft.Next.Journey is { Intent: Intent.Disable or Intent.Stop };
        draft.BeginStop(isWanted ? ServiceState.Stopping : ServiceState.Recoverable, $"{reason}; a migration may have brought it to {receiver.Node}: stopping it there");
    }

    /// <summary>
    /// A migration was given up: what its receiver may have of it is stopped there, and until that is proven nobody else starts it. No
    /// inventory proves it; a stop does, or the end of that incarnation (rules S8 and S9).
    /// </summary>
    private static Decision SettleReceiver(Draft draft, ServiceEvent.InventoryReported report)
    {
        switch (report.Entry)
        {
            case { IsBusy: true }:
                return draft.Done("an operation is under way there");
            case { IsRunning: true } entry:
                string reason = $"the migration to {report.Node} was given up; stopping what arrived there";
                draft.StopBeside(report.Node, report.Incarnation, entry.Epoch, reason);
                return draft.Done(reason);
            default:
                // What it lists may be older than the order to receive, and a list is no monitor (rule S9).
                return draft.Done($"that {report.Node} does not list it proves nothing; it is stopped there before it starts anywhere");
        }
    }

    /// <summary>The receiver's incarnation ended: it runs nothing, and nothing arrives there any more.</summary>
    private static void OnReceiverEnded(Draft draft, NodeName receiver)
    {
        bool isUnanswered = draft.Next is { State: ServiceState.Migrating, Pending: { Action: NodeAction.Receive } };
        draft.Next = draft.Next with { Receiver = null };
        if (isUnanswered && draft.Next.Owner is { } owner)
        {
            draft.Next = draft.Next with { Pending = null };
            draft.Become(ServiceState.Started, $"{receiver} ended before anything was moved; it runs on {owner} as before");
            draft.EndJourney(ResultCode.Fail, draft.Next.Reason);
        }
    }

    private static void SeekAfterMigration(Draft draft, string reason)
    {
        draft.Next = draft.Next with { Journey = draft.Next.Journey is { } journey ? journey with { Intent = Intent.Recover, Target = null } : new Journey(Intent.Recover) };
        draft.Become(ServiceState.Recovering, $"{reason}; looking for a node");
        draft.SeekPlacement();
    }

    private static Decision ApplyStay(Draft draft, ServicePlan plan)
    {
        if (draft.Next is not { State: ServiceState.Started, Pending: null, Journey.Intent: Intent.Migrate })
        {
            return draft.Done("the plan no longer fits: no migration waits");
        }

        draft.EndJourney(plan.Result, plan.Reason);
        return draft.Done(plan.Reason);
    }
}
