using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>
/// Decides what one event means for one service. An owner is replaced only after a stop it proved at a later epoch, or after its
/// incarnation ended (rule S8); everything here serves that sentence.
/// </summary>
/// <remarks>Source: rgmanager.md 3.3 to 3.8.</remarks>
public static partial class Lifecycle
{
    /// <summary>The repetition at which #59 is raised: the first, and no other, so that it is said once.</summary>
    private const int AttemptRaised = 2;

    /// <summary>Decides about a single-service event. Late, doubled and foreign events change nothing and say so.</summary>
    /// <param name="situation">The whole input, including the instant.</param>
    /// <param name="cause">What happened.</param>
    /// <returns>Always a decision; see <see cref="Decision.IsChanged"/>.</returns>
    /// <exception cref="InvariantViolation">Something that cannot be: an error of our own about this service, whatever threw it (rule S13).</exception>
    public static Decision Decide(ServiceSituation situation, ServiceEvent cause) => Guarded(situation, draft => cause switch
        {
            ServiceEvent.CommandReceived command => OnCommand(draft, command),
            ServiceEvent.OperationEnded ended => OnOperationEnded(draft, ended.Report),
            ServiceEvent.StatusFailed failed => OnStatusFailed(draft, failed.Report),
            ServiceEvent.DeadlineDue => OnDeadline(draft),
            ServiceEvent.InventoryReported report => OnInventory(draft, report),
            ServiceEvent.OwnerEnded ended => OnOwnerEnded(draft, ended),
            _ => throw new InvariantViolation($"unknown event {cause.GetType().Name}"),
        });

    /// <summary>Nothing but our own code runs in here: what it throws is about this service, and sets this one aside, not the process.</summary>
    private static Decision Guarded(ServiceSituation situation, Func<Draft, Decision> decide)
    {
        try
        {
            return decide(new Draft(situation));
        }
        catch (Exception broken) when (broken is not InvariantViolation)
        {
            throw new InvariantViolation($"{situation.Service.Name}: {broken.GetType().Name}, {broken.Message}", broken);
        }
    }

    /// <summary>
    /// Takes note of incarnations that ended: a hold on one is void, an owner in one runs nothing. Every other decision comes
    /// after this, so that a fact counts as soon as it is known, whichever event arrives first.
    /// </summary>
    private static void Settle(Draft draft)
    {
        ServiceRecord service = draft.Next;
        if (service.Hold is { } hold && HasEnded(draft, hold.Node, hold.Incarnation))
        {
            draft.Next = draft.Next with { Hold = null };
        }

        if (service.Receiver is { } receiver && HasEnded(draft, receiver.Node, receiver.Incarnation))
        {
            OnReceiverEnded(draft, receiver.Node);
            service = draft.Next;
        }

        if (service is { Owner: { } owner, OwnerIncarnation: { } incarnation } && HasEnded(draft, owner, incarnation))
        {
            ReleaseEndedOwner(draft, owner);
        }
        else if (service is { Owner: null, Pending: { } pending } && HasEnded(draft, pending.Node, pending.Incarnation))
        {
            draft.Next = draft.Next with { Pending = null };
            if (service.State == ServiceState.Stopping)
            {
                AfterStop(draft, pending.Node, $"{pending.Node} runs nothing any more: that incarnation ended");
            }
        }
    }

    private static bool HasEnded(Draft draft, NodeName node, Incarnation incarnation) =>
        draft.Situation.Membership.Of(node, incarnation, draft.Next.Generation) == OwnerStanding.Ended;

    /// <remarks>Source: rgmanager.md 3.5, "owner node down"; scenarios 30 and 31.</remarks>
    private static void ReleaseEndedOwner(Draft draft, NodeName owner)
    {
        string reason = $"its owner {owner} is gone and runs nothing any more";
        Journey? journey = draft.Next.Journey;
        draft.ReleaseOwner();
        if (draft.Next.Receiver is { } receiver)
        {
            AfterSourceEnded(draft, owner, receiver, reason);
            return;
        }

        if (journey is { Intent: Intent.Disable or Intent.Stop })
        {
            AfterStop(draft, owner, reason);
            return;
        }

        draft.Next = draft.Next with
        {
            RetryAt = null,
            StartFailures = draft.Next.State is ServiceState.Started or ServiceState.Migrating ? 0 : draft.Next.StartFailures,
            // What the cluster does by itself begins afresh; what an operator asked for goes on to its answer.
            Journey = journey is null or { RequestIds.IsEmpty: true }
                ? null
                : journey with { Target = Unless(owner, journey.Target), Origin = Unless(owner, journey.Origin) },
        };
        if (draft.Next.IsFrozen)
        {
            draft.Become(ServiceState.Stopped, $"{reason}; it is frozen and stays where it is: once it is unfrozen, the best node starts it");
            return;
        }

        draft.Become(ServiceState.Stopped, reason);
        draft.SeekPlacement();
    }

    private static NodeName? Unless(NodeName gone, NodeName? node) => node == gone ? null : node;

    private static Decision OnOwnerEnded(Draft draft, ServiceEvent.OwnerEnded ended)
    {
        Settle(draft);
        return draft.Done(draft.IsChanged
            ? draft.Next.Reason
            : $"{ended.Node} ({ended.Incarnation}) is not proven to have ended, or does not matter to this service");
    }

    /// <remarks>Rule S8: a deadline asks again, with the same epoch; it never replaces an owner.</remarks>
    private static Decision OnDeadline(Draft draft)
    {
        Settle(draft);
        if (draft.IsChanged)
        {
            return draft.Done(draft.Next.Reason);
        }

        if (draft.Next.Pending is not { } pending || !draft.Situation.Timeouts.IsDue(pending, draft.Situation.Now))
        {
            return draft.Done("no deadline is due");
        }

        int attempt = pending.Attempt + 1;
        DateTimeOffset deadline = draft.Situation.Now + draft.Situation.Timeouts.After(pending.Action, attempt);
        // Where the node may no longer be fenced, its failed answer is asked for once more and leads to a hold.
        draft.Next = draft.Next with { Pending = pending with { Attempt = attempt, Deadline = deadline, AwaitsFencing = false } };
        if (pending.AwaitsFencing && MayFence(draft, pending.Node))
        {
            draft.Fence($"{draft.Next.Name}: could not prove that it stopped on {pending.Node}");
            return draft.Done(draft.Next.Reason);
        }

        string reason = $"{pending.Node} has not answered in time; asking again (attempt {attempt})";
        if (attempt == AttemptRaised && pending.Action == NodeAction.Start && IsMoving(draft.Next))
        {
            draft.Raise(CatalogueMessage.RelocateRequestNotSent, IdOf(draft, pending.Node));
        }

        draft.Send(reason);
        return draft.Done(reason);
    }

    private static bool IsMoving(ServiceRecord service) => service.Journey is { Intent: Intent.Relocate or Intent.Failback };

    private static string IdOf(Draft draft, NodeName node)
    {
        int id = draft.Situation.Configuration.FindNode(node)?.Id ?? draft.Situation.Membership.Nodes.FirstOrDefault(member => member.Name == node)?.Id ?? 0;
        return id.ToString(CultureInfo.InvariantCulture);
    }

    private static Decision OnStatusFailed(Draft draft, ServiceStatusFailed report)
    {
        Settle(draft);
        ServiceRecord service = draft.Next;
        bool isOurs = service is { State: ServiceState.Started, IsFrozen: false, Pending: null }
            && service.Epoch == report.Epoch && service.Owner == report.Node && service.OwnerIncarnation == report.Incarnation;
        if (!isOurs)
        {
            return draft.Done($"not the start that runs here now (epoch {report.Epoch} on {report.Node}); ignored");
        }

        // Told again at each check, so that it counts as soon as maintenance is over.
        if (draft.Situation.Membership.IsMaintenance)
        {
            return draft.Done($"{report.Resource} failed on {report.Node}{Because(report.Detail)}; in maintenance nothing is recovered");
        }

        Recover(draft, $"{report.Resource} failed on {report.Node}{Because(report.Detail)}");
        return draft.Done(draft.Next.Reason);
    }

    private static Decision RefuseFull(Draft draft, ServiceEvent.CommandReceived command) =>
        Refuse(draft, command, ResultCode.Again, $"{Journey.RequestsMax} commands wait for it already; try again when that is done");

    private static Decision Refuse(Draft draft, ServiceEvent.CommandReceived command, ResultCode code, string reason)
    {
        if (code == ResultCode.AlreadyRunning)
        {
            // What was asked for holds already: that is no refusal.
            draft.Answer(command.RequestId, code, [reason]);
        }
        else
        {
            draft.Refuse(command.RequestId, code, reason);
        }

        return draft.Done(reason);
    }

    private static string Because(string detail) => detail.Length == 0 ? "" : $": {detail}";
}
