using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;

namespace Quorate.Quorum.Service;

/// <summary>Keeps what quorum stores of the past from growing for ever.</summary>
internal sealed class RecordCleaning(IDatabase database, TimeProvider time, ILogger<RecordCleaning> logger) : TableCleaning(time)
{
    /// <summary>
    /// The ended incarnations kept of each node. An ended one that spoke again after it was forgotten would pass for a newcomer (rule S5); after
    /// so many later lives of the same node none does.
    /// </summary>
    public const int EndedMax = 1_000;

    /// <summary>The answered orders about nodes and the cluster that are kept, so that a late copy of one does nothing.</summary>
    public const int RequestsMax = 1_000;

    /// <summary>How long the beat of a replica that is no more is shown: without a name of its own each start makes a new one.</summary>
    public static readonly TimeSpan BeatRetention = TimeSpan.FromDays(7);

    /// <summary>Rows of one statement, so that nobody waits for a long one. What is left waits for the next cleaning.</summary>
    public const int BatchMax = 5_000;

    /// <summary>Cleans once.</summary>
    /// <returns>How many rows were removed.</returns>
    public static async Task<int> CleanAsync(IDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (string statement in Statements)
        {
            await using DbConnection connection = await database.OpenAsync(cancellationToken);
            removed += await connection.ExecuteAsync(new CommandDefinition(
                statement, new { EndedMax, RequestsMax, before = (now - BeatRetention).ToUnixTimeMilliseconds(), BatchMax }, cancellationToken: cancellationToken));
        }

        return removed;
    }

    private static readonly string[] Statements =
    [
        // The current one stays, whatever it is: it decides who may come next.
        """
        DELETE FROM quorum_lease WHERE is_current = 0 AND state IN ('fenced', 'left') AND (node, incarnation) IN (
            SELECT node, incarnation FROM (
                SELECT node, incarnation, ROW_NUMBER() OVER (PARTITION BY node ORDER BY since DESC, incarnation) AS place
                FROM quorum_lease WHERE is_current = 0 AND state IN ('fenced', 'left')) AS ranked
            WHERE place > @EndedMax LIMIT @BatchMax)
        """,
        // Not one whose devices wait to be switched on.
        """
        DELETE FROM quorum_fence WHERE switched_off = '' AND NOT EXISTS (
            SELECT 1 FROM quorum_lease WHERE quorum_lease.node = quorum_fence.node AND quorum_lease.incarnation = quorum_fence.incarnation)
        """,
        """
        DELETE FROM quorum_maintenance WHERE result IS NOT NULL AND request_id IN (
            SELECT request_id FROM (
                SELECT request_id, ROW_NUMBER() OVER (ORDER BY change DESC, asked_at DESC, request_id) AS place
                FROM quorum_maintenance WHERE result IS NOT NULL) AS ranked
            WHERE place > @RequestsMax LIMIT @BatchMax)
        """,
        """
        DELETE FROM quorum_restraint WHERE request_id IN (
            SELECT request_id FROM (
                SELECT request_id, ROW_NUMBER() OVER (ORDER BY asked_at DESC, request_id) AS place FROM quorum_restraint) AS ranked
            WHERE place > @RequestsMax LIMIT @BatchMax)
        """,
        "DELETE FROM quorum_replica_beat WHERE beaten_at < @before",
    ];

    /// <inheritdoc/>
    protected override Task CleanAsync(DateTimeOffset now, CancellationToken cancellationToken) => CleanAsync(database, now, cancellationToken);

    /// <inheritdoc/>
    protected override void TellFailure(string reason) => logger.CleaningFailed(reason);
}
