using Dapper;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Parked;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>Inbox and outbox are bounded by names, and cleaned in steps. Source: DESIGN S13.</summary>
public abstract class When_bus_tables_grow : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TablePrefix Tables = new("test");

    private IDatabase _database = null!; // set by InitializeAsync before any test

    protected abstract Task<IDatabase> OpenAsync();

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        await _database.MigrateAsync("test bus", Tables.Migrations);
    }

    public virtual async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact, Trait("Rule", "S13")]
    public async Task A_consumed_message_is_forgotten_after_its_retention_and_never_before()
    {
        await AddConsumedAsync(BusTablesCleaning.BatchMax + 5, Now - BusTablesCleaning.InboxRetention - TimeSpan.FromMilliseconds(1));
        await AddConsumedAsync(3, Now - BusTablesCleaning.InboxRetention);

        int removed = await BusTablesCleaning.CleanAsync(_database, Tables, Now, CancellationToken.None);

        Assert.Equal(BusTablesCleaning.BatchMax + 5, removed);
        Assert.Equal(3, await ScalarAsync("SELECT COUNT(*) FROM test_inbox"));
    }

    [Fact, Trait("Rule", "S13")]
    public async Task Of_parked_rows_the_newest_stay_and_a_row_that_waits_to_be_sent_is_never_removed()
    {
        await AddRowsAsync(2, isParked: false);
        await AddRowsAsync(ParkedBounds.MessagesMax + 7, isParked: true);

        int removed = await BusTablesCleaning.CleanAsync(_database, Tables, Now, CancellationToken.None);

        Assert.Equal(7, removed);
        Assert.Equal(ParkedBounds.MessagesMax, await ScalarAsync("SELECT COUNT(*) FROM test_outbox WHERE is_parked = 1"));
        Assert.Equal(2, await ScalarAsync("SELECT COUNT(*) FROM test_outbox WHERE is_parked = 0"));
        Assert.Equal(10, await ScalarAsync("SELECT MIN(id) FROM test_outbox WHERE is_parked = 1"));
    }

    private async Task AddConsumedAsync(int count, DateTimeOffset at)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)
            INSERT INTO test_inbox (message_id, consumer, received_at) SELECT @at || '-' || i, 'test', CAST(@at AS BIGINT) FROM n
            """,
            new { count, at = at.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    private async Task AddRowsAsync(int count, bool isParked)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)
            INSERT INTO test_outbox (message_id, message_type, ordering_key, body, written_at, is_parked)
            SELECT 'm', 'm', 'web', '{}', 0, @isParked FROM n
            """,
            new { count, isParked = isParked ? 1 : 0 });
    }

    private async Task<long> ScalarAsync(string query)
    {
        await using var connection = await _database.OpenAsync();
        return await connection.ExecuteScalarAsync<long>(query);
    }
}

public sealed class When_bus_tables_grow_on_SQLite : When_bus_tables_grow
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-tables-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task<IDatabase> OpenAsync() => Task.FromResult(DatabaseFactory.Create($"sqlite:{_directory}/tables.db"));
}

[Collection(RealEngines.Collection)]
public sealed class When_bus_tables_grow_on_PostgreSQL(RealEngines engines) : When_bus_tables_grow
{
    protected override async Task<IDatabase> OpenAsync() => DatabaseFactory.Create(await engines.NewPostgresDatabaseAsync());
}
