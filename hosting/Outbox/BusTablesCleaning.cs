using Dapper;
using Quorate.Hosting.Database;
using Quorate.Hosting.Parked;

namespace Quorate.Hosting.Outbox;

/// <summary>Keeps inbox and outbox from growing for ever, in small transactions, so that nobody waits for a long one.</summary>
internal static class BusTablesCleaning
{
    /// <summary>How long a consumed message is remembered; far above any time a broker may hold a copy back.</summary>
    public static readonly TimeSpan InboxRetention = TimeSpan.FromDays(7);

    /// <summary>How long somebody may wait for an answer; far above any time a command may take.</summary>
    public static readonly TimeSpan ReplyRetention = TimeSpan.FromDays(1);

    /// <summary>Rows of one transaction.</summary>
    public const int BatchMax = 1000;

    /// <summary>Transactions of one cleaning: 100,000 rows in ten minutes are more than any cluster consumes. What is left waits for the next.</summary>
    public const int BatchesMax = 100;

    /// <summary>Forgets consumed messages after a week, after a day who waits for an answer and what could not be answered, and the oldest parked rows beyond <see cref="ParkedBounds.MessagesMax"/>.</summary>
    /// <returns>How many rows were removed.</returns>
    public static async Task<int> CleanAsync(IDatabase database, TablePrefix tables, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int inbox = await RepeatAsync(
            database,
            $"""
            DELETE FROM {tables.Inbox} WHERE (message_id, consumer) IN (
                SELECT message_id, consumer FROM {tables.Inbox} WHERE received_at < @before ORDER BY received_at LIMIT @BatchMax)
            """,
            new { before = now - InboxRetention, BatchMax }, cancellationToken);
        int parked = await RepeatAsync(
            database,
            $"""
            DELETE FROM {tables.Outbox} WHERE id IN (
                SELECT id FROM {tables.Outbox} WHERE is_parked = 1 AND id <=
                    (SELECT id FROM {tables.Outbox} WHERE is_parked = 1 ORDER BY id DESC LIMIT 1 OFFSET @kept)
                ORDER BY id LIMIT @BatchMax)
            """,
            new { kept = ParkedBounds.MessagesMax, BatchMax }, cancellationToken);
        int replies = await RepeatAsync(
            database,
            $"""
            DELETE FROM {tables.Reply} WHERE (request_id, address) IN (
                SELECT request_id, address FROM {tables.Reply} WHERE asked_at < @before ORDER BY asked_at LIMIT @BatchMax)
            """,
            new { before = now - ReplyRetention, BatchMax }, cancellationToken);
        int late = await RepeatAsync(
            database,
            $"""
            DELETE FROM {tables.ReplyOutbox} WHERE id IN (
                SELECT id FROM {tables.ReplyOutbox} WHERE written_at < @before ORDER BY id LIMIT @BatchMax)
            """,
            new { before = now - ReplyRetention, BatchMax }, cancellationToken);
        return inbox + parked + replies + late;
    }

    private static async Task<int> RepeatAsync(IDatabase database, string statement, object values, CancellationToken cancellationToken)
    {
        int removed = 0;
        for (int batch = 0; batch < BatchesMax; batch++)
        {
            await using DatabaseTransaction work = await database.BeginAsync(cancellationToken);
            int rows = await work.Connection.ExecuteAsync(statement, values, work.Transaction);
            await work.CommitAsync(cancellationToken);
            removed += rows;
            if (rows < BatchMax)
            {
                break;
            }
        }
        return removed;
    }
}
