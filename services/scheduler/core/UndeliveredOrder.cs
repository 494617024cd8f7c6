using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>What it means that an order did not get to its node. It changes nothing: the deadline of the order asks again (rule S8).</summary>
public static class UndeliveredOrder
{
    /// <summary>The numbered message that it is worth.</summary>
    /// <param name="service">The service's record as it is now; null when there is none that can be read.</param>
    /// <param name="order">The order that did not get there.</param>
    /// <returns>#35 for the stop a failback begins with, #58 for the start at the end of a move, else #14, for whatever a node was to hear.</returns>
    public static CatalogueMessage MessageFor(ServiceRecord? service, OperateService order) => (IntentOf(service, order), order.Action) switch
    {
        (Intent.Failback, NodeAction.Stop) => CatalogueMessage.FailbackNotRequested,
        (Intent.Relocate or Intent.Failback, NodeAction.Start) => CatalogueMessage.RelocateConnectionFailed,
        _ => CatalogueMessage.StateNotSent,
    };

    /// <summary>What the order was for; null for one that counts no more.</summary>
    private static Intent? IntentOf(ServiceRecord? service, OperateService order) =>
        service is { Pending: { } pending } && pending.Action == order.Action && pending.Node == order.Node && pending.Incarnation == order.Incarnation
            && service.PendingEpoch == order.Epoch
            ? service.Journey?.Intent
            : null;
}
