using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Store;

/// <summary>The history of fencing: one row for each run of a fence agent.</summary>
internal static class FenceAttemptStore
{
    /// <summary>The attempts kept of each node, as the quorum service keeps them.</summary>
    public const int AttemptsMax = 10_000;

    /// <summary>Adds one, and forgets the oldest of a node whose device has been tried for ever.</summary>
    public static Task AddAsync(UnitOfWork work, FenceAttempted attempt, CancellationToken ct) => work.Connection.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO scheduler_fence_attempt (node, at, document) VALUES (@Node, @At, @Document);
        DELETE FROM scheduler_fence_attempt WHERE node = @Node AND id <=
            (SELECT id FROM scheduler_fence_attempt WHERE node = @Node ORDER BY id DESC LIMIT 1 OFFSET @Newest)
        """,
        new
        {
            Node = attempt.Node.Value,
            At = attempt.At.ToUnixTimeMilliseconds(),
            Document = JsonSerializer.Serialize(attempt, JsonSerializerOptions.Web),
            Newest = AttemptsMax,
        },
        work.Transaction,
        cancellationToken: ct));

    /// <summary>The last attempts, oldest first.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="node">Of this node; null for all.</param>
    /// <param name="last">How many, from 1.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<IReadOnlyList<FenceAttempted>> ReadAsync(DbConnection connection, NodeName? node, int last, CancellationToken ct)
    {
        IEnumerable<string> documents = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT document FROM scheduler_fence_attempt WHERE (CAST(@node AS TEXT) IS NULL OR node = @node) ORDER BY id DESC LIMIT @last",
            new { node = node?.Value, last }, cancellationToken: ct));
        // Several replicas store what they hear: the order of the rows is not that of the steps.
        return [.. documents.Reverse().Select(document => JsonSerializer.Deserialize<FenceAttempted>(document, JsonSerializerOptions.Web)).OfType<FenceAttempted>().OrderBy(attempt => attempt.At)];
    }
}
