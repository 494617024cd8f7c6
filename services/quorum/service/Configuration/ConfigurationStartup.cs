using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>
/// Takes the newest configuration that is stored, before anything is decided, and offers the file this replica was started with only where
/// there is none: whether a newer one may come into force depends on what runs, which a scheduler knows. It publishes what it took.
/// </summary>
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
            if (await store.RefreshAsync(configuration))
            {
                logger.StoredConfigurationUsed(configuration.Current.Version, options.ConfigurationFile, offered);
                return;
            }

            await store.OfferAsync(configuration.Current.Digest, offered, configuration.FileText, time.GetUtcNow());
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
