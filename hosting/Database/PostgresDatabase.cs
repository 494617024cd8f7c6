using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;
using Quorate.Hosting.Locks;

namespace Quorate.Hosting.Database;

/// <summary>PostgreSQL through Npgsql. Every bound of a session is set at connect, and the server's durability is checked (rule S14).</summary>
public sealed class PostgresDatabase : IDatabase
{
    /// <summary>How long connecting may take, in seconds.</summary>
    private const int ConnectSeconds = 5;

    /// <summary>How long one statement may run, in milliseconds; the server ends it.</summary>
    private const int StatementMilliseconds = 10_000;

    /// <summary>After this time without a statement the server ends a transaction, so that a frozen process frees its row locks.</summary>
    private const int IdleInTransactionMilliseconds = 15_000;

    /// <summary>Connections of an ordinary pool.</summary>
    private const int ConnectionsMax = 30;

    private readonly string _setting;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _source;
    private long _sessions;

    internal PostgresDatabase(string setting, TimeProvider time, int connectionsMax = ConnectionsMax)
    {
        DapperConventions.Apply();
        _setting = setting;
        _time = time;
        _source = Source(Bounded(setting, connectionsMax));
        Locks = new PostgresLockProvider(this, setting, time);
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.PostgreSql;

    /// <inheritdoc/>
    public IDistributedLockProvider Locks { get; }

    /// <inheritdoc/>
    public long Sessions => Interlocked.Read(ref _sessions);

    /// <inheritdoc/>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default) =>
        await _source.OpenConnectionAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<DatabaseTransaction> BeginAsync(CancellationToken cancellationToken = default)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            return new DatabaseTransaction(connection, transaction, static () => { });
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DatabaseTransaction?> TryBeginExclusiveAsync(string name, CancellationToken cancellationToken = default)
    {
        DatabaseTransaction work = await BeginAsync(cancellationToken);
        bool isMine = false;
        try
        {
            isMine = await work.Connection.ExecuteScalarAsync<bool>(
                "SELECT pg_try_advisory_xact_lock(@key)", new { key = PostgresLockProvider.KeyOf(name) }, work.Transaction);
            return isMine ? work : null;
        }
        finally
        {
            if (!isMine)
            {
                await work.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async Task MigrateAsync(string owner, IReadOnlyList<string> migrations, CancellationToken cancellationToken = default)
    {
        await using DatabaseTransaction work = await BeginAsync(cancellationToken);
        await work.Connection.ExecuteAsync(
            "SELECT pg_advisory_xact_lock(@key)", new { key = PostgresLockProvider.KeyOf("quorate migrations") }, work.Transaction);
        await StayWithTablesAsync(work);
        await Migrations.RunAsync(work, Dialect, owner, migrations, _time.GetUtcNow());
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Tables are made where those are that were made first. By default a user's search path begins with a schema of the user's own name; should one be
    /// made later (a user may well be called as the schema of the views is), all tables would be made a second time in front of those that hold everything.
    /// </summary>
    private static Task StayWithTablesAsync(DatabaseTransaction work) => work.Connection.ExecuteAsync(
        """
        SELECT set_config('search_path', quote_ident(schema.nspname), true)
        FROM pg_class AS log JOIN pg_namespace AS schema ON schema.oid = log.relnamespace
        WHERE log.relname = 'quorate_migrations' AND pg_table_is_visible(log.oid)
        """,
        transaction: work.Transaction);

    /// <inheritdoc/>
    public async Task ListenAsync(string channel, Action rung, CancellationToken cancellationToken = default)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, _) => rung();
        await connection.ExecuteAsync(new CommandDefinition($"LISTEN {channel}", cancellationToken: cancellationToken));
        rung();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IDatabase Reserve(int connectionsMax) => new PostgresDatabase(_setting, _time, connectionsMax);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Bounded(string setting, int connectionsMax) => new NpgsqlConnectionStringBuilder(setting)
    {
        MaxPoolSize = connectionsMax,
        Timeout = ConnectSeconds,
        CommandTimeout = (StatementMilliseconds / 1000) + 2,
        CancellationTimeout = 1000,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 5,
        TcpKeepAliveInterval = 2,
        IncludeErrorDetail = true,
        ApplicationName = "quorate",
        Options = string.Create(CultureInfo.InvariantCulture, $"""
            -c statement_timeout={StatementMilliseconds} -c idle_in_transaction_session_timeout={IdleInTransactionMilliseconds} -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3
            """),
    }.ConnectionString;

    private NpgsqlDataSource Source(string connectionString)
    {
        NpgsqlDataSourceBuilder builder = new(connectionString);
        // Asked of every new session, not once: after a failover it may be another server that answers.
        builder.UsePhysicalConnectionInitializer(
            connection => RequireDurable(connection.QuerySingle<Durability>(Durability.Query)),
            async connection => RequireDurable(await connection.QuerySingleAsync<Durability>(Durability.Query)));
        return builder.Build();
    }

    private void RequireDurable(Durability durability)
    {
        Interlocked.Increment(ref _sessions);
        if (durability is not { Fsync: "on", FullPageWrites: "on" } || durability.SynchronousCommit == "off")
        {
            throw new DatabaseForgetsException(
                $"PostgreSQL may lose committed transactions (fsync={durability.Fsync}, full_page_writes={durability.FullPageWrites}, "
                + $"synchronous_commit={durability.SynchronousCommit}): set all of them to on in postgresql.conf and reload the server");
        }
    }

    private sealed class Durability
    {
        public const string Query = """
            SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
                   current_setting('synchronous_commit') AS synchronous_commit
            """;

        public string Fsync { get; set; } = "";

        public string FullPageWrites { get; set; } = "";

        public string SynchronousCommit { get; set; } = "";
    }
}
