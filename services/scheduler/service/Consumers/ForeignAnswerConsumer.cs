using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Events;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Stores an answer that another service gave to a command accepted here (an acknowledged fence); our own are stored already.</summary>
internal sealed class ForeignAnswerConsumer(TimeProvider time) : InboxConsumer<CommandAnswered>
{
    public override async Task HandleAsync(CommandAnswered message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        // One about a service is our own; one without operation refuses a message and answers no accepted command.
        if (message.Service is not null || message.Operation.Length == 0)
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        Effect.Answer answer = new(message.RequestId, message.Result, message.Owner, [.. message.Reasons]) { IsRefused = message.IsRefused };
        if (await OperationStore.AnswerAsync(work, answer, isOfQuorum: true, now, cancellationToken) is not null)
        {
            await EventStore.AppendAsync(work, now, "operation", null, message.Owner, EventText.Of(message), message, cancellationToken);
        }
    }
}
