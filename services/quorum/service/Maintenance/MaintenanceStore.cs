using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core.Maintenance;

namespace Quorate.Quorum.Service.Maintenance;

/// <summary>The commands that switched maintenance, each with its one answer.</summary>
/// <param name="connection">Open.</param>
/// <param name="transaction">Null where each statement commits by itself.</param>
internal sealed class MaintenanceStore(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>More changes than a database forgets: nodes ignore an order that is older than one they know.</summary>
    private const int ForgottenMax = 1_000;

    /// <summary>Switches, if it is not so already. While the database is not trusted nobody knows how it is, and every order counts as new.</summary>
    public Task SwitchAsync(bool isOn) => connection.ExecuteAsync(
        """
        UPDATE quorum_state SET is_maintenance = @on, maintenance_change = maintenance_change + CASE WHEN is_trusted = 1 THEN 1 ELSE @ForgottenMax END
        WHERE id = 1 AND (is_maintenance <> @on OR is_trusted = 0)
        """,
        new { on = isOn ? 1 : 0, ForgottenMax }, transaction);

    /// <summary>Keeps a request that waits for its answer.</summary>
    public Task AddAsync(MaintenanceRequest request) => connection.ExecuteAsync(
        "INSERT INTO quorum_maintenance (request_id, is_on, change, asked_at) VALUES (@RequestId, @IsOn, @Change, @AskedAt)",
        new { request.RequestId, IsOn = request.IsOn ? 1 : 0, request.Change, request.AskedAt }, transaction);

    /// <summary>The requests that wait for their answers.</summary>
    public async Task<IReadOnlyList<MaintenanceRequest>> ReadOpenAsync() =>
        [.. (await connection.QueryAsync<Record>($"{Select} WHERE result IS NULL ORDER BY change, request_id", transaction: transaction)).Select(record => record.ToRequest())];

    /// <summary>Stores an answer, if there is none yet.</summary>
    public async Task<bool> AnswerAsync(CommandAnswered answer) => await connection.ExecuteAsync(
        "UPDATE quorum_maintenance SET result = @Result, answer = @Answer WHERE request_id = @RequestId AND result IS NULL",
        new { answer.RequestId, Result = answer.Result.ToText(), Answer = JsonSerializer.Serialize(answer, JsonSerializerOptions.Web) }, transaction) == 1;

    private const string Select = "SELECT request_id, is_on, change, asked_at FROM quorum_maintenance";

    private sealed class Record
    {
        public string RequestId { get; set; } = "";

        public long IsOn { get; set; }

        public long Change { get; set; }

        public DateTimeOffset AskedAt { get; set; }

        public MaintenanceRequest ToRequest() => new(RequestId, IsOn != 0, Change, AskedAt);
    }
}
