using System.Data.Common;
using Dapper;
using Npgsql;
using Quorate.Contracts;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Hosting;

[Collection(RealEngines.Collection)]
public sealed class When_a_database_is_opened(RealEngines engines) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-database-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_user_of_an_embedded_one_is_refused()
    {
        await using IDatabase first = DatabaseFactory.Create($"sqlite:{_directory}/one.db");

        DatabaseInUseException refused = Assert.Throws<DatabaseInUseException>(() => DatabaseFactory.Create($"sqlite:{_directory}/one.db"));

        Assert.Contains("one.db is in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "S14")]
    public async Task A_server_that_may_forget_is_refused()
    {
        string setting = await engines.NewPostgresDatabaseAsync();
        string name = new NpgsqlConnectionStringBuilder(setting).Database ?? "";
        await engines.ExecuteOnPostgresAsync($"ALTER DATABASE {name} SET synchronous_commit = off");
        await using IDatabase database = DatabaseFactory.Create(setting);

        DatabaseForgetsException refused = await Assert.ThrowsAsync<DatabaseForgetsException>(() => database.OpenAsync());

        Assert.Contains("synchronous_commit=off", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Values_come_back_as_they_went_in(bool isPostgreSql)
    {
        await using IDatabase database = DatabaseFactory.Create(
            isPostgreSql ? await engines.NewPostgresDatabaseAsync() : $"sqlite:{_directory}/values.db");
        await database.MigrateAsync("test", ["CREATE TABLE rows (id {identity}, node TEXT, state TEXT, since BIGINT, saga TEXT, owner TEXT)"]);
        Row written = new()
        {
            Node = new NodeName("n1"),
            State = NodeState.Online,
            Since = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
            Saga = Guid.NewGuid(),
        };

        await using DbConnection connection = await database.OpenAsync();
        await connection.ExecuteAsync(
            "INSERT INTO rows (node, state, since, saga, owner) VALUES (@Node, @state, @Since, @Saga, @Owner)",
            new { written.Node, state = written.State.ToText(), written.Since, written.Saga, written.Owner });
        Row read = await connection.QuerySingleAsync<Row>("SELECT * FROM rows");

        Assert.Equal(
            (written.Node, written.State, written.Since, written.Saga, written.Owner), (read.Node, read.State, read.Since, read.Saga, read.Owner));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrations_run_once_however_many_replicas_start(bool isPostgreSql)
    {
        await using IDatabase database = DatabaseFactory.Create(
            isPostgreSql ? await engines.NewPostgresDatabaseAsync() : $"sqlite:{_directory}/migrations.db");
        string[] first = ["CREATE TABLE steps (number INTEGER)", "INSERT INTO steps VALUES (1)"];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => database.MigrateAsync("test", first))));
        await database.MigrateAsync("test", [.. first, "INSERT INTO steps VALUES (2)"]);

        await using DbConnection connection = await database.OpenAsync();
        Assert.Equal([1, 2], await connection.QueryAsync<int>("SELECT number FROM steps ORDER BY number"));
    }

    /// <summary>The inbox is cleaned by age; a database of the version before gets its index by the next migration.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_inbox_is_found_by_age(bool isPostgreSql)
    {
        await using IDatabase database = DatabaseFactory.Create(
            isPostgreSql ? await engines.NewPostgresDatabaseAsync() : $"sqlite:{_directory}/inbox.db");
        IReadOnlyList<string> migrations = new TablePrefix("test").Migrations;

        await database.MigrateAsync("test bus", [.. migrations.Take(2)]);
        await database.MigrateAsync("test bus", migrations);

        await using DbConnection connection = await database.OpenAsync();
        Assert.Contains("(received_at)", await connection.QuerySingleAsync<string>(isPostgreSql
            ? "SELECT indexdef FROM pg_indexes WHERE indexname = 'test_inbox_received_at'"
            : "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = 'test_inbox_received_at'"), StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public NodeName Node { get; set; }

        public NodeState State { get; set; }

        public DateTimeOffset Since { get; set; }

        public Guid Saga { get; set; }

        public NodeName? Owner { get; set; }
    }
}
