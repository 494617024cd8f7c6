using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Scheduler.Core;

/// <remarks>Source: rgmanager.md 3.3 (may a start proceed), 3.4 (may a stop), 3.5 (requests), 3.7 (relocation), scenarios 23 to 37.</remarks>
public static partial class Lifecycle
{
    private static Decision OnCommand(Draft draft, ServiceEvent.CommandReceived command)
    {
        if (draft.Next.Journey?.RequestIds.Contains(command.RequestId) == true)
        {
            return draft.Done("this request is under way already");
        }

        // One that is parked never comes here.
        if (command.Kind == CommandKind.Unpark)
        {
            draft.Answer(command.RequestId, ResultCode.Success, ["it is not parked"]);
            return draft.Done("it is not parked");
        }

        if (!draft.Situation.Membership.IsQuorate)
        {
            return Refuse(draft, command, ResultCode.Quorum, "the cluster is not quorate");
        }

        if (draft.Next.IsFrozen && command.Kind is not (CommandKind.Freeze or CommandKind.Unfreeze))
        {
            return Refuse(draft, command, ResultCode.Frozen, "the service is frozen; unfreeze it first");
        }

        if (draft.Situation.Definition is null && command.Kind is not (CommandKind.Disable or CommandKind.Stop or CommandKind.StopHold or CommandKind.Unfreeze or CommandKind.ConfirmStopped))
        {
            return Refuse(draft, command, ResultCode.NoService, $"{draft.Next.Name} is not in the configuration");
        }

        // The planner leaves everything alone then: what waited for its word would never be answered.
        if (draft.Situation.Configuration.ResourceManager.IsDisabled && command.Kind is not (CommandKind.Disable or CommandKind.Stop or CommandKind.StopHold or CommandKind.Freeze or CommandKind.Unfreeze or CommandKind.ConfirmStopped))
        {
            return Refuse(draft, command, ResultCode.Invalid, "the resource manager is disabled in the configuration (rm/@disabled): nothing is started");
        }

        if (draft.Situation.Membership.IsLocked && command.Kind is (CommandKind.Enable or CommandKind.Restart or CommandKind.Relocate or CommandKind.Migrate))
        {
            return Refuse(draft, command, ResultCode.Again, "the cluster is locked: nothing is started; unlock it first (quorate unlock)");
        }

        Settle(draft);
        return command.Kind switch
        {
            CommandKind.Enable => OnEnable(draft, command),
            CommandKind.Disable => OnDisable(draft, command),
            CommandKind.Stop or CommandKind.StopHold => OnStop(draft, command),
            CommandKind.Migrate => OnMigrate(draft, command),
            CommandKind.Restart => OnRestart(draft, command),
            CommandKind.Freeze => OnFreeze(draft, command),
            CommandKind.Unfreeze => OnUnfreeze(draft, command),
            CommandKind.Convalesce => OnConvalesce(draft, command),
            CommandKind.ConfirmStopped => OnConfirmStopped(draft, command),
            _ => OnRelocate(draft, command),
        };
    }

    private static Decision OnEnable(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        switch (service.State)
        {
            case ServiceState.Started or ServiceState.Starting:
                return IsOwnerLost(draft)
                    ? Refuse(draft, command, ResultCode.FencePending, $"its owner {service.Owner} is lost and not fenced yet")
                    : Refuse(draft, command, ResultCode.AlreadyRunning, $"it is {Text(service.State)} on {service.Owner}");
            case ServiceState.Stopping or ServiceState.Recoverable:
                return Refuse(draft, command, ResultCode.Deadlock, "it is being stopped; try again when that is done");
            case ServiceState.Failed:
                draft.Raise(CatalogueMessage.StartRefusedServiceFailed, service.Name.Value);
                return Refuse(draft, command, ResultCode.Abort, $"it has failed ({service.Reason}); disable it first");
            case ServiceState.Migrating:
                return Refuse(draft, command, ResultCode.AlreadyRunning, "it is on its way to another node");
            case ServiceState.Stopped or ServiceState.Disabled or ServiceState.Uninitialized or ServiceState.Recovering:
                return Seek(draft, command, Intent.Start);
            default:
                draft.Raise(CatalogueMessage.StartInvalidState, service.Name.Value, (int)service.State);
                return Refuse(draft, command, ResultCode.Fail, $"it cannot be started from state {service.State}");
        }
    }

    /// <summary>Lets the planner find a node for a service that runs nowhere, after refusing what cannot work.</summary>
    private static Decision Seek(Draft draft, ServiceEvent.CommandReceived command, Intent intent)
    {
        if (draft.Next.Journey is { Intent: not (Intent.Start or Intent.Recover) } other)
        {
            return Refuse(draft, command, ResultCode.Deadlock, $"it is in the midst of another operation ({Text(other.Intent)})");
        }

        if (RefusalOfTarget(draft, command.Node) is var (code, reason))
        {
            return Refuse(draft, command, code, reason);
        }

        Journey journey = draft.Next.Journey ?? new Journey(intent);
        if (journey.RequestIds.Length >= Journey.RequestsMax)
        {
            return RefuseFull(draft, command);
        }

        // Not evaluated by this: a refused enable changes nothing, and an autostart that is off must still be found.
        draft.Next = draft.Next with
        {
            Journey = journey with { Target = command.Node ?? journey.Target, RequestIds = journey.RequestIds.Add(command.RequestId) },
        };
        draft.SeekPlacement();
        return draft.Done($"an operator asked for it ({Text(command.Kind)}); looking for a node");
    }

    private static (ResultCode Code, string Reason)? RefusalOfTarget(Draft draft, NodeName? target)
    {
        MembershipView membership = draft.Situation.Membership;
        if (target is { } node)
        {
            if (!membership.IsOnline(node))
            {
                return (ResultCode.NoNode, draft.Situation.Configuration.FindNode(node) is null ? $"there is no node {node}" : $"{node} is not online");
            }

            if (membership.IsDrained(node))
            {
                return (ResultCode.Domain, $"{node} is drained; put it into use first (quorate undrain {node})");
            }

            if (ScoreOf(draft, node) == Score.Illegal)
            {
                return (ResultCode.Domain, $"{node} is not allowed by the service's failover domain");
            }
        }

        return draft.Next switch
        {
            { Hold: { } hold } when !membership.IsOnline(hold.Node) =>
                (ResultCode.FencePending, $"it may still run on {hold.Node}, which is not online and not proven to have ended"),
            // Its receiver proves the stop first, which one that is lost cannot.
            { State: not ServiceState.Migrating, Receiver: { } receiver } when !membership.IsOnline(receiver.Node) =>
                (ResultCode.FencePending, $"a migration may have brought it to {receiver.Node}, which is not online and not proven to have ended (quorate fence ack {receiver.Node} once you know it is off)"),
            { Hold: { } hold } when target is { } wanted && wanted != hold.Node =>
                (ResultCode.Fail, $"it may still run on {hold.Node}: a stop there was never proven, so it may start only there; disable it again, or look there and say so (quorate disable {draft.Next.Name} --confirm-stopped {hold.Node})"),
            _ => null,
        };
    }

    private static Decision OnStop(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        bool keeps = command.Kind == CommandKind.StopHold;
        switch (service.State)
        {
            case ServiceState.Started or ServiceState.Starting:
                Supersede(draft, command);
                draft.Next = draft.Next with { Journey = new(Intent.Stop) { RequestIds = [command.RequestId], KeepsStopped = keeps } };
                draft.BeginStop(ServiceState.Stopping, StopReason(draft, command));
                return draft.Done(draft.Next.Reason);
            case ServiceState.Stopping or ServiceState.Recoverable:
                return TurnStop(draft, command, Intent.Stop);
            case ServiceState.Stopped or ServiceState.Recovering:
                Supersede(draft, command);
                draft.Next = draft.Next with { AwaitsTransition = !keeps, AwaitsOperator = keeps, RetryAt = null };
                draft.Become(ServiceState.Stopped, keeps ? "stopped by an operator until it is enabled" : "stopped by an operator until the next node transition");
                draft.Answer(command.RequestId, ResultCode.Success, ["it runs nowhere"]);
                return draft.Done(draft.Next.Reason);
            case ServiceState.Disabled or ServiceState.Uninitialized:
                return service.Journey is null ? StoppedAlready(draft, command) : DisableAtRest(draft, command);
            case ServiceState.Failed:
                return Refuse(draft, command, ResultCode.Fail, $"it has failed ({service.Reason}); only disable leaves that state");
            case ServiceState.Migrating:
                return Refuse(draft, command, ResultCode.Again, "it is on its way to another node");
            default:
                draft.Raise(CatalogueMessage.StopInvalidState, service.Name.Value, (int)service.State);
                return Refuse(draft, command, ResultCode.Fail, $"it cannot be stopped in state {service.State}");
        }
    }

    private static Decision StoppedAlready(Draft draft, ServiceEvent.CommandReceived command)
    {
        string reason = $"it is {Text(draft.Next.State)} already";
        draft.Answer(command.RequestId, ResultCode.Success, [reason]);
        return draft.Done(reason);
    }

    /// <summary>A stop is under way: only what follows it changes.</summary>
    private static Decision TurnStop(Draft draft, ServiceEvent.CommandReceived command, Intent intent)
    {
        ImmutableArray<string> joined = [];
        if (draft.Next.Journey is { Intent: Intent.Stop or Intent.Disable } journey)
        {
            joined = journey.RequestIds;
            intent = journey.Intent == Intent.Disable ? Intent.Disable : intent;
        }
        else
        {
            Supersede(draft, command);
        }

        if (joined.Length >= Journey.RequestsMax)
        {
            return RefuseFull(draft, command);
        }

        bool keeps = command.Kind == CommandKind.StopHold || draft.Next.Journey is { KeepsStopped: true };
        draft.Next = draft.Next with { Journey = new(intent) { RequestIds = joined.Add(command.RequestId), KeepsStopped = keeps } };
        draft.Become(ServiceState.Stopping, StopReason(draft, command));
        return draft.Done(draft.Next.Reason);
    }

    private static Decision OnRestart(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        if (RefusalOfMove(draft, disabled: ResultCode.Invalid, failed: ResultCode.Fail) is var (code, reason))
        {
            return Refuse(draft, command, code, reason);
        }

        if (service.State == ServiceState.Stopped)
        {
            return Seek(draft, command, Intent.Start);
        }

        draft.Next = draft.Next with { Journey = new(Intent.Restart) { Target = service.Owner, RequestIds = [command.RequestId] } };
        draft.BeginStop(ServiceState.Stopping, $"an operator asked for a restart on {service.Owner}");
        return draft.Done(draft.Next.Reason);
    }

    private static Decision OnRelocate(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        if ((RefusalOfMove(draft, disabled: ResultCode.Invalid, failed: ResultCode.Abort) ?? RefusalOfTarget(draft, command.Node)) is var (code, reason))
        {
            return Refuse(draft, command, code, reason);
        }

        if (service.State == ServiceState.Stopped)
        {
            return Seek(draft, command, Intent.Relocate);
        }

        if (command.Node == service.Owner)
        {
            return Refuse(draft, command, ResultCode.AlreadyRunning, $"it runs on {service.Owner} already");
        }

        // The original stops the service first and finds out afterwards; we know before, and leave it running.
        if (!draft.Situation.Membership.Nodes.Any(node => node.Name != service.Owner && ScoreOf(draft, node.Name) != Score.Illegal))
        {
            return Refuse(draft, command, ResultCode.Relocated, $"no other node may run it; it stays on {service.Owner}");
        }

        if (!draft.Situation.Others.IsEmpty && Foresight.RefusalOfRelocation(draft.Situation, command.Node) is var (refused, why))
        {
            return Refuse(draft, command, refused, why);
        }

        draft.Next = draft.Next with
        {
            Journey = new(Intent.Relocate) { Target = command.Node, Origin = service.Owner, RequestIds = [command.RequestId] },
        };
        draft.BeginStop(ServiceState.Stopping, $"an operator moves it from {service.Owner} to {command.Node?.Value ?? "another node"}");
        return draft.Done(draft.Next.Reason);
    }

    /// <summary>Why a service cannot be restarted or relocated now; null when it is at rest, started or stopped.</summary>
    private static (ResultCode Code, string Reason)? RefusalOfMove(Draft draft, ResultCode disabled, ResultCode failed)
    {
        ServiceRecord service = draft.Next;
        return service.State switch
        {
            _ when service.Journey is { } journey => (ResultCode.Deadlock, $"it is in the midst of another operation ({Text(journey.Intent)})"),
            ServiceState.Disabled or ServiceState.Uninitialized => (disabled, $"it is {Text(service.State)}; enable it first"),
            ServiceState.Failed => (failed, $"it has failed ({service.Reason}); disable it first"),
            ServiceState.Started when IsOwnerLost(draft) => (ResultCode.FencePending, $"its owner {service.Owner} is lost and not fenced yet"),
            ServiceState.Started or ServiceState.Stopped => null,
            _ => (ResultCode.Again, $"it is {Text(service.State)}; try again when that is done"),
        };
    }

    /// <summary>Answers the commands that waited for what this one ends.</summary>
    private static void Supersede(Draft draft, ServiceEvent.CommandReceived command) =>
        draft.EndJourney(ResultCode.Abort, $"given up for a later command ({Text(command.Kind)})");

    private static string StopReason(Draft draft, ServiceEvent.CommandReceived command)
    {
        NodeName? fenced = draft.Next.Pending is { AwaitsFencing: true } pending ? pending.Node : IsOwnerLost(draft) ? draft.Next.Owner : null;
        string reason = $"an operator asked for it ({Text(command.Kind)})";
        return fenced is { } node ? $"{reason}; waiting for {node} to be fenced" : reason;
    }

    private static bool IsOwnerLost(Draft draft) =>
        draft.Next is { Owner: { } owner, OwnerIncarnation: { } incarnation }
        && draft.Situation.Membership.Of(owner, incarnation) == OwnerStanding.Lost;

    private static Score ScoreOf(Draft draft, NodeName node) => draft.Situation.Definition is { } definition
        ? FailoverDomainScore.Of(node, definition, draft.Situation.Configuration, draft.Situation.Membership, draft.Next)
        : Score.Illegal;

    private static string Text<T>(T value) where T : struct, Enum => value is CommandKind.StopHold ? "stop" : value.ToString().ToLowerInvariant();
}
