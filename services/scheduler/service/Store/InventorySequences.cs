using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// The newest inventory seen of each life of each node. An older one, or the same once more, describes what may have changed since:
/// it would restart a service that was started after it was written.
/// </summary>
internal static class InventorySequences
{
    /// <summary>How long an incarnation that is no more is remembered; far above any time a broker may hold a message back.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    /// <summary>Notes an inventory, and locks its incarnation's row, so that two of one node are compared one after the other.</summary>
    /// <returns>False when a newer one, or this one, was seen before: do nothing.</returns>
    public static async Task<bool> OfferAsync(UnitOfWork uow, NodeInventory inventory, DateTimeOffset now, CancellationToken ct)
    {
        var row = new
        {
            node = inventory.Node.Value,
            incarnation = inventory.Incarnation.Value,
            sequence = inventory.Sequence,
            now = now.ToUnixTimeMilliseconds(),
            before = (now - Retention).ToUnixTimeMilliseconds(),
        };
        bool isNewest = await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_inventory (node, incarnation, sequence, seen_at) VALUES (@node, @incarnation, @sequence, @now)
            ON CONFLICT (node, incarnation) DO UPDATE SET sequence = excluded.sequence, seen_at = excluded.seen_at
            WHERE scheduler_inventory.sequence < excluded.sequence
            """,
            row, uow.Transaction, cancellationToken: ct)) == 1;
        if (isNewest)
        {
            await uow.Connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM scheduler_inventory WHERE node = @node AND incarnation <> @incarnation AND seen_at < @before",
                row, uow.Transaction, cancellationToken: ct));
        }
        return isNewest;
    }
}
