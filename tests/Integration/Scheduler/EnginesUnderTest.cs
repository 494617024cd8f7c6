using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>A bus and a database of a test's own: in memory, or on the real servers.</summary>
public sealed class EnginesUnderTest : IAsyncDisposable
{
    private readonly RealEngines? _servers;
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-scheduler-").FullName;

    private EnginesUnderTest(RealEngines? servers) => _servers = servers;

    public QuorateOptions Options { get; private set; } = new();

    public bool IsReal => _servers is not null;

    /// <summary>Shared by replicas of one process; null where each connects for itself.</summary>
    public BusConnection? SharedBus { get; private set; }

    /// <inheritdoc cref="SharedBus"/>
    public IDatabase? SharedDatabase { get; private set; }

    public static async Task<EnginesUnderTest> StartAsync(RealEngines? servers, string configuration, TimeProvider time)
    {
        EnginesUnderTest engines = new(servers);
        string file = Path.Combine(engines._directory, "cluster.conf");
        await File.WriteAllTextAsync(file, configuration);
        engines.Options = new QuorateOptions
        {
            ConfigurationFile = file,
            Bus = servers is null ? "memory" : await servers.RabbitMqAsync(),
            BusPrefix = servers is null ? "" : $"t{Guid.NewGuid():N}"[..9] + ".",
            Database = servers is null ? $"sqlite:{engines._directory}/scheduler.db" : await servers.NewPostgresDatabaseAsync(),
        };
        if (servers is null)
        {
            engines.SharedBus = BusConnection.Create(engines.Options);
            engines.SharedDatabase = DatabaseFactory.Create(engines.Options.Database, time);
        }
        return engines;
    }

    public async ValueTask DisposeAsync()
    {
        if (SharedBus is not null)
        {
            await SharedBus.DisposeAsync();
        }
        if (SharedDatabase is not null)
        {
            await SharedDatabase.DisposeAsync();
        }
        Directory.Delete(_directory, recursive: true);
    }
}
