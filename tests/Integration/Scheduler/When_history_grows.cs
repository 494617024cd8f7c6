using Dapper;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Store;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What is remembered is bounded by names, on both databases.</summary>
public abstract class When_history_grows : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private IDatabase _database = null!; // set by InitializeAsync before any test

    protected abstract Task<IDatabase> OpenAsync();

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        await _database.MigrateAsync(SchedulerSchema.Owner, SchedulerSchema.Migrations);
    }

    public virtual async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_newest_transitions_of_each_service_stay()
    {
        await AddTransitionsAsync("service:busy", HistoryCleaning.TransitionsMax + 7);
        await AddTransitionsAsync("service:calm", 3);

        int removed = await HistoryCleaning.CleanAsync(_database, Now, CancellationToken.None);

        Assert.Equal(7, removed);
        Assert.Equal(8, await ScalarAsync("SELECT MIN(epoch) FROM scheduler_history WHERE service = 'service:busy'"));
        Assert.Equal(3, await ScalarAsync("SELECT COUNT(*) FROM scheduler_history WHERE service = 'service:calm'"));
    }

    [Fact]
    public async Task The_newest_occurrences_of_each_message_stay()
    {
        await using (var connection = await _database.OpenAsync())
        {
            await connection.ExecuteAsync(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)
                INSERT INTO scheduler_message (number, at, component, text) SELECT CASE WHEN i <= 2 THEN 1 ELSE 33 END, i, '', '' FROM n
                """,
                new { count = MessageStore.OccurrencesMax + 7 });
        }

        int removed = await HistoryCleaning.CleanAsync(_database, Now, CancellationToken.None);

        Assert.Equal(5, removed);
        Assert.Equal(8, await ScalarAsync("SELECT MIN(at) FROM scheduler_message WHERE number = 33"));
        Assert.Equal(2, await ScalarAsync("SELECT COUNT(*) FROM scheduler_message WHERE number = 1"));
    }

    [Fact]
    public async Task One_cleaning_removes_a_bounded_number()
    {
        await AddTransitionsAsync("service:busy", HistoryCleaning.TransitionsMax + HistoryCleaning.BatchMax + 7);

        int removed = await HistoryCleaning.CleanAsync(_database, Now, CancellationToken.None);

        Assert.Equal(HistoryCleaning.BatchMax, removed);
        Assert.Equal(7, await HistoryCleaning.CleanAsync(_database, Now, CancellationToken.None));
    }

    [Fact]
    public async Task Commands_go_a_month_after_their_answer_and_never_before_it()
    {
        await AddCommandAsync("old", "answered", Now - HistoryCleaning.AnswerRetention - TimeSpan.FromMinutes(1));
        await AddCommandAsync("young", "answered", Now - HistoryCleaning.AnswerRetention + TimeSpan.FromMinutes(1));
        await AddCommandAsync("open", "taken", null);

        await HistoryCleaning.CleanAsync(_database, Now, CancellationToken.None);

        await using var connection = await _database.OpenAsync();
        Assert.Equal(["open", "young"], await connection.QueryAsync<string>("SELECT request_id FROM scheduler_operation ORDER BY request_id"));
    }

    private async Task AddTransitionsAsync(string service, int count)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @count)
            INSERT INTO scheduler_history (service, at, from_state, to_state, epoch, reason, cause)
            SELECT @service, 0, 'stopped', 'starting', i, '', '' FROM n
            """,
            new { service, count });
    }

    private async Task AddCommandAsync(string requestId, string state, DateTimeOffset? answeredAt)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, state, requested_at, answered_at)
            VALUES (@requestId, @requestId, 'service:web', 'enable', @state, 0, @at)
            """,
            new { requestId, state, at = answeredAt?.ToUnixTimeMilliseconds() });
    }

    private async Task<long> ScalarAsync(string query)
    {
        await using var connection = await _database.OpenAsync();
        return await connection.ExecuteScalarAsync<long>(query);
    }
}

public sealed class When_history_grows_on_SQLite : When_history_grows
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-history-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task<IDatabase> OpenAsync() => Task.FromResult(DatabaseFactory.Create($"sqlite:{_directory}/history.db"));
}

[Collection(RealEngines.Collection)]
public sealed class When_history_grows_on_PostgreSQL(RealEngines engines) : When_history_grows
{
    protected override async Task<IDatabase> OpenAsync() => DatabaseFactory.Create(await engines.NewPostgresDatabaseAsync());
}
