using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Service.Orders;

/// <summary>The orders about nodes and the cluster that were carried out, each with its one answer.</summary>
internal sealed class OrderStore(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>An order that is known by its id, whatever it asked; null for a new one.</summary>
    public async Task<KnownOrder?> FindAsync(string requestId) =>
        await connection.QuerySingleOrDefaultAsync<Record>(
            $"""
            SELECT content, answer FROM quorum_restraint WHERE request_id = @requestId
            UNION ALL
            SELECT CASE is_on WHEN 1 THEN '{OrderContent.MaintenanceOn}' ELSE '{OrderContent.MaintenanceOff}' END, answer
            FROM quorum_maintenance WHERE request_id = @requestId LIMIT 1
            """,
            new { requestId }, transaction) is { } record
            ? new KnownOrder(record.Content, record.Answer is null ? null : JsonSerializer.Deserialize<CommandAnswered>(record.Answer, JsonSerializerOptions.Web))
            : null;

    public Task AddAsync(CommandAnswered answer, string content, DateTimeOffset now) => connection.ExecuteAsync(
        "INSERT INTO quorum_restraint (request_id, asked_at, content, answer) VALUES (@RequestId, @now, @content, @Answer)",
        new { answer.RequestId, now = now.ToUnixTimeMilliseconds(), content, Answer = JsonSerializer.Serialize(answer, JsonSerializerOptions.Web) }, transaction);

    private sealed class Record
    {
        public string? Content { get; set; }

        public string? Answer { get; set; }
    }
}
