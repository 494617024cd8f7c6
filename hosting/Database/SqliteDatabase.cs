using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Quorate.Hosting.Locks;

namespace Quorate.Hosting.Database;

/// <summary>
/// SQLite for one process. Writers of the process queue at a gate instead of polling the file, and a lock file keeps a second
/// process out: two arbiters would be none.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    /// <summary>How long a transaction may wait for those before it.</summary>
    private static readonly TimeSpan GateWait = TimeSpan.FromSeconds(10);

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly FileStream _lockFile;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<Guid, Action> _listeners = new();

    internal SqliteDatabase(string path, TimeProvider time)
    {
        DapperConventions.Apply();
        _time = time;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Pooling = true }.ConnectionString;
        _lockFile = Exclude(path);
        Locks = new SqliteLockProvider(this, time);
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Sqlite;

    /// <inheritdoc/>
    public IDistributedLockProvider Locks { get; }

    /// <summary>1: nobody else has the file while this process has it.</summary>
    public long Sessions => 1;

    /// <inheritdoc/>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        SqliteConnection connection = new(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON;");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DatabaseTransaction> BeginAsync(CancellationToken cancellationToken = default)
    {
        if (!await _gate.WaitAsync(GateWait, cancellationToken))
        {
            throw new TimeoutException($"another transaction on the embedded database has not ended within {GateWait.TotalSeconds} s");
        }
        DbConnection? connection = null;
        try
        {
            connection = await OpenAsync(cancellationToken);
            // Serializable is BEGIN IMMEDIATE here: the write lock is taken now, not in the middle.
            DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
            return new DatabaseTransaction(connection, transaction, End);
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
            _gate.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DatabaseTransaction?> TryBeginExclusiveAsync(string name, CancellationToken cancellationToken = default) =>
        // Every transaction here excludes every other, whatever its name.
        await BeginAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task MigrateAsync(string owner, IReadOnlyList<string> migrations, CancellationToken cancellationToken = default)
    {
        await using DatabaseTransaction work = await BeginAsync(cancellationToken);
        await Migrations.RunAsync(work, Dialect, owner, migrations, _time.GetUtcNow());
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Whatever the channel: every transaction of this process rings when it ends.</summary>
    public async Task ListenAsync(string channel, Action rung, CancellationToken cancellationToken = default)
    {
        Guid mine = Guid.NewGuid();
        _listeners[mine] = rung;
        try
        {
            rung();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            _listeners.TryRemove(mine, out _);
        }
    }

    /// <inheritdoc/>
    public IDatabase Reserve(int connectionsMax) => this;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await using SqliteConnection any = new(_connectionString);
        SqliteConnection.ClearPool(any);
        await _lockFile.DisposeAsync();
        _gate.Dispose();
    }

    private void End()
    {
        _gate.Release();
        foreach (Action rung in _listeners.Values)
        {
            rung();
        }
    }

    private static FileStream Exclude(string path)
    {
        string lockPath = $"{path}.lock";
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory);
        }
        try
        {
            // FileShare.None is flock(2): the kernel frees it when the process ends, however it ends.
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new DatabaseInUseException(
                $"{path} is in use by another process ({lockPath} is locked): the embedded database serves one process; "
                + "stop the other one, or use PostgreSQL", failure);
        }
    }
}
