using Quorate.Contracts;
using Quorate.Contracts.Catalogue;

namespace Quorate.Scheduler.Core;

/// <remarks>Source: rgmanager.md 3.4 and 3.5; scenarios 35 and 36, with rule S11: what was not proven to have stopped stays held.</remarks>
public static partial class Lifecycle
{
    private static Decision OnDisable(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        switch (service.State)
        {
            case ServiceState.Started or ServiceState.Starting:
                Supersede(draft, command);
                draft.Next = draft.Next with { Journey = new(Intent.Disable) { RequestIds = [command.RequestId] } };
                draft.BeginStop(ServiceState.Stopping, StopReason(draft, command));
                return draft.Done(draft.Next.Reason);
            case ServiceState.Stopping or ServiceState.Recoverable:
                return TurnStop(draft, command, Intent.Disable);
            case ServiceState.Migrating:
                return Refuse(draft, command, ResultCode.Again, "it is on its way to another node");
            case ServiceState.Failed or ServiceState.Disabled or ServiceState.Stopped or ServiceState.Recovering or ServiceState.Uninitialized:
                return DisableAtRest(draft, command);
            default:
                draft.Raise(CatalogueMessage.StopInvalidState, service.Name.Value, (int)service.State);
                return Refuse(draft, command, ResultCode.Fail, $"it cannot be stopped in state {service.State}");
        }
    }

    /// <summary>Disables what nobody owns. Where a hold remains, the stop runs again first (scenario 36, with rule S11).</summary>
    private static Decision DisableAtRest(Draft draft, ServiceEvent.CommandReceived command)
    {
        Supersede(draft, command);
        draft.Next = draft.Next with { WasEvaluated = true, AwaitsTransition = false, RetryAt = null };
        if (draft.Next is { Hold: null, Receiver: { } receiver })
        {
            return DisableAtReceiver(draft, command, receiver);
        }

        if (draft.Next.Hold is not { } hold)
        {
            draft.Become(ServiceState.Disabled, "disabled by an operator");
            draft.Answer(command.RequestId, ResultCode.Success, ["disabled"]);
            return draft.Done(draft.Next.Reason);
        }

        if (!draft.Situation.Membership.IsOnline(hold.Node))
        {
            draft.Become(ServiceState.Disabled, $"disabled by an operator; some resources may still be allocated on {hold.Node}");
            draft.Answer(command.RequestId, ResultCode.Warning, [$"{hold.Node} is not online: its stop stays unproven, and the service may start only there"]);
            return draft.Done(draft.Next.Reason);
        }

        string reason = $"disabled by an operator; stopping it again on {hold.Node}";
        draft.Next = draft.Next with { Journey = new(Intent.Disable) { RequestIds = [command.RequestId] } };
        draft.Become(ServiceState.Stopping, reason);
        draft.Order(Contracts.V1.NodeAction.Stop, hold.Node, hold.Incarnation, reason);
        return draft.Done(reason);
    }

    /// <summary>A migration that was given up may have brought it there: that node proves the stop, or the operator is warned.</summary>
    private static Decision DisableAtReceiver(Draft draft, ServiceEvent.CommandReceived command, Hold receiver)
    {
        if (draft.Situation.Membership.OnlineIncarnation(receiver.Node) != receiver.Incarnation)
        {
            draft.Become(ServiceState.Disabled, $"disabled by an operator; a migration may have brought it to {receiver.Node}");
            draft.Answer(command.RequestId, ResultCode.Warning, [$"{receiver.Node} is not online: that it runs nothing there stays unproven until it is fenced (quorate fence ack {receiver.Node} once you know it is off)"]);
            return draft.Done(draft.Next.Reason);
        }

        draft.Next = draft.Next with { Journey = new(Intent.Disable) { RequestIds = [command.RequestId] } };
        StopAtReceiver(draft, receiver, "disabled by an operator");
        return draft.Done(draft.Next.Reason);
    }

    /// <summary>
    /// An operator's word that what could not be proven is so: the hold goes, and the service may start anywhere. It is about the node that
    /// is named, so that a late copy of it says nothing about another.
    /// </summary>
    /// <remarks>Rule S11: the operator has looked. Nothing else frees a service that may still run somewhere.</remarks>
    private static Decision OnConfirmStopped(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        if (service is { Hold: null, Receiver: { } receiver })
        {
            return Refuse(draft, command, ResultCode.Invalid, $"a migration may have brought it to {receiver.Node}, which proves a stop when it is disabled, or ends when it is fenced (quorate fence ack {receiver.Node} once you know it is off)");
        }

        if (service.Hold is not { } hold)
        {
            draft.Answer(command.RequestId, ResultCode.Success, ["nothing holds it: it is proven stopped where it does not run"]);
            return draft.Done("nothing holds it");
        }

        if (command.Node != hold.Node)
        {
            return Refuse(draft, command, ResultCode.Invalid, $"it may still run on {hold.Node}: say so of that node, after you have looked there");
        }

        if (!service.IsIdle || service.Owner is not null)
        {
            return Refuse(draft, command, ResultCode.Again, $"an operation is under way on {service.Pending?.Node ?? hold.Node}; try again when that is done");
        }

        draft.Next = service with { Hold = null, Pending = null };
        ServiceState next = service.State == ServiceState.Failed ? ServiceState.Disabled : service.State;
        draft.Become(next, $"an operator says that it does not run on {hold.Node}; it may start anywhere");
        draft.Answer(command.RequestId, ResultCode.Success, [draft.Next.Reason]);
        return draft.Done(draft.Next.Reason);
    }
}
