using System.Data.Common;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Store;

/// <summary>The numbered messages that were raised anywhere in the cluster, for whoever asks what one means and when it came.</summary>
internal static class MessageStore
{
    /// <summary>The occurrences kept of each number; older ones are in the logs.</summary>
    public const int OccurrencesMax = 1_000;

    public static Task AddAsync(UnitOfWork work, MessageRaised message, CancellationToken ct) => work.Connection.ExecuteAsync(new CommandDefinition(
        "INSERT INTO scheduler_message (number, at, component, service, node, text) VALUES (@Number, @At, @Component, @Service, @Node, @Text)",
        new
        {
            message.Number,
            At = message.At.ToUnixTimeMilliseconds(),
            Component = SchedulerJson.Storable(message.Component ?? ""),
            Service = message.Service?.Value is { } service ? SchedulerJson.Storable(service) : null,
            Node = message.Node?.Value is { } node ? SchedulerJson.Storable(node) : null,
            Text = SchedulerJson.Storable(message.Text ?? ""),
        },
        work.Transaction,
        cancellationToken: ct));

    /// <summary>The last occurrences, oldest first.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="number">Of this number; null for all.</param>
    /// <param name="service">About this service; null for all.</param>
    /// <param name="last">How many, from 1.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<IReadOnlyList<MessageView>> ReadAsync(DbConnection connection, int? number, ServiceName? service, int last, CancellationToken ct)
    {
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id, number, at, component, service, node, text FROM scheduler_message
            WHERE (CAST(@number AS INTEGER) IS NULL OR number = @number) AND (CAST(@service AS TEXT) IS NULL OR service = @service)
            ORDER BY id DESC LIMIT @last
            """,
            new { number, service = service?.Value, last }, cancellationToken: ct));
        return [.. rows.Reverse().Select(row => new MessageView
        {
            Id = row.Id,
            Number = (int)row.Number,
            Text = row.Text,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            Component = row.Component,
            Service = row.Service is null ? null : new ServiceName(row.Service),
            Node = row.Node is null ? null : new NodeName(row.Node),
        })];
    }

    private sealed class Row
    {
        public long Id { get; set; }

        public long Number { get; set; }

        public long At { get; set; }

        public string Component { get; set; } = "";

        public string? Service { get; set; }

        public string? Node { get; set; }

        public string Text { get; set; } = "";
    }
}
