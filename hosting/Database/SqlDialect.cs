namespace Quorate.Hosting.Database;

/// <summary>What the two databases spell differently. Everything else is the same text on both.</summary>
/// <param name="Name"><c>postgresql</c> or <c>sqlite</c>.</param>
/// <param name="Identity">Column type and constraint of a growing BIGINT primary key.</param>
/// <param name="ForUpdate">Suffix of a SELECT that locks its rows; empty on SQLite, whose transactions exclude each other.</param>
/// <param name="ForUpdateSkipLocked">The same, leaving out rows that others hold.</param>
/// <param name="TransactionId">Type and default of a BIGINT column <c>transaction_id</c> that says which transaction wrote the row.</param>
/// <param name="IsSettled">Condition on such a column: no row of a lower id can still appear. Whoever reads rows in the order of this column misses none.</param>
/// <param name="Notify">Statement that rings <c>IDatabase.ListenAsync(@channel)</c> of every process once the transaction commits; empty where a commit does so by itself.</param>
public sealed record SqlDialect(
    string Name, string Identity, string ForUpdate, string ForUpdateSkipLocked, string TransactionId, string IsSettled, string Notify)
{
    /// <summary>PostgreSQL 15 and later.</summary>
    public static SqlDialect PostgreSql { get; } =
        new("postgresql", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " FOR UPDATE", " FOR UPDATE SKIP LOCKED",
            "BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)",
            "transaction_id < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)",
            "SELECT pg_notify(@channel, '')");

    /// <summary>SQLite 3.35 and later.</summary>
    public static SqlDialect Sqlite { get; } = new("sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT", "", "", "BIGINT NOT NULL DEFAULT 0", "1 = 1", "");

    /// <summary>True on PostgreSQL.</summary>
    public bool IsPostgreSql => Name == "postgresql";
}
