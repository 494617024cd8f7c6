using System.Globalization;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service.Orders;

namespace Quorate.Quorum.Service.Arbiter;

/// <summary>An operator's word that a database that went back is the truth from now on; answered by <see cref="CommandAnswered"/>.</summary>
internal sealed class AcceptArbiterConsumer(
    OrderKeeper orders, ReplicaView view, QuorumTiming timing, MessageRaiser raiser, TimeProvider time, ILogger<AcceptArbiterConsumer> logger) : InboxConsumer<AcceptArbiter>
{
    private const string OrderingKey = "arbiter";

    public override async Task HandleAsync(AcceptArbiter message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await orders.CarryOutAsync(work, message, OrderingKey, async (store, record) =>
        {
            ArbiterState stored = record.ToState();
            ArbiterSight highest = view.Highest;
            ArbiterAcceptanceDecision decision = ArbiterAcceptance.Decide(
                message, stored, highest, [.. await store.ReadCurrentAsync()], view.DistrustedFor, timing);
            // The row was read under its lock and cannot have changed since.
            if (decision.NewEra is { } era && await store.AcceptAsync(stored.Era, era))
            {
                await store.NoteArbiterAsync("accepted", ArbiterSight.Of(stored), highest, $"request {message.RequestId}: {decision.Reason}", time.GetUtcNow());
                await RaiseAsync(work, era.ToString(CultureInfo.InvariantCulture));
            }

            logger.ArbiterAcceptanceOrdered(message.RequestId, decision.Result.ToString(), decision.Reason);
            return (decision.Result, decision.Reason);
        });
    }

    private async Task RaiseAsync(UnitOfWork work, string era)
    {
        await raiser.RaiseAsync(work, (int)CatalogueMessage.ArbiterAccepted, MessageText.Format(CatalogueMessage.ArbiterAccepted, era), QuorumTables.Prefix);
        work.OnCommitted(() =>
        {
            logger.ArbiterAccepted(era);
            view.Kick();
        });
    }
}
