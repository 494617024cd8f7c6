namespace Quorate.Tests.Integration.Engines;

/// <summary>The real servers, each started when a test first asks for it and stopped after the last one of the collection.</summary>
public sealed class RealEngines : IAsyncLifetime
{
    public const string Collection = "real engines";

    /// <summary>Runs beside the other, so that half of what waits for engines does not wait for the other half.</summary>
    public const string SecondCollection = "real engines, second half";

    private readonly Lazy<Task<PostgresServer>> _postgres;
    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq = new(RabbitMqServer.StartAsync);

    public RealEngines()
        : this(isOwn: false)
    {
    }

    private RealEngines(bool isOwn) => _postgres = new(() => PostgresServer.StartAsync(isOwn));

    /// <summary>With a PostgreSQL of its own, for a test of what concerns the whole server; its maker disposes it.</summary>
    public static RealEngines OfOneTest() => new(isOwn: true);

    /// <summary>A connection string to an empty database of the caller's own.</summary>
    public async Task<string> NewPostgresDatabaseAsync() => await (await _postgres.Value).NewDatabaseAsync();

    /// <summary>Runs a statement on the server's own database.</summary>
    public async Task ExecuteOnPostgresAsync(string statement) => await (await _postgres.Value).ExecuteAsync(statement);

    /// <summary>The broker's amqp address; keep apart by <c>BusPrefix</c>.</summary>
    public async Task<string> RabbitMqAsync() => (await _rabbitMq.Value).Address;

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_rabbitMq.IsValueCreated)
        {
            await (await _rabbitMq.Value).DisposeAsync();
        }
        if (_postgres.IsValueCreated)
        {
            await (await _postgres.Value).DisposeAsync();
        }
    }
}
