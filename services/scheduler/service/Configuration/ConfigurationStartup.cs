namespace Quorate.Scheduler.Service.Configuration;

/// <summary>Loads the configuration after the tables are up to date and before the first message is consumed.</summary>
internal sealed class ConfigurationStartup(ConfigurationLoader loader) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => loader.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
