using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service.Restraints;

/// <summary>The lock of the cluster and the nodes out of use, and the orders that made it so, each with its one answer.</summary>
internal sealed class RestraintStore(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>Stores what <see cref="ArbiterState"/> says about both.</summary>
    public Task KeepAsync(ArbiterState state) => connection.ExecuteAsync(
        "UPDATE quorum_state SET is_locked = @IsLocked, drained = @Drained WHERE id = 1",
        new { IsLocked = state.IsLocked ? 1 : 0, Drained = StateRecord.TextOf(state.Drained) }, transaction);

    /// <summary>The answer of an order that was carried out before; null for a new one.</summary>
    public async Task<CommandAnswered?> AnswerOfAsync(string requestId) =>
        await connection.QuerySingleOrDefaultAsync<string?>(
            "SELECT answer FROM quorum_restraint WHERE request_id = @requestId", new { requestId }, transaction) is { } answer
            ? JsonSerializer.Deserialize<CommandAnswered>(answer, JsonSerializerOptions.Web)
            : null;

    public Task AnswerAsync(CommandAnswered answer, DateTimeOffset now) => connection.ExecuteAsync(
        "INSERT INTO quorum_restraint (request_id, asked_at, answer) VALUES (@RequestId, @now, @Answer)",
        new { answer.RequestId, now = now.ToUnixTimeMilliseconds(), Answer = JsonSerializer.Serialize(answer, JsonSerializerOptions.Web) }, transaction);
}
