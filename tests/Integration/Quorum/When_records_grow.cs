using Dapper;
using Quorate.Hosting.Database;
using Quorate.Quorum.Service;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>What quorum keeps of the past is bounded by names, on both databases.</summary>
public abstract class When_records_grow : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private IDatabase _database = null!; // set by InitializeAsync before any test

    protected abstract Task<IDatabase> OpenAsync();

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        await _database.MigrateAsync(QuorumTables.Prefix, QuorumTables.Migrations);
    }

    public virtual async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_newest_ended_incarnations_of_each_node_stay_and_whatever_has_not_ended()
    {
        await AddLeasesAsync("n1", "left", RecordCleaning.EndedMax + 7, isCurrent: 0);
        await AddLeasesAsync("n2", "fenced", 3, isCurrent: 0);
        await AddLeasesAsync("n3", "left", 1, isCurrent: 1);
        await AddLeasesAsync("n4", "lost", 1, isCurrent: 1);
        await ExecuteAsync("INSERT INTO quorum_fence (node, incarnation, state, claim, step, round, patience_milliseconds, replica, reason) SELECT node, incarnation, 'done', 1, 1, 1, 1, 'r', '' FROM quorum_lease");
        await ExecuteAsync("UPDATE quorum_fence SET switched_off = '0.0' WHERE incarnation = 'n1-1'");

        int removed = await RecordCleaning.CleanAsync(_database, Now, CancellationToken.None);

        Assert.Equal(7 + 6, removed);
        Assert.Equal(8, await ScalarAsync("SELECT MIN(since) FROM quorum_lease WHERE node = 'n1'"));
        Assert.Equal(5, await ScalarAsync("SELECT COUNT(*) FROM quorum_lease WHERE node <> 'n1'"));
        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM quorum_fence WHERE incarnation = 'n1-1'"));
        Assert.Equal(0, await RecordCleaning.CleanAsync(_database, Now, CancellationToken.None));
    }

    [Fact]
    public async Task Requests_for_maintenance_that_changed_nothing_go_too_and_none_that_waits()
    {
        await ExecuteAsync($"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RecordCleaning.RequestsMax + 7})
            INSERT INTO quorum_maintenance (request_id, is_on, change, asked_at, result, answer) SELECT 'r' || i, 0, 5, i, 'success', '' FROM n
            """);
        await ExecuteAsync("INSERT INTO quorum_maintenance (request_id, is_on, change, asked_at) VALUES ('open', 1, 1, 0)");

        Assert.Equal(7, await RecordCleaning.CleanAsync(_database, Now, CancellationToken.None));

        Assert.Equal(8, await ScalarAsync("SELECT MIN(asked_at) FROM quorum_maintenance WHERE result IS NOT NULL"));
        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM quorum_maintenance WHERE request_id = 'open'"));
    }

    [Fact]
    public async Task Beats_of_replicas_that_are_no_more_go_after_a_week()
    {
        long week = (Now - RecordCleaning.BeatRetention).ToUnixTimeMilliseconds();
        await ExecuteAsync($"INSERT INTO quorum_replica_beat (replica, beat, beaten_at) VALUES ('old', 1, {week - 1}), ('young', 1, {week})");

        Assert.Equal(1, await RecordCleaning.CleanAsync(_database, Now, CancellationToken.None));

        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM quorum_replica_beat WHERE replica = 'young'"));
    }

    private Task AddLeasesAsync(string node, string state, int count, int isCurrent) => ExecuteAsync($"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO quorum_lease (node, incarnation, state, is_current, sequence, granted_sequence, granted_in, ttl_milliseconds,
            stop_deadline_milliseconds, watchdog_milliseconds, is_self_fencing, since, reason)
        SELECT '{node}', '{node}-' || i, '{state}', {isCurrent}, 1, 1, 1, 1, 1, 0, 1, i, '' FROM n
        """);

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync(statement);
    }

    private async Task<long> ScalarAsync(string query)
    {
        await using var connection = await _database.OpenAsync();
        return await connection.ExecuteScalarAsync<long>(query);
    }
}

public sealed class When_records_grow_on_SQLite : When_records_grow
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-records-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task<IDatabase> OpenAsync() => Task.FromResult(DatabaseFactory.Create($"sqlite:{_directory}/records.db"));
}

[Collection(RealEngines.SecondCollection)]
public sealed class When_records_grow_on_PostgreSQL(RealEngines engines) : When_records_grow
{
    protected override async Task<IDatabase> OpenAsync() => DatabaseFactory.Create(await engines.NewPostgresDatabaseAsync());
}
