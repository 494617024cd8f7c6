using System.Data.Common;
using Dapper;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Parked;

/// <summary>The parked rows of all outboxes of a database. Which there are, its migrations say: the outbox tables are hosting's own.</summary>
internal sealed class ParkedRows(IDatabase database)
{
    /// <summary>The ending of the owner of a service's outbox, as <see cref="QuorateServices.AddQuorateDatabase"/> names it.</summary>
    private const string OwnerEnding = " bus";

    private const string Kind = "outbox";

    /// <summary>True for what <see cref="CountAsync"/> counted, false for a queue of the broker.</summary>
    public static bool IsOutbox(QueueView counted) => counted.Name.EndsWith($" {Kind}", StringComparison.Ordinal);

    public static string PlaceOf(TablePrefix tables) => $"{tables.Value} {Kind}";

    public async Task<IReadOnlyList<TablePrefix>> OutboxesAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        IEnumerable<string> owners = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT DISTINCT owner FROM quorate_migrations ORDER BY owner", cancellationToken: cancellationToken));
        return [.. owners.Where(owner => owner.EndsWith(OwnerEnding, StringComparison.Ordinal)).Select(owner => new TablePrefix(owner[..^OwnerEnding.Length]))];
    }

    public async Task<QueueView> CountAsync(TablePrefix tables, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        (long waiting, long parked) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            $"SELECT COALESCE(SUM(1 - is_parked), 0), COALESCE(SUM(is_parked), 0) FROM {tables.Outbox}", cancellationToken: cancellationToken));
        return new QueueView { Name = PlaceOf(tables), Ready = waiting, Parked = parked };
    }

    public async Task<IReadOnlyList<ParkedMessageView>> LookAsync(TablePrefix tables, int most, int bodyMax, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        return [.. (await ReadAsync(connection, null, tables, most, cancellationToken)).Select(row => View(row, tables, bodyMax))];
    }

    /// <summary>Un-parks, or removes, the rows that are wanted.</summary>
    public async Task<IReadOnlyList<ParkedMessageView>> ActAsync(
        TablePrefix tables, Func<ParkedMessageView, bool> isWanted, bool isReplay, CancellationToken cancellationToken)
    {
        await using DatabaseTransaction work = await database.BeginAsync(cancellationToken);
        List<ParkedMessageView> done = [];
        foreach (ParkedRow row in await ReadAsync(work.Connection, work.Transaction, tables, ParkedBounds.MessagesMax, cancellationToken))
        {
            ParkedMessageView view = View(row, tables, ParkedText.ExcerptMax);
            string statement = isReplay
                ? $"UPDATE {tables.Outbox} SET is_parked = 0, attempts = 0, failure = NULL WHERE id = @Id AND is_parked = 1"
                : $"DELETE FROM {tables.Outbox} WHERE id = @Id AND is_parked = 1";
            if (isWanted(view) && await work.Connection.ExecuteAsync(statement, new { row.Id }, work.Transaction) == 1)
            {
                done.Add(view);
            }
        }
        await work.CommitAsync(cancellationToken);
        return done;
    }

    private static async Task<IEnumerable<ParkedRow>> ReadAsync(
        DbConnection connection, DbTransaction? transaction, TablePrefix tables, int most, CancellationToken cancellationToken) =>
        await connection.QueryAsync<ParkedRow>(new CommandDefinition(
            $"""
            SELECT id, message_id, message_type, ordering_key, body, written_at, failure FROM {tables.Outbox}
            WHERE is_parked = 1 ORDER BY id LIMIT @most
            """,
            new { most }, transaction, cancellationToken: cancellationToken));

    private static ParkedMessageView View(ParkedRow row, TablePrefix tables, int bodyMax) => new()
    {
        Id = ParkedText.IdOf(PlaceOf(tables), row.MessageId.ToString()),
        MessageId = row.MessageId.ToString(),
        Queue = PlaceOf(tables),
        Kind = Kind,
        At = row.WrittenAt,
        Type = MessageTypes.ShortName(row.MessageType),
        Reason = ParkedText.Plain($"for {row.OrderingKey}: {row.Failure}", ParkedText.ReasonMax),
        Number = ParkedText.NumberOf("", row.Failure ?? ""),
        Size = System.Text.Encoding.UTF8.GetByteCount(row.Body),
        Body = ParkedText.Plain(row.Body, bodyMax),
    };

    private sealed class ParkedRow
    {
        public long Id { get; set; }

        public Guid MessageId { get; set; }

        public string MessageType { get; set; } = "";

        public string OrderingKey { get; set; } = "";

        public string Body { get; set; } = "";

        public DateTimeOffset WrittenAt { get; set; }

        public string? Failure { get; set; }
    }
}
