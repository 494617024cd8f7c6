using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Sagas;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Store;

/// <summary>The rows of the services. The document is the record; the columns beside it serve queries.</summary>
internal static class ServiceStore
{
    private const string Columns = "id, name, version, document, parked, trace";

    /// <summary>Rows locked with one statement.</summary>
    private const int NamesMax = 200;

    /// <summary>The id a service's saga has in every process.</summary>
    public static Guid IdOf(ServiceName name) => DeterministicGuid.From(name.Value);

    /// <summary>Locks one row to the end of the transaction and reads it; null when there is none.</summary>
    public static Task<StoredService?> LockAsync(UnitOfWork uow, Guid id, CancellationToken ct) => LockAsync(uow, id, uow.Dialect.ForUpdate, ct);

    /// <summary>The same, null also while another transaction has the row.</summary>
    public static Task<StoredService?> TryLockAsync(UnitOfWork uow, Guid id, CancellationToken ct) =>
        LockAsync(uow, id, uow.Dialect.ForUpdateSkipLocked, ct);

    /// <summary>Locks rows in name order, so that two appliers never wait for each other in a circle (rule S12).</summary>
    /// <param name="uow">The transaction that keeps them locked.</param>
    /// <param name="names">Those of the rows; one without a row is left out.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="unreadable">Hears of each row that cannot be read, which is left out; without it the first one is thrown.</param>
    public static async Task<IReadOnlyList<StoredService>> LockAsync(
        UnitOfWork uow, IReadOnlyCollection<ServiceName> names, CancellationToken ct, Action<RowUnreadableException>? unreadable = null)
    {
        List<StoredService> locked = [];
        foreach (ServiceName[] some in names.Order().Chunk(NamesMax))
        {
            // Written out: the two databases disagree on how a list is passed as one parameter.
            DynamicParameters parameters = new();
            for (int index = 0; index < some.Length; index++)
            {
                parameters.Add($"n{index}", some[index].Value);
            }
            string list = string.Join(',', some.Select((_, index) => $"@n{index}"));
            locked.AddRange(Readable(
                await uow.Connection.QueryAsync<Row>(new CommandDefinition(
                    $"SELECT {Columns} FROM scheduler_service WHERE name IN ({list}) ORDER BY name{uow.Dialect.ForUpdate}",
                    parameters, uow.Transaction, cancellationToken: ct)),
                unreadable ?? (static broken => throw broken)));
        }
        return locked;
    }

    /// <summary>Every row that can be read, unlocked, in the order of names; <paramref name="unreadable"/> hears of each of the others.</summary>
    public static async Task<IReadOnlyList<StoredService>> ReadAllAsync(
        DbConnection connection, DbTransaction? transaction, Action<RowUnreadableException> unreadable, CancellationToken ct) =>
        Readable(
            await connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Columns} FROM scheduler_service", transaction: transaction, cancellationToken: ct)),
            unreadable);

    private static List<StoredService> Readable(IEnumerable<Row> rows, Action<RowUnreadableException> unreadable)
    {
        List<StoredService> services = [];
        foreach (Row row in rows)
        {
            try
            {
                services.Add(StoredService.From(row)!); // a row is there
            }
            catch (RowUnreadableException broken)
            {
                unreadable(broken);
            }
        }
        // Sorted here: the two databases compare text differently.
        services.Sort(static (left, right) => left.Record.Name.CompareTo(right.Record.Name));
        return services;
    }

    /// <summary>One row, unlocked; null when there is none.</summary>
    public static async Task<StoredService?> ReadAsync(DbConnection connection, ServiceName name, CancellationToken ct) =>
        StoredService.From(await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_service WHERE name = @name", new { name = name.Value }, cancellationToken: ct)));

    /// <summary>The services whose deadline has passed, oldest first; last those whose deadline only a clock that was ahead can have set.</summary>
    public static async Task<IReadOnlyList<ServiceName>> OverdueAsync(
        DbConnection connection, DateTimeOffset now, int limit, CancellationToken ct) =>
        [.. (await connection.QueryAsync<string>(new CommandDefinition(
            """
            SELECT name FROM scheduler_service WHERE (deadline <= @now OR deadline > @beyond) AND parked IS NULL
                AND NOT EXISTS (SELECT 1 FROM scheduler_outbox WHERE is_parked = 0 AND ordering_key = scheduler_service.name)
            ORDER BY deadline LIMIT @limit
            """,
            new { now = now.ToUnixTimeMilliseconds(), beyond = (now + OperationTimeouts.ActionMax).ToUnixTimeMilliseconds(), limit }, cancellationToken: ct))).Select(name => new ServiceName(name))];

    /// <summary>The services that one node owns or may still run (rule S11), unlocked.</summary>
    public static async Task<IReadOnlyList<StoredService>> OnNodeAsync(
        DbConnection connection, DbTransaction? transaction, NodeName node, Action<RowUnreadableException> unreadable, CancellationToken ct) =>
        Readable(
            await connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Columns} FROM scheduler_service WHERE owner = @node OR held_on = @node",
                new { node = node.Value }, transaction, cancellationToken: ct)),
            unreadable);

    /// <summary>Adds the row of a service that was never seen; an existing row stays as it is.</summary>
    public static async Task<bool> AddAsync(UnitOfWork uow, ServiceRecord record, CancellationToken ct) =>
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_service (id, name, state, owner, owner_incarnation, last_owner, epoch, flags, restarts, since, reason,
                deadline, retry_at, awaits_transition, held_on, document, version)
            VALUES (@Id, @Name, @State, @Owner, @OwnerIncarnation, @LastOwner, @Epoch, @Flags, @Restarts, @Since, @Reason,
                @Deadline, @RetryAt, @AwaitsTransition, @HeldOn, @Document, 0)
            ON CONFLICT (id) DO NOTHING
            """,
            Parameters(record, 0), uow.Transaction, cancellationToken: ct)) == 1;

    /// <summary>Writes the next record over the version it was decided from.</summary>
    /// <exception cref="SagaConflictException">Somebody else wrote it meanwhile; nothing was changed.</exception>
    public static async Task UpdateAsync(UnitOfWork uow, StoredService before, ServiceRecord next, CancellationToken ct)
    {
        int rows = await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE scheduler_service SET state = @State, owner = @Owner, owner_incarnation = @OwnerIncarnation, last_owner = @LastOwner,
                epoch = @Epoch, flags = @Flags, restarts = @Restarts, since = @Since, reason = @Reason, deadline = @Deadline,
                retry_at = @RetryAt, awaits_transition = @AwaitsTransition, held_on = @HeldOn, document = @Document, version = version + 1,
                trace = @Trace
            WHERE id = @Id AND version = @Version
            """,
            Parameters(next, before.Version), uow.Transaction, cancellationToken: ct));
        if (rows != 1)
        {
            throw new SagaConflictException($"{next.Name} was written by another process");
        }
    }

    /// <summary>Sets a service aside whose invariant broke: nothing moves it until an operator looks (rule S13).</summary>
    public static Task ParkAsync(UnitOfWork uow, ServiceName name, string why, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE scheduler_service SET parked = @why WHERE name = @name",
            new { name = name.Value, why }, uow.Transaction, cancellationToken: ct));

    /// <summary>Takes a parked service up again, as a new version: what was decided about the parked one is void.</summary>
    public static Task UnparkAsync(UnitOfWork uow, ServiceName name, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE scheduler_service SET parked = NULL, version = version + 1 WHERE name = @name",
            new { name = name.Value }, uow.Transaction, cancellationToken: ct));

    private static async Task<StoredService?> LockAsync(UnitOfWork uow, Guid id, string locking, CancellationToken ct) =>
        StoredService.From(await uow.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_service WHERE id = @id{locking}",
            new { id = Key(id) }, uow.Transaction, cancellationToken: ct)));

    private static string Key(Guid id) => id.ToString("D");

    private static object Parameters(ServiceRecord record, long version) => new
    {
        Id = Key(IdOf(record.Name)),
        Name = record.Name.Value,
        State = SchedulerJson.TextOf(record.State),
        Owner = record.Owner?.Value,
        OwnerIncarnation = record.OwnerIncarnation?.Value,
        LastOwner = record.LastOwner?.Value,
        record.Epoch,
        Flags = string.Join(',', Flags(record)),
        record.Restarts,
        Since = record.Since.ToUnixTimeMilliseconds(),
        Reason = SchedulerJson.Storable(record.Reason),
        Deadline = record.Pending?.Deadline.ToUnixTimeMilliseconds(),
        RetryAt = record.RetryAt?.ToUnixTimeMilliseconds(),
        AwaitsTransition = record.AwaitsTransition ? 1 : 0,
        HeldOn = record.Hold?.Node.Value,
        Document = JsonSerializer.Serialize(record, SchedulerJson.Options),
        Version = version,
        Trace = Traces.Here,
    };

    /// <summary>The flags every interface shows.</summary>
    public static IReadOnlyList<string> Flags(ServiceRecord record)
    {
        List<string> flags = [];
        if (record.IsFrozen)
        {
            flags.Add("frozen");
        }
        if (record.IsPartial)
        {
            flags.Add("partial");
        }
        if (record.Hold is not null)
        {
            flags.Add("held");
        }
        return flags;
    }

    /// <summary>A row as Dapper reads it.</summary>
    internal sealed class Row
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public long Version { get; set; }

        public string Document { get; set; } = "";

        public string? Parked { get; set; }

        public string? Trace { get; set; }
    }
}
