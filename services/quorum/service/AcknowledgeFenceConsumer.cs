using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service.Orders;

namespace Quorate.Quorum.Service;

/// <summary>An operator's word that a lost node runs nothing; answered by <see cref="CommandAnswered"/>.</summary>
internal sealed class AcknowledgeFenceConsumer(OrderKeeper orders, ReplicaView view, TimeProvider time, ILogger<AcknowledgeFenceConsumer> logger)
    : InboxConsumer<AcknowledgeFence>
{
    public override async Task HandleAsync(AcknowledgeFence message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId, message.Node, message.Incarnation) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await orders.CarryOutAsync(work, message, message.Node.Value, async (store, record) =>
        {
            LeaseRow? current = await store.FindCurrentAsync(message.Node);
            LeaseRow? named = message.Incarnation is { } incarnation ? await store.FindAsync(message.Node, incarnation) : null;
            AcknowledgementDecision decision = Acknowledgement.Decide(message, named, current, record.ToState(), time.GetUtcNow());
            // The row was read under its lock and cannot have changed since.
            if (decision is AcknowledgementDecision.Accept accept && current is not null && await store.ChangeStateAsync(current, accept.Row))
            {
                view.Kick();
            }

            logger.FenceAcknowledged(message.Node.Value, message.RequestId, decision.Result.ToString(), decision.Reason);
            return (decision.Result, decision.Reason);
        });
    }
}
