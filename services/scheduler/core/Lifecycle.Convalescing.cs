using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <remarks>
/// A service that runs without something non-critical of it is partial: its node says so in its inventory. Source: clusvcadm(8) -c;
/// rgmanager.md 2.8 and 3.5; scenario 14.
/// </remarks>
public static partial class Lifecycle
{
    private static Decision OnConvalesce(Draft draft, ServiceEvent.CommandReceived command)
    {
        ServiceRecord service = draft.Next;
        switch (service)
        {
            case { Journey: { } journey }:
                return Refuse(draft, command, ResultCode.Again, $"it is in the midst of another operation ({Text(journey.Intent)}); try again when that is done");
            case { State: ServiceState.Started } when IsOwnerLost(draft):
                return Refuse(draft, command, ResultCode.FencePending, $"its owner {service.Owner} is lost and not fenced yet");
            case { State: ServiceState.Started, IsPartial: false }:
                return Refuse(draft, command, ResultCode.AlreadyRunning, $"all of it runs on {service.Owner}");
            case { State: ServiceState.Started, Owner: { } owner, OwnerIncarnation: { } incarnation }:
                string reason = $"an operator asked for it; starting what was left stopped of it on {owner}";
                draft.Next = service with { Journey = new(Intent.Convalesce) { Target = owner, RequestIds = [command.RequestId] } };
                draft.Become(ServiceState.Started, reason);
                draft.Order(NodeAction.Convalesce, owner, incarnation, reason);
                return draft.Done(reason);
            case { State: ServiceState.Stopped or ServiceState.Disabled or ServiceState.Failed or ServiceState.Uninitialized }:
                return Refuse(draft, command, ResultCode.Invalid, $"it is {Text(service.State)}: only what runs can be repaired");
            default:
                return Refuse(draft, command, ResultCode.Again, $"it is {Text(service.State)}; try again when that is done");
        }
    }

    private static void OnConvalesced(Draft draft, OperationEnded report)
    {
        bool isWhole = report.Outcome == OperationOutcome.Succeeded;
        draft.Next = draft.Next with { Pending = null, IsPartial = draft.Next.IsPartial && !isWhole };
        draft.Become(ServiceState.Started, isWhole
            ? $"all of it runs on {report.Node} again"
            : $"{report.Node} could not start what was left stopped of it{Culprit(report)}");
        draft.EndJourney(isWhole ? ResultCode.Success : ResultCode.Fail, draft.Next.Reason);
        if (!draft.Next.Newcomers.IsEmpty)
        {
            draft.SeekPlacement();
        }
    }

    /// <summary>What its owner says about the run that the row knows.</summary>
    private static bool IsPartialNews(ServiceRecord service, InventoryEntry? entry) =>
        service is { State: ServiceState.Started, Pending: null } && entry is { IsRunning: true, IsBusy: false }
        && entry.Epoch == service.Epoch && entry.IsPartial != service.IsPartial;

    private static Decision TakePartial(Draft draft, InventoryEntry entry)
    {
        draft.Next = draft.Next with { IsPartial = entry.IsPartial };
        draft.Become(ServiceState.Started, entry.IsPartial
            ? $"runs on {draft.Next.Owner} without something that is not critical and has failed; convalesce starts that again"
            : $"all of it runs on {draft.Next.Owner}");
        return draft.Done(draft.Next.Reason);
    }
}
