using Microsoft.Data.Sqlite;
using Npgsql;

namespace Quorate.Hosting.Database;

/// <summary>Which failures say that the database as a whole is away, whoever asks and whatever for. They pass by themselves.</summary>
internal static class DatabaseOutage
{
    private const int SqliteReadOnly = 8;
    private const int SqliteInputOutput = 10;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;

    /// <summary>
    /// Classes of SQLSTATE: no connection (08), nobody is let in (28, 3D, 55000), no memory, disk or connections left (53), the server
    /// stops or starts (57P), its system fails it (58), and a standby that was not promoted yet (25006).
    /// </summary>
    private static readonly string[] States =
    [
        "08", "28", "3D", PostgresErrorCodes.ObjectNotInPrerequisiteState, "53", "57P", "58", PostgresErrorCodes.ReadOnlySqlTransaction,
    ];

    /// <summary>True when the statement failed for a reason that is not its own.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        PostgresException postgres => Array.Exists(States, state => postgres.SqlState.StartsWith(state, StringComparison.Ordinal)),
        // Without an answer of the server: no connection, a broken one, or none free in the pool.
        NpgsqlException => true,
        // Reached, but nothing may be stored in it until somebody has put its settings right (rule S14).
        DatabaseForgetsException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteReadOnly or SqliteInputOutput or SqliteFull or SqliteCannotOpen,
        _ => failure.InnerException is { } inner && Is(inner),
    };
}
