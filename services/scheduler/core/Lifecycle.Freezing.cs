using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <remarks>
/// A frozen service is left alone: no start, no stop, no recovery, whatever its checks say and whoever comes or goes. Source:
/// clusvcadm(8) -Z and -U; rgmanager.md 3.5; scenario 31.
/// </remarks>
public static partial class Lifecycle
{
    private static Decision OnFreeze(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        if (service.IsFrozen)
        {
            draft.Answer(command.RequestId, ResultCode.Success, ["it is frozen already"]);
            return draft.Done("it is frozen already");
        }

        if (service.Journey is { } journey || !service.IsIdle)
        {
            return Refuse(draft, command, ResultCode.Again, $"it is in the midst of an operation ({Text(service.Journey?.Intent ?? Intent.Stop)}); try again when that is done");
        }

        if (service.State is not (ServiceState.Started or ServiceState.Stopped or ServiceState.Disabled))
        {
            return Refuse(draft, command, ResultCode.Again, $"it is {Text(service.State)}; only what is started, stopped or disabled can be frozen");
        }

        draft.Next = service with { IsFrozen = true };
        draft.Become(service.State, $"frozen by an operator while {Text(service.State)}: it is neither checked, recovered nor moved until it is unfrozen");
        draft.Answer(command.RequestId, ResultCode.Success, [draft.Next.Reason]);
        return draft.Done(draft.Next.Reason);
    }

    private static Decision OnUnfreeze(Draft draft, ServiceEvent.CommandReceived command)
    {
        if (!draft.Next.IsFrozen)
        {
            draft.Answer(command.RequestId, ResultCode.Success, ["it was not frozen"]);
            return draft.Done("it was not frozen");
        }

        draft.Next = draft.Next with { IsFrozen = false };
        bool seeks = draft.Next is { State: ServiceState.Stopped, AwaitsTransition: false };
        draft.Become(draft.Next.State, $"unfrozen by an operator; {WhatUnfreezingDoes(draft)}");
        if (seeks)
        {
            draft.Next = draft.Next with { RetryAt = null };
            draft.SeekPlacement();
        }

        draft.Answer(command.RequestId, ResultCode.Success, [draft.Next.Reason]);
        return draft.Done(draft.Next.Reason);
    }

    /// <summary>What an operator who thinks of unfreezing wants to know.</summary>
    private static string WhatUnfreezingDoes(Draft draft) => draft.Next switch
    {
        { State: ServiceState.Started } when IsOwnerLost(draft) => $"its owner {draft.Next.Owner} is lost: it starts elsewhere once that node is proven off",
        { State: ServiceState.Started } service => $"it is checked on {service.Owner} again",
        { State: ServiceState.Stopped, AwaitsTransition: false } => "the best node starts it",
        { State: ServiceState.Stopped } => "it stays stopped until the next node transition",
        _ => "it stays disabled until it is enabled",
    };
}
