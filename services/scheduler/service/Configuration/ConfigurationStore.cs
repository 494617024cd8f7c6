using Dapper;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>Every version of <c>cluster.conf</c> that was ever in force; the newest one is. None is ever removed: what runs may run by it.</summary>
internal static class ConfigurationStore
{
    private const string Columns = "digest, version, text, stored_at, request_id";
    private const string NewestFirst = "ORDER BY version DESC, stored_at DESC";

    /// <summary>The one in force; null before the first.</summary>
    public static Task<StoredConfiguration?> NewestAsync(UnitOfWork uow, CancellationToken ct) =>
        uow.Connection.QueryFirstOrDefaultAsync<StoredConfiguration>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_configuration {NewestFirst} LIMIT 1", transaction: uow.Transaction, cancellationToken: ct));

    /// <summary>The digest of the one in force; null before the first.</summary>
    public static Task<string?> NewestDigestAsync(UnitOfWork uow, CancellationToken ct) =>
        uow.Connection.QueryFirstOrDefaultAsync<string>(new CommandDefinition(
            $"SELECT digest FROM scheduler_configuration {NewestFirst} LIMIT 1", transaction: uow.Transaction, cancellationToken: ct));

    /// <summary>One version by its digest; null when there is none such.</summary>
    public static Task<StoredConfiguration?> FindAsync(UnitOfWork uow, string digest, CancellationToken ct) =>
        uow.Connection.QueryFirstOrDefaultAsync<StoredConfiguration>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_configuration WHERE digest = @digest", new { digest }, uow.Transaction, cancellationToken: ct));

    /// <summary>One version by its number; null when there is none such.</summary>
    public static Task<StoredConfiguration?> FindAsync(UnitOfWork uow, int version, CancellationToken ct) =>
        uow.Connection.QueryFirstOrDefaultAsync<StoredConfiguration>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_configuration WHERE version = @version {NewestFirst}", new { version }, uow.Transaction, cancellationToken: ct));

    /// <summary>The last versions without their texts, newest first.</summary>
    public static async Task<IReadOnlyList<StoredConfiguration>> HistoryAsync(UnitOfWork uow, int last, CancellationToken ct) =>
        [.. await uow.Connection.QueryAsync<StoredConfiguration>(new CommandDefinition(
            $"SELECT digest, version, '' AS text, stored_at, request_id FROM scheduler_configuration {NewestFirst} LIMIT @last",
            new { last }, uow.Transaction, cancellationToken: ct))];

    /// <summary>Keeps one version; one of the same text stays as it is.</summary>
    public static Task AddAsync(UnitOfWork uow, StoredConfiguration configuration, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_configuration (digest, version, text, stored_at, request_id, outline)
            VALUES (@Digest, @Version, @Text, @StoredAt, @RequestId, @Outline)
            ON CONFLICT (digest) DO NOTHING
            """,
            configuration, uow.Transaction, cancellationToken: ct));

    /// <summary>Writes the outline of one that was stored by a version of this program that wrote none.</summary>
    public static Task OutlineAsync(UnitOfWork uow, string digest, string outline, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE scheduler_configuration SET outline = @outline WHERE digest = @digest AND outline IS NULL",
            new { digest, outline }, uow.Transaction, cancellationToken: ct));

    /// <summary>Waits for whoever puts a configuration into force, and keeps others waiting until this transaction ends.</summary>
    public static Task TakeTurnAsync(UnitOfWork uow, CancellationToken ct) =>
        uow.Connection.ExecuteScalarAsync(new CommandDefinition(
            $"SELECT id FROM scheduler_configuration_turn WHERE id = 1{uow.Dialect.ForUpdate}", transaction: uow.Transaction, cancellationToken: ct));

    /// <summary>The digest of the configuration under which everything was evaluated last; null before the first.</summary>
    public static Task<string?> EvaluatedAsync(UnitOfWork uow, CancellationToken ct) =>
        uow.Connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT evaluated FROM scheduler_configuration_turn WHERE id = 1", transaction: uow.Transaction, cancellationToken: ct));

    /// <summary>Everything was evaluated under this one.</summary>
    public static Task MarkEvaluatedAsync(UnitOfWork uow, string digest, CancellationToken ct) =>
        uow.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE scheduler_configuration_turn SET evaluated = @digest WHERE id = 1", new { digest }, uow.Transaction, cancellationToken: ct));
}
