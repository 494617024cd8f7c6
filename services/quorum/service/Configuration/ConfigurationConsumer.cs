using System.Security.Cryptography;
using System.Text;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>Takes a configuration that a scheduler has put into force: nodes, votes and fence devices count from then on.</summary>
internal sealed class ConfigurationConsumer(ReplicaView view, TimeProvider time, ILogger<ConfigurationConsumer> logger) : InboxConsumer<ConfigurationPublished>
{
    public override async Task HandleAsync(ConfigurationPublished message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        bool isWhole = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Text))) == message.Digest;
        if (!isWhole || ClusterConfigurationReader.Read(message.Text, ResourceTypeCatalog.BuiltIn).Configuration is not { Nodes.IsEmpty: false } read)
        {
            logger.ConfigurationUnusable(message.Version, message.Digest);
            return;
        }

        // Behind the state's row: no membership is written meanwhile by the older one.
        await new LeaseStore(work.Connection, work.Transaction, work.Dialect).ReadStateAsync(forUpdate: true);
        if (await new ConfigurationStore(work.Connection, work.Transaction).OfferAsync(message.Digest, read.Version, message.Text, time.GetUtcNow()))
        {
            work.OnCommitted(view.Kick);
        }
    }
}
