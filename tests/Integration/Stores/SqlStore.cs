using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Hosting;

namespace Quorate.Tests.Integration.Stores;

/// <summary>Both databases through what production uses: unit of work, inbox, outbox, locks, the lease's statements.</summary>
internal sealed class SqlStore : IStoreUnderTest
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(500);

    private readonly IDatabase _database;
    private readonly UnitOfWorkFactory _units;
    private readonly Func<DbConnection, Task> _kill;
    private readonly Func<Action> _loseAnswer;
    private readonly IAsyncDisposable? _cable;

    private SqlStore(
        IDatabase database, UnitOfWorkFactory units, Func<DbConnection, Task> kill, Func<Action> loseAnswer, IAsyncDisposable? cable)
    {
        _database = database;
        _units = units;
        _kill = kill;
        _loseAnswer = loseAnswer;
        _cable = cable;
    }

    /// <param name="database">Disposed with the store.</param>
    /// <param name="kill">Ends the session of a connection.</param>
    /// <param name="loseAnswer">Sees to it that the answer to the commit that comes is lost; what it returns is called after that commit.</param>
    /// <param name="cable">What leads to the database; disposed with the store.</param>
    public static async Task<SqlStore> OpenAsync(
        IDatabase database, Func<DbConnection, Task> kill, Func<Action> loseAnswer, IAsyncDisposable? cable = null)
    {
        await database.MigrateAsync("contract",
        [
            "CREATE TABLE contract (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
            "INSERT INTO contract (name, value) VALUES ('a', '0'), ('b', '0')",
        ]);
        await database.MigrateAsync("test bus", new TablePrefix("test").Migrations);
        await database.MigrateAsync(QuorumTables.Prefix, QuorumTables.Migrations);
        return new SqlStore(database, TestWork.Factory(database), kill, loseAnswer, cable);
    }

    public async Task<IReadOnlyList<Exception?>> RunAsync(params IReadOnlyList<Func<IStoreWork, Task>> bodies) =>
        await Task.WhenAll(bodies.Select(body => Task.Run(() => RunAsync(body))));

    public bool IsRetryable(Exception failure) => Conflicts.IsConflict(failure) || DatabaseOutage.Is(failure);

    public async Task<string> ReadAsync(string key)
    {
        await using DbConnection connection = await _database.OpenAsync();
        return await connection.QuerySingleAsync<string>("SELECT value FROM contract WHERE name = @key", new { key });
    }

    public async Task<IReadOnlyList<string>> OutboxAsync()
    {
        await using DbConnection connection = await _database.OpenAsync();
        IEnumerable<string> bodies = await connection.QueryAsync<string>("SELECT body FROM test_outbox ORDER BY id");
        return [.. bodies.Select(body => JsonSerializer.Deserialize<LampReported>(body)!.Name)]; // written by SendAsync
    }

    public async Task<long> TakeTokenAsync()
    {
        await using IDistributedSynchronizationHandle handle = await _database.Locks.CreateLock("evaluation").AcquireAsync();
        return handle.FencingToken;
    }

    public async Task<(LeaseRow? Said, LeaseRow Stored)> RenewAsync(LeaseRow lease, ArbiterState arbiter, NodeHeartbeat heartbeat)
    {
        await using DbConnection connection = await _database.OpenAsync();
        // Never committed: some thousand combinations would wait for the disk each.
        await using DbTransaction transaction = await connection.BeginTransactionAsync();
        LeaseStore store = new(connection, transaction, _database.Dialect);
        await connection.ExecuteAsync(
            """
            UPDATE quorum_state SET era = @Era, generation = @Generation, is_quorate = @IsQuorate, formed_at = @FormedAt, sequence = @Sequence,
                is_trusted = @IsTrusted WHERE id = 1
            """,
            new
            {
                arbiter.Era,
                arbiter.Generation,
                IsQuorate = arbiter.IsQuorate ? 1 : 0,
                arbiter.FormedAt,
                arbiter.Sequence,
                IsTrusted = arbiter.IsTrusted ? 1 : 0,
            },
            transaction);
        await store.AdmitAsync(lease);
        LeaseRow? said = (await store.RenewAsync([heartbeat])).SingleOrDefault();
        return (said, (await store.ReadCurrentAsync()).Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await (_cable?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<Exception?> RunAsync(Func<IStoreWork, Task> body)
    {
        Action afterCommit = static () => { };
        try
        {
            await _units.Create().RunAsync((work, _) => body(new Work(work, _kill, () => afterCommit = _loseAnswer())), CancellationToken.None);
            afterCommit();
            return null;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            return failure;
        }
    }

    private sealed class Work(UnitOfWork work, Func<DbConnection, Task> kill, Action loseAnswer) : IStoreWork
    {
        public async Task<string> LockAsync(string key) => await work.Connection.QuerySingleAsync<string>(
            $"SELECT value FROM contract WHERE name = @key{work.Dialect.ForUpdate}", new { key }, work.Transaction);

        public Task WriteAsync(string key, string value) =>
            work.Connection.ExecuteAsync("UPDATE contract SET value = @value WHERE name = @key", new { key, value }, work.Transaction);

        public Task SendAsync(string message, string orderingKey) => work.Outbox.PublishAsync(new LampReported { Name = message, Count = 1 }, orderingKey);

        public Task<bool> InboxAsync(Guid messageId) => work.InboxAsync(messageId, "contract");

        public Task RequireTokenAsync(long token) => work.RequireTokenAsync(new Held(token));

        public async Task PauseUntilAsync(Func<bool> isSo)
        {
            long begun = TimeProvider.System.GetTimestamp();
            while (!isSo() && TimeProvider.System.GetElapsedTime(begun) < PauseMax)
            {
                await Task.Yield();
            }
        }

        public Task KillSessionAsync() => kill(work.Connection);

        public void LoseAnswerToCommit() => loseAnswer();
    }

    private sealed class Held(long token) : IDistributedSynchronizationHandle
    {
        public string Name => "evaluation";

        public CancellationToken HandleLostToken => CancellationToken.None;

        public long FencingToken => token;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
