using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// The newest membership heard of, and the one evaluated last: what lies between them is still to be evaluated, whoever crashed
/// meanwhile.
/// </summary>
internal static class MembershipStore
{
    private const int Newest = 1;
    private const int Evaluated = 2;

    /// <summary>Keeps a membership if it is newer than the stored one.</summary>
    /// <returns>True when it was.</returns>
    public static async Task<bool> OfferAsync(UnitOfWork uow, MembershipChanged membership, CancellationToken ct) =>
        await WriteAsync(uow, Newest, membership, ct);

    /// <summary>The newest membership; null before quorum spoke.</summary>
    public static Task<MembershipChanged?> NewestAsync(UnitOfWork uow, CancellationToken ct) => ReadAsync(uow, Newest, "", ct);

    /// <summary>The same, locked until the transaction ends, so that it is still the newest when a plan commits.</summary>
    public static Task<MembershipChanged?> LockNewestAsync(UnitOfWork uow, CancellationToken ct) =>
        ReadAsync(uow, Newest, uow.Dialect.ForUpdate, ct);

    /// <summary>The membership whose evaluation was applied last; null before the first.</summary>
    public static Task<MembershipChanged?> EvaluatedAsync(UnitOfWork uow, CancellationToken ct) => ReadAsync(uow, Evaluated, "", ct);

    /// <summary>Everything up to this membership was evaluated and applied.</summary>
    public static Task MarkEvaluatedAsync(UnitOfWork uow, MembershipChanged membership, CancellationToken ct) =>
        WriteAsync(uow, Evaluated, membership, ct);

    private static async Task<MembershipChanged?> ReadAsync(UnitOfWork uow, int id, string suffix, CancellationToken ct) =>
        await uow.Connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            $"SELECT document FROM scheduler_membership WHERE id = @id{suffix}", new { id }, uow.Transaction, cancellationToken: ct))
            is { } document ? JsonSerializer.Deserialize<MembershipChanged>(document, SchedulerJson.Options) : null;

    private static async Task<bool> WriteAsync(UnitOfWork uow, int id, MembershipChanged membership, CancellationToken ct) =>
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_membership (id, generation, document) VALUES (@id, @generation, @document)
            ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, document = excluded.document
            WHERE scheduler_membership.generation < excluded.generation
            """,
            new { id, generation = membership.Generation, document = JsonSerializer.Serialize(membership, SchedulerJson.Options) },
            uow.Transaction, cancellationToken: ct)) == 1;
}
