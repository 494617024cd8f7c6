using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>The fencing tokens: one row for each lock name, raised and committed whenever the lock is taken.</summary>
internal sealed class LockTokens(IDatabase database, TimeProvider time)
{
    private const string Owner = "locks";

    private static readonly string[] Tables =
        ["CREATE TABLE quorate_lock_tokens (name TEXT PRIMARY KEY, token BIGINT NOT NULL, holder TEXT NOT NULL, taken_at BIGINT NOT NULL)"];

    private static readonly string Holder = $"{Environment.MachineName}:{Environment.ProcessId}";

    private volatile bool _isMigrated;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isMigrated)
        {
            await database.MigrateAsync(Owner, Tables, cancellationToken);
            _isMigrated = true;
        }
    }

    public async Task<long> RaiseAsync(DbConnection connection, DbTransaction? transaction, string name) =>
        await connection.ExecuteScalarAsync<long>(
            """
            INSERT INTO quorate_lock_tokens (name, token, holder, taken_at) VALUES (@name, 1, @holder, @now)
            ON CONFLICT (name) DO UPDATE SET token = quorate_lock_tokens.token + 1, holder = excluded.holder, taken_at = excluded.taken_at
            RETURNING token
            """,
            new { name, holder = Holder, now = time.GetUtcNow() }, transaction);

    /// <summary>The newest token of a lock, its row locked until the transaction ends; null when nobody ever took it.</summary>
    public static Task<long?> NewestAsync(DatabaseTransaction work, SqlDialect dialect, string name) =>
        work.Connection.QuerySingleOrDefaultAsync<long?>(
            $"SELECT token FROM quorate_lock_tokens WHERE name = @name{dialect.ForUpdate}", new { name }, work.Transaction);
}
