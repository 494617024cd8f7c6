using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Keeps what fence agents came to, for whoever asks afterwards.</summary>
internal sealed class FenceAttemptConsumer : InboxConsumer<FenceAttempted>
{
    public override Task HandleAsync(FenceAttempted message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken) =>
        FenceAttemptStore.AddAsync(work, message, cancellationToken);
}
