using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Events;

/// <summary>
/// The events of the cluster, in the transaction that made each happen, and in an order that nothing can appear behind: transactions commit in
/// another order than they begin, so a reader goes only as far as all have ended.
/// </summary>
internal static class EventStore
{
    /// <summary>What is rung when one was written.</summary>
    public const string Channel = "quorate_events";

    /// <summary>The events kept; older ones are in history, messages and logs.</summary>
    public const int EventsMax = 100_000;

    /// <summary>The events read at once.</summary>
    public const int PageMax = 1_000;

    private const string Columns = "transaction_id, id, at, kind, service, node, text, document";

    /// <summary>Keeps an event, when the transaction commits.</summary>
    /// <param name="uow">The transaction that makes it happen.</param>
    /// <param name="at">When.</param>
    /// <param name="kind">As <see cref="EventView.Kind"/>.</param>
    /// <param name="service">Which it is about; null for none.</param>
    /// <param name="node">Likewise.</param>
    /// <param name="text">What happened, in a sentence.</param>
    /// <param name="details">The bus message that tells the same.</param>
    /// <param name="ct">Cancels the writing; the transaction then rolls back.</param>
    public static Task AppendAsync(
        UnitOfWork uow, DateTimeOffset at, string kind, ServiceName? service, NodeName? node, string text, object details, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO scheduler_event (at, kind, service, node, text, document) VALUES (@at, @kind, @service, @node, @text, @document);
            {uow.Dialect.Notify}
            """,
            new
            {
                at = at.ToUnixTimeMilliseconds(),
                kind,
                service = service is { } about ? SchedulerJson.Storable(about.Value) : null,
                node = node is { } where ? SchedulerJson.Storable(where.Value) : null,
                text = SchedulerJson.Storable(text),
                document = SchedulerJson.Storable(JsonSerializer.Serialize(details, details.GetType(), JsonSerializerOptions.Web)),
                channel = Channel,
            },
            uow.Transaction, cancellationToken: ct));

    /// <summary>The events behind a position, in order; at most <see cref="PageMax"/>.</summary>
    public static async Task<IReadOnlyList<EventView>> AfterAsync(IDatabase database, EventPosition position, ServiceName? service, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM scheduler_event
            WHERE (transaction_id > @Transaction OR (transaction_id = @Transaction AND id > @Id)) AND {database.Dialect.IsSettled}
                AND (CAST(@service AS TEXT) IS NULL OR service = @service)
            ORDER BY transaction_id, id LIMIT @PageMax
            """,
            new { position.Transaction, position.Id, service = service?.Value, PageMax }, cancellationToken: ct));
        return [.. rows.Select(View)];
    }

    /// <summary>The newest events, oldest first.</summary>
    /// <param name="database">Where.</param>
    /// <param name="last">How many, from 1.</param>
    /// <param name="service">About this one; null for all.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<IReadOnlyList<EventView>> LastAsync(IDatabase database, int last, ServiceName? service, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM scheduler_event WHERE {database.Dialect.IsSettled} AND (CAST(@service AS TEXT) IS NULL OR service = @service)
            ORDER BY transaction_id DESC, id DESC LIMIT @last
            """,
            new { last, service = service?.Value }, cancellationToken: ct));
        return [.. rows.Reverse().Select(View)];
    }

    /// <summary>True while an event is written that an older transaction could still come before.</summary>
    public static async Task<bool> HasUnsettledAsync(IDatabase database, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM scheduler_event WHERE NOT ({database.Dialect.IsSettled}) LIMIT 1) unsettled", cancellationToken: ct)) > 0;
    }

    /// <summary>True for the position of an event that is kept.</summary>
    public static async Task<bool> KnowsAsync(IDatabase database, EventPosition position, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM scheduler_event WHERE transaction_id = @Transaction AND id = @Id", new { position.Transaction, position.Id }, cancellationToken: ct)) > 0;
    }

    private static EventView View(Row row) => new()
    {
        Id = new EventPosition(row.TransactionId, row.Id).ToString(),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
        Kind = row.Kind,
        Service = row.Service is null ? null : new ServiceName(row.Service),
        Node = row.Node is null ? null : new NodeName(row.Node),
        Text = row.Text,
        Details = JsonSerializer.Deserialize<JsonElement>(row.Document),
    };

    private sealed class Row
    {
        public long TransactionId { get; set; }

        public long Id { get; set; }

        public long At { get; set; }

        public string Kind { get; set; } = "";

        public string? Service { get; set; }

        public string? Node { get; set; }

        public string Text { get; set; } = "";

        public string Document { get; set; } = "";
    }
}
