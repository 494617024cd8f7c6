using Npgsql;

namespace Quorate.Tests.Integration.Engines;

/// <summary>PostgreSQL for tests: the one of <c>QUORATE_TEST_POSTGRES</c>, or a private one of Debian's package.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Variable = "QUORATE_TEST_POSTGRES";
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(30);

    private readonly ServerProcess? _process;
    private readonly string? _directory;
    private readonly string _setting;

    private PostgresServer(string setting, ServerProcess? process, string? directory)
    {
        _setting = setting;
        _process = process;
        _directory = directory;
    }

    public static Task<PostgresServer> StartAsync() => StartAsync(isOwn: false);

    /// <param name="isOwn">A private one in any case, for a test of what concerns the whole server.</param>
    public static async Task<PostgresServer> StartAsync(bool isOwn)
    {
        if (!isOwn && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return new PostgresServer(given, null, null);
        }
        string programs = Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().First() + "/bin";
        string directory = Directory.CreateTempSubdirectory("quorate-postgres-").FullName;
        int port = FreePort.Find();
        string user = "";
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await ServerProcess.RunAsync("chown", "postgres", directory);
            user = "setpriv --reuid=postgres --regid=postgres --clear-groups ";
        }
        await ServerProcess.RunAsync(
            "/bin/sh", "-c", $"{user}{programs}/initdb -D {directory}/data -U postgres -A trust -E UTF8 --no-sync --no-instructions");
        ServerProcess process = ServerProcess.Start(
            directory, $"{user}{programs}/postgres -D {directory}/data -p {port} -k {directory} -c listen_addresses=127.0.0.1 -c max_connections=300",
            "kill -INT $server", new Dictionary<string, string>());
        await process.ListensAsync(port, StartWait);
        PostgresServer server = new($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres", process, directory);
        await Eventually.HoldsAsync("PostgreSQL takes statements", server.TakesStatementsAsync, StartWait);
        return server;
    }

    /// <summary>It listens before it does.</summary>
    private async Task<bool> TakesStatementsAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    /// <summary>Makes an empty database of its own and returns how to connect to it.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        string name = $"q{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(_setting) { Database = name }.ConnectionString;
    }

    /// <summary>Runs a statement as the administrator.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(_setting) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null && _directory is not null)
        {
            await _process.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
