using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Events;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Keeps the numbered messages of all services, for whoever asks afterwards.</summary>
internal sealed class MessageRaisedConsumer : InboxConsumer<MessageRaised>
{
    public override async Task HandleAsync(MessageRaised message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        await MessageStore.AddAsync(work, message, cancellationToken);
        await EventStore.AppendAsync(work, message.At, "message", message.Service, message.Node, message.Text ?? "", message, cancellationToken);
    }
}
