using Microsoft.Data.Sqlite;
using Npgsql;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Sagas;

namespace Quorate.Hosting.Bus;

/// <summary>Which failures mean "somebody else was first, try again"; every other one is a reason to stop.</summary>
internal static class Conflicts
{
    private const int SqliteBusy = 5;

    public static bool IsConflict(Exception failure) => failure switch
    {
        SagaConflictException or StaleLockTokenException => true,
        // A statement that waited too long for a row is cancelled by the server.
        PostgresException postgres => postgres.IsTransient
            || postgres.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.QueryCanceled,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteBusy,
        TimeoutException => true,
        _ => failure.InnerException is { } inner && IsConflict(inner),
    };
}
