using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Gives a node the configuration it lacks.</summary>
internal sealed class ConfigurationConsumer(ILogger<ConfigurationConsumer> logger) : InboxConsumer<RequestConfiguration>
{
    public override async Task HandleAsync(RequestConfiguration message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await ConfigurationStore.FindAsync(work, message.Digest, cancellationToken) is not { } stored)
        {
            logger.ConfigurationUnknown(message.Node, message.Digest);
            return;
        }
        await work.Outbox.SendAsync(
            new ConfigurationPublished { Version = (int)stored.Version, Digest = stored.Digest, Text = stored.Text },
            QueueNames.ToExecutor(message.Node, message.Incarnation),
            message.Node.Value);
    }
}
