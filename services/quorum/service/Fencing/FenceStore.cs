using System.Data.Common;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>The statements of fencing. None of them decides; each says under which condition it changes something (rule S6).</summary>
/// <param name="connection">Open.</param>
/// <param name="transaction">Null where each statement commits by itself.</param>
internal sealed class FenceStore(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>The attempts kept of each node: more than a day of a device that does not answer.</summary>
    public const int AttemptsMax = 10_000;

    /// <summary>An incarnation that may still run something; only such a one is fenced.</summary>
    private const string HasNotEnded =
        """
        EXISTS (SELECT 1 FROM quorum_lease WHERE quorum_lease.node = quorum_fence.node
            AND quorum_lease.incarnation = quorum_fence.incarnation AND quorum_lease.state IN ('live', 'lost'))
        """;

    /// <summary>No later life of the node is lost or being fenced: what comes on then could hide a device that never went off.</summary>
    private const string IsNotFencedAgain =
        """
        NOT EXISTS (SELECT 1 FROM quorum_lease WHERE quorum_lease.node = quorum_fence.node AND quorum_lease.state = 'lost')
        AND NOT EXISTS (SELECT 1 FROM quorum_fence AS other JOIN quorum_lease ON quorum_lease.node = other.node
            AND quorum_lease.incarnation = other.incarnation AND quorum_lease.state IN ('live', 'lost')
            WHERE other.node = quorum_fence.node AND other.state <> 'done')
        """;

    private const string IsMine = "node = @Node AND incarnation = @Incarnation AND state = 'running' AND claim = @Claim";

    /// <summary>The fencings that are not done: of incarnations that have not ended, or with devices that wait to be switched on.</summary>
    public async Task<IReadOnlyList<FenceRow>> ReadOpenAsync() =>
        [.. (await connection.QueryAsync<FenceRecord>(
            $"SELECT {FenceRecord.Columns} FROM quorum_fence WHERE state <> 'done' AND (switched_off <> '' OR {HasNotEnded}) ORDER BY node, incarnation", transaction: transaction))
            .Select(record => record.ToRow())];

    /// <summary>Takes a fencing for this replica, if it still is as it was seen.</summary>
    /// <returns>The row as it is now; null when somebody was faster.</returns>
    public async Task<FenceRow?> ClaimAsync(FencingClaim claim, string replica, TimeSpan patience)
    {
        FenceRow row = new()
        {
            Node = claim.Node,
            Incarnation = claim.Incarnation,
            State = FenceState.Running,
            Claim = (claim.Seen?.Claim ?? 0) + 1,
            Step = (claim.Seen?.Step ?? 0) + 1,
            Round = claim.Round,
            Patience = patience,
            Replica = replica,
            Reason = claim.Reason,
            SwitchedOff = claim.Seen?.SwitchedOff ?? [],
        };
        string statement = claim.Seen is null
            ? """
                INSERT INTO quorum_fence (node, incarnation, state, claim, step, round, patience_milliseconds, replica, reason)
                VALUES (@Node, @Incarnation, 'running', @Claim, @Step, @Round, @Patience, @Replica, @Reason)
                ON CONFLICT (node, incarnation) DO NOTHING
                """
            : """
                UPDATE quorum_fence SET state = 'running', claim = @Claim, step = @Step, round = @Round, patience_milliseconds = @Patience,
                    replica = @Replica
                WHERE node = @Node AND incarnation = @Incarnation AND state = @SeenState AND claim = @SeenClaim AND step = @SeenStep
                """;
        int changed = await connection.ExecuteAsync(statement, new
        {
            Node = row.Node.Value,
            Incarnation = row.Incarnation.Value,
            row.Claim,
            row.Step,
            row.Round,
            Patience = (long)patience.TotalMilliseconds,
            row.Replica,
            row.Reason,
            SeenState = claim.Seen?.State.ToText(),
            SeenClaim = claim.Seen?.Claim,
            SeenStep = claim.Seen?.Step,
        }, transaction);
        return changed == 1 || await IsClaimedAsync(row) ? row : null;
    }

    /// <summary>True when an earlier try of this very claim was committed and could not say so.</summary>
    private async Task<bool> IsClaimedAsync(FenceRow row) => await connection.ExecuteScalarAsync<long>(
        $"SELECT COUNT(*) FROM quorum_fence WHERE {IsMine} AND replica = @Replica AND step = @Step",
        new { Node = row.Node.Value, Incarnation = row.Incarnation.Value, row.Claim, row.Replica, row.Step }, transaction) == 1;

    /// <summary>
    /// Rule S6, right before an agent runs: the claim still is this replica's, and, where the node is to be cut off, the incarnation has
    /// not ended and the cluster is quorate; where it is to be switched on, no later life of it is being fenced.
    /// </summary>
    /// <param name="row">As claimed; its <see cref="FenceRow.SwitchedOff"/> is stored.</param>
    /// <param name="action">What the agent will be told; null where none runs and only the claim counts.</param>
    public async Task<bool> StepAsync(FenceRow row, FenceAction? action)
    {
        string condition = action switch
        {
            null => IsMine,
            FenceAction.On => $"{IsMine} AND {IsNotFencedAgain}",
            _ => $"{IsMine} AND {HasNotEnded} AND EXISTS (SELECT 1 FROM quorum_state WHERE is_quorate = 1 AND is_trusted = 1)",
        };
        return await connection.ExecuteAsync(
            $"UPDATE quorum_fence SET step = step + 1, switched_off = @SwitchedOff WHERE {condition}",
            new { Node = row.Node.Value, Incarnation = row.Incarnation.Value, row.Claim, SwitchedOff = FenceRecord.TextOf(row.SwitchedOff) },
            transaction) == 1;
    }

    /// <summary>True when the claim is this replica's and the incarnation has ended meanwhile, by whatever.</summary>
    public async Task<bool> HasEndedAsync(FenceRow row) => await connection.ExecuteScalarAsync<long>(
        $"SELECT COUNT(*) FROM quorum_fence WHERE {IsMine} AND NOT {HasNotEnded}",
        new { Node = row.Node.Value, Incarnation = row.Incarnation.Value, row.Claim }, transaction) == 1;

    /// <summary>The next round of the same claim.</summary>
    public async Task<bool> NextRoundAsync(FenceRow row, int round) => await connection.ExecuteAsync(
        $"UPDATE quorum_fence SET round = @round, step = step + 1 WHERE {IsMine}",
        new { Node = row.Node.Value, Incarnation = row.Incarnation.Value, row.Claim, round }, transaction) == 1;

    /// <summary>Ends this replica's work on it.</summary>
    /// <param name="row">As claimed.</param>
    /// <param name="state"><see cref="FenceState.Done"/> or <see cref="FenceState.Failed"/>.</param>
    public async Task<bool> EndAsync(FenceRow row, FenceState state) => await connection.ExecuteAsync(
        $"UPDATE quorum_fence SET state = @State, step = step + 1 WHERE {IsMine}",
        new { Node = row.Node.Value, Incarnation = row.Incarnation.Value, row.Claim, State = state.ToText() }, transaction) == 1;

    /// <summary>Somebody wants it fenced. One that is under way goes on as it is.</summary>
    public Task RequestAsync(NodeName node, Incarnation incarnation, string reason) => connection.ExecuteAsync(
        """
        INSERT INTO quorum_fence (node, incarnation, state, claim, step, round, patience_milliseconds, replica, reason)
        VALUES (@Node, @Incarnation, 'wanted', 0, 0, 0, 0, '', @reason)
        ON CONFLICT (node, incarnation) DO UPDATE SET state = 'wanted', step = quorum_fence.step + 1, reason = @reason
            WHERE quorum_fence.state = 'failed'
        """,
        new { Node = node.Value, Incarnation = incarnation.Value, reason }, transaction);

    /// <summary>What the same device answered last when it was told the same for the same incarnation; null when it was not.</summary>
    public async Task<(FenceOutcome Outcome, string Detail)?> FindLastAsync(FenceAttempted attempt, int position) =>
        await connection.QueryFirstOrDefaultAsync<(string Outcome, string Detail)?>(
            """
            SELECT outcome, detail FROM quorum_fence_attempt WHERE node = @Node AND incarnation = @Incarnation AND method = @Method
                AND device = @Device AND position = @position AND action = @Action ORDER BY at DESC LIMIT 1
            """,
            new { Node = attempt.Node.Value, Incarnation = attempt.Incarnation.Value, attempt.Method, attempt.Device, position, attempt.Action },
            transaction) is { } last
            ? (Enum.Parse<FenceOutcome>(last.Outcome, ignoreCase: true), last.Detail)
            : null;

    /// <summary>Keeps what one run of an agent came to, and of each node only the last ones: a device that is broken is tried every minute for ever.</summary>
    /// <param name="attempt">What came of it.</param>
    /// <param name="position">Which of the method's devices, from 0.</param>
    public Task RecordAsync(FenceAttempted attempt, int position) => connection.ExecuteAsync(
        """
        DELETE FROM quorum_fence_attempt WHERE node = @Node AND at <
            (SELECT at FROM quorum_fence_attempt WHERE node = @Node ORDER BY at DESC LIMIT 1 OFFSET @Older);
        INSERT INTO quorum_fence_attempt (node, incarnation, round, method, device, agent, action, outcome, detail, at, duration_milliseconds, replica, position)
        VALUES (@Node, @Incarnation, @Round, @Method, @Device, @Agent, @Action, @Outcome, @Detail, @At, @DurationMilliseconds, @Replica, @position)
        """,
        new
        {
            Node = attempt.Node.Value,
            Incarnation = attempt.Incarnation.Value,
            attempt.Round,
            attempt.Method,
            attempt.Device,
            attempt.Agent,
            attempt.Action,
            attempt.Outcome,
            attempt.Detail,
            attempt.At,
            attempt.DurationMilliseconds,
            attempt.Replica,
            position,
            Older = AttemptsMax - 2,
        },
        transaction);
}
