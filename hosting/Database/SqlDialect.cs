namespace Quorate.Hosting.Database;

/// <summary>What the two databases spell differently. Everything else is the same text on both.</summary>
/// <param name="Name"><c>postgresql</c> or <c>sqlite</c>.</param>
/// <param name="Identity">Column type and constraint of a growing BIGINT primary key.</param>
/// <param name="ForUpdate">Suffix of a SELECT that locks its rows; empty on SQLite, whose transactions exclude each other.</param>
/// <param name="ForUpdateSkipLocked">The same, leaving out rows that others hold.</param>
public sealed record SqlDialect(string Name, string Identity, string ForUpdate, string ForUpdateSkipLocked)
{
    /// <summary>PostgreSQL 15 and later.</summary>
    public static SqlDialect PostgreSql { get; } =
        new("postgresql", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " FOR UPDATE", " FOR UPDATE SKIP LOCKED");

    /// <summary>SQLite 3.35 and later.</summary>
    public static SqlDialect Sqlite { get; } = new("sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT", "", "");

    /// <summary>True on PostgreSQL.</summary>
    public bool IsPostgreSql => Name == "postgresql";
}
