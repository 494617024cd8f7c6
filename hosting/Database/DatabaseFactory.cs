namespace Quorate.Hosting.Database;

/// <summary>Opens the database that a setting names.</summary>
public static class DatabaseFactory
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>Makes the database of <c>Quorate:Database</c>: <c>sqlite:PATH</c> or a Npgsql connection string. Connects on first use.</summary>
    /// <exception cref="ArgumentException">The text is neither; the message says what is expected.</exception>
    /// <exception cref="DatabaseInUseException">SQLite: another process has the file open.</exception>
    public static IDatabase Create(string setting, TimeProvider? time = null)
    {
        if (setting.StartsWith(SqlitePrefix, StringComparison.Ordinal) && setting.Length > SqlitePrefix.Length)
        {
            return new SqliteDatabase(setting[SqlitePrefix.Length..], time ?? TimeProvider.System);
        }
        return IsPostgreSql(setting)
            ? new PostgresDatabase(setting, time ?? TimeProvider.System)
            : throw new ArgumentException(
                // Not what was given: it may hold a password.
                "Quorate:Database names no database: write sqlite:PATH or a connection string such as Host=db;Database=quorate;Username=quorate",
                nameof(setting));
    }

    private static bool IsPostgreSql(string setting) =>
        setting.Contains("Host=", StringComparison.OrdinalIgnoreCase) || setting.Contains("Server=", StringComparison.OrdinalIgnoreCase);
}
