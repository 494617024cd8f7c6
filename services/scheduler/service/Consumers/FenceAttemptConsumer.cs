using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Events;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Keeps what fence agents came to, for whoever asks afterwards.</summary>
internal sealed class FenceAttemptConsumer : InboxConsumer<FenceAttempted>
{
    public override async Task HandleAsync(FenceAttempted message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        await FenceAttemptStore.AddAsync(work, message, cancellationToken);
        await EventStore.AppendAsync(work, message.At, "fencing", null, message.Node, EventText.Of(message), message, cancellationToken);
    }
}
