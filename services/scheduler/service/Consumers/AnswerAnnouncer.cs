using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Scheduler.Service.Api;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Wakes the callers of this replica who wait for an answer. Every replica hears every answer.</summary>
internal sealed class AnswerAnnouncer(AnswerWaiters waiters) : IMessageHandler<CommandAnswered>
{
    public Task HandleAsync(CommandAnswered message, Delivery delivery, CancellationToken cancellationToken)
    {
        waiters.Announce(message);
        return Task.CompletedTask;
    }
}
