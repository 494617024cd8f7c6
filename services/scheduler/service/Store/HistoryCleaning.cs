using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Events;

namespace Quorate.Scheduler.Service.Store;

/// <summary>Keeps the history of services, of commands, of messages and of events from growing for ever.</summary>
internal sealed class HistoryCleaning(IDatabase database, TimeProvider time, ILogger<HistoryCleaning> logger) : TableCleaning(time)
{
    /// <summary>The transitions kept of each service.</summary>
    public const int TransitionsMax = 10_000;

    /// <summary>How long an answered command is remembered; within it, its request id gets the same answer.</summary>
    public static readonly TimeSpan AnswerRetention = TimeSpan.FromDays(30);

    /// <summary>Rows of one statement, so that nobody waits for a long one. What is left waits for the next cleaning.</summary>
    public const int BatchMax = 5000;

    /// <summary>Cleans once.</summary>
    /// <returns>How many rows were removed.</returns>
    public static async Task<int> CleanAsync(IDatabase database, DateTimeOffset now, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        int removed = await connection.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM scheduler_operation WHERE request_id IN (
                SELECT request_id FROM scheduler_operation WHERE state = 'answered' AND answered_at < @before ORDER BY answered_at LIMIT @BatchMax)
            """,
            new { before = (now - AnswerRetention).ToUnixTimeMilliseconds(), BatchMax }, cancellationToken: ct));
        foreach (string service in await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT service FROM scheduler_history GROUP BY service HAVING COUNT(*) > @TransitionsMax ORDER BY service", new { TransitionsMax }, cancellationToken: ct)))
        {
            removed += await connection.ExecuteAsync(new CommandDefinition(
                """
                DELETE FROM scheduler_history WHERE id IN (
                    SELECT id FROM scheduler_history WHERE service = @service AND id <=
                        (SELECT id FROM scheduler_history WHERE service = @service ORDER BY id DESC LIMIT 1 OFFSET @TransitionsMax)
                    ORDER BY id LIMIT @BatchMax)
                """,
                new { service, TransitionsMax, BatchMax }, cancellationToken: ct));
        }
        foreach (long number in await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT number FROM scheduler_message GROUP BY number HAVING COUNT(*) > @OccurrencesMax ORDER BY number", new { MessageStore.OccurrencesMax }, cancellationToken: ct)))
        {
            removed += await connection.ExecuteAsync(new CommandDefinition(
                """
                DELETE FROM scheduler_message WHERE id IN (
                    SELECT id FROM scheduler_message WHERE number = @number AND id <=
                        (SELECT id FROM scheduler_message WHERE number = @number ORDER BY id DESC LIMIT 1 OFFSET @OccurrencesMax)
                    ORDER BY id LIMIT @BatchMax)
                """,
                new { number, MessageStore.OccurrencesMax, BatchMax }, cancellationToken: ct));
        }
        return removed + await connection.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM scheduler_event WHERE id IN (
                SELECT id FROM scheduler_event WHERE id <= (SELECT id FROM scheduler_event ORDER BY id DESC LIMIT 1 OFFSET @EventsMax) ORDER BY id LIMIT @BatchMax)
            """,
            new { EventStore.EventsMax, BatchMax }, cancellationToken: ct));
    }

    /// <inheritdoc/>
    protected override Task CleanAsync(DateTimeOffset now, CancellationToken cancellationToken) => CleanAsync(database, now, cancellationToken);

    /// <inheritdoc/>
    protected override void TellFailure(string reason) => logger.CleaningFailed(reason);
}
