using Dapper;

namespace Quorate.Hosting.Database;

/// <summary>The forward-only migration log, the same on both databases. The caller holds the migration lock.</summary>
internal static class Migrations
{
    private const string Log = """
        CREATE TABLE IF NOT EXISTS quorate_migrations (
            owner TEXT NOT NULL, number INTEGER NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (owner, number))
        """;

    public static async Task RunAsync(
        DatabaseTransaction work, SqlDialect dialect, string owner, IReadOnlyList<string> migrations, DateTimeOffset now)
    {
        await work.Connection.ExecuteAsync(Log, transaction: work.Transaction);
        int done = await work.Connection.ExecuteScalarAsync<int>(
            "SELECT COUNT(*) FROM quorate_migrations WHERE owner = @owner", new { owner }, work.Transaction);
        for (int number = done; number < migrations.Count; number++)
        {
            string statement = migrations[number]
                .Replace("{identity}", dialect.Identity, StringComparison.Ordinal)
                .Replace("{transaction}", dialect.TransactionId, StringComparison.Ordinal);
            await work.Connection.ExecuteAsync(statement, transaction: work.Transaction);
            await work.Connection.ExecuteAsync(
                "INSERT INTO quorate_migrations (owner, number, applied_at) VALUES (@owner, @number, @now)",
                new { owner, number, now }, work.Transaction);
        }
    }
}
