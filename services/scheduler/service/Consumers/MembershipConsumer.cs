using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Keeps the newest membership and asks for its evaluation. An older or repeated one changes nothing.</summary>
internal sealed class MembershipConsumer(EvaluationSignals signals, ILogger<MembershipConsumer> logger) : InboxConsumer<MembershipChanged>
{
    public override async Task HandleAsync(MembershipChanged message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        // Read before it is stored: one that no decision can be made from would stop every evaluation, after each restart again.
        _ = MembershipView.From(message);
        if (!await MembershipStore.OfferAsync(work, message, cancellationToken))
        {
            return;
        }
        string nodes = string.Join(", ", message.Nodes.Select(node => $"{node.Name} {node.State.ToString().ToLowerInvariant()}"));
        logger.MembershipStored(message.Generation, message.IsQuorate ? "quorate" : "not quorate", nodes);
        work.OnCommitted(signals.MembershipChanged);
    }
}
