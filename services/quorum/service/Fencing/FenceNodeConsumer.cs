using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Service.Orders;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>An order to cut a node off; answered by <see cref="CommandAnswered"/> at once, carried out by <see cref="FencingWorker"/>.</summary>
internal sealed class FenceNodeConsumer(
    OrderKeeper orders, ConfigurationInForce configuration, ReplicaView view, ILogger<FenceNodeConsumer> logger) : InboxConsumer<FenceNode>
{
    /// <summary>Each replica reads the reason at every tick.</summary>
    private const int ReasonLengthMax = 500;

    public override async Task HandleAsync(FenceNode message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId, message.Node, message.Incarnation) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await orders.CarryOutAsync(work, message, message.Node.Value, async (store, _) =>
        {
            FenceOrderDecision decision = FenceOrder.Decide(
                message, configuration.Current.FindNode(message.Node), await store.FindCurrentAsync(message.Node), view.Arbiter);
            if (decision is { IsAccepted: true, Incarnation: { } incarnation })
            {
                await new FenceStore(work.Connection, work.Transaction).RequestAsync(
                    message.Node, incarnation, message.Reason is { Length: > 0 } reason ? FenceText.Plain(reason, ReasonLengthMax) : "an operator asked for it");
                await store.TraceAsync(message.Node, incarnation, Traces.Here);
                work.OnCommitted(view.Kick);
            }

            logger.FenceOrdered(message.Node.Value, message.RequestId, decision.Result.ToString(), decision.Reason);
            return (decision.Result, decision.Reason);
        });
    }
}
