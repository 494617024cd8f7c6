using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>Offers the file this replica was started with, and takes the newest one that is stored, before anything is decided.</summary>
internal sealed class ConfigurationStartup(
    UnitOfWorkFactory units, ConfigurationInForce configuration, QuorateOptions options, TimeProvider time, ILogger<ConfigurationStartup> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => units.Create().RunAsync(
        async (work, _) =>
        {
            await new LeaseStore(work.Connection, work.Transaction, work.Dialect).ReadStateAsync(forUpdate: true);
            ConfigurationStore store = new(work.Connection, work.Transaction);
            int offered = configuration.Current.Version;
            await store.OfferAsync(configuration.Current.Digest, offered, configuration.FileText, time.GetUtcNow());
            if (await store.RefreshAsync(configuration))
            {
                logger.StoredConfigurationUsed(configuration.Current.Version, options.ConfigurationFile, offered);
            }
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
