using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Store;

/// <summary>The commands, each with its one answer: a request id is carried out once, however often it arrives.</summary>
internal static class OperationStore
{
    private const string Columns =
        "request_id, operation, service, command, node, incarnation, state, result, is_refused, owner, reasons, requested_at, answered_at";

    /// <summary>Stores a command that is new; one that is known stays as it is. Returns the row as it stands.</summary>
    public static async Task<OperationRow> AddAsync(UnitOfWork uow, OperationRow operation, CancellationToken ct)
    {
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, node, incarnation, state, requested_at)
            VALUES (@RequestId, @Operation, @Service, @Command, @Node, @Incarnation, @State, @RequestedAt)
            ON CONFLICT (request_id) DO NOTHING
            """,
            operation, uow.Transaction, cancellationToken: ct));
        return await uow.Connection.QuerySingleAsync<OperationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_operation WHERE request_id = @RequestId{uow.Dialect.ForUpdate}",
            new { operation.RequestId }, uow.Transaction, cancellationToken: ct));
    }

    /// <summary>A command as it is stored, inside a transaction; null when it is not known.</summary>
    public static Task<OperationRow?> FindAsync(UnitOfWork uow, string requestId, CancellationToken ct) =>
        uow.Connection.QuerySingleOrDefaultAsync<OperationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_operation WHERE request_id = @requestId", new { requestId }, uow.Transaction, cancellationToken: ct));

    /// <summary>False for a new command while so many of its kind (about a service, about a node) wait to be taken.</summary>
    public static async Task<bool> HasRoomAsync(UnitOfWork uow, OperationRow operation, int waitingMax, CancellationToken ct) =>
        await uow.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            SELECT CASE WHEN EXISTS (SELECT 1 FROM scheduler_operation WHERE request_id = @RequestId) THEN 0 ELSE
                (SELECT COUNT(*) FROM (SELECT 1 FROM scheduler_operation
                    WHERE state = 'accepted' AND {(operation.IsForQuorum ? "service = ''" : "service <> ''")} LIMIT {waitingMax}) AS waiting) END
            """,
            operation, uow.Transaction, cancellationToken: ct)) < waitingMax;

    /// <summary>
    /// Commands of the same service that were accepted before this one and not taken yet, oldest first. To be called with the service's row
    /// locked: then nobody else is about to take them.
    /// </summary>
    public static async Task<IReadOnlyList<OperationRow>> BeforeAsync(UnitOfWork uow, OperationRow operation, int limit, CancellationToken ct) =>
        [.. await uow.Connection.QueryAsync<OperationRow>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM scheduler_operation
            WHERE service = @Service AND state = 'accepted' AND requested_at < @RequestedAt ORDER BY requested_at LIMIT {limit}
            """,
            operation, uow.Transaction, cancellationToken: ct))];

    /// <summary>The saga works on it from here on.</summary>
    /// <returns>False when it was answered meanwhile, as one that did not get through: then it must not be carried out.</returns>
    public static async Task<bool> TakeAsync(UnitOfWork uow, string requestId, CancellationToken ct) =>
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE scheduler_operation SET state = 'taken' WHERE request_id = @requestId AND state = 'accepted'",
            new { requestId }, uow.Transaction, cancellationToken: ct)) == 1;

    /// <summary>Stores the one answer; a second one changes nothing.</summary>
    /// <param name="uow">The transaction.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="isOfQuorum">The quorum service's answer to an order of its own: one about a service may have the same id and is none of it.</param>
    /// <param name="now">The instant.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The operation's id; null when it had its answer already or is not known.</returns>
    public static Task<string?> AnswerAsync(
        UnitOfWork uow, Effect.Answer answer, bool isOfQuorum, DateTimeOffset now, CancellationToken ct) =>
        uow.Connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            $"""
            UPDATE scheduler_operation SET state = 'answered', result = @result, is_refused = @isRefused, owner = @owner,
                reasons = @reasons, answered_at = @now
            WHERE request_id = @requestId AND state <> 'answered'{(isOfQuorum ? " AND service = ''" : "")} RETURNING operation
            """,
            new
            {
                requestId = answer.RequestId,
                result = answer.Result.ToString(),
                isRefused = answer.IsRefused ? 1 : 0,
                owner = answer.Owner?.Value,
                reasons = JsonSerializer.Serialize(answer.Reasons, SchedulerJson.Options),
                now = now.ToUnixTimeMilliseconds(),
            },
            uow.Transaction, cancellationToken: ct));

    /// <summary>
    /// Commands that nobody took or answered yet, oldest first, locked; those that another replica looks at are left out. Among them are
    /// all accepted before <paramref name="overdue"/>, and those accepted before <paramref name="before"/> of which no copy waits in the
    /// outbox: while the broker is away, a second one would only make it longer.
    /// </summary>
    public static async Task<IReadOnlyList<OperationRow>> NotTakenAsync(
        UnitOfWork uow, DateTimeOffset before, DateTimeOffset overdue, int limit, CancellationToken ct) =>
        [.. await uow.Connection.QueryAsync<OperationRow>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM scheduler_operation WHERE state = 'accepted' AND requested_at < @before
                AND (requested_at < @overdue OR NOT EXISTS (SELECT 1 FROM scheduler_outbox WHERE is_parked = 0
                    AND ordering_key = CASE WHEN service <> '' THEN service WHEN node IS NULL THEN '{OperationRow.Cluster}' ELSE node END))
            ORDER BY requested_at LIMIT @limit{uow.Dialect.ForUpdateSkipLocked}
            """,
            new { before = before.ToUnixTimeMilliseconds(), overdue = overdue.ToUnixTimeMilliseconds(), limit }, uow.Transaction, cancellationToken: ct))];

    /// <summary>One command; null when it is not known.</summary>
    public static Task<OperationRow?> ReadAsync(DbConnection connection, string requestId, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<OperationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_operation WHERE request_id = @requestId", new { requestId }, cancellationToken: ct));

    /// <summary>The answer in a row; null while there is none.</summary>
    public static CommandAnswered? AnswerIn(OperationRow? row) => row is not { State: OperationRow.Answered, Result: { } result }
        ? null
        : new CommandAnswered
        {
            RequestId = row.RequestId,
            Operation = row.Operation,
            Service = string.IsNullOrEmpty(row.Service) ? null : new ServiceName(row.Service),
            Result = Enum.Parse<ResultCode>(result),
            Code = (int)Enum.Parse<ResultCode>(result),
            IsRefused = row.IsRefused != 0,
            Owner = row.Owner is null ? null : new NodeName(row.Owner),
            Reasons = JsonSerializer.Deserialize<string[]>(row.Reasons ?? "[]", SchedulerJson.Options) ?? [],
        };
}
