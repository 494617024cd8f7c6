using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>
/// Compares what a node says it runs with the rows (rule S13). Only services whose row and inventory may disagree are locked: those
/// the node owns, those held on it (rule S11), and those it runs without owning them. Only the newest counts; that also keeps doubled
/// ones out, so that no inbox row is written for a message that comes every ttl from every node.
/// </summary>
internal sealed class InventoryConsumer(
    UnitOfWork unit, ServiceDecisions decisions, TimeProvider time, ILogger<InventoryConsumer> logger) : IMessageHandler<NodeInventory>
{
    public async Task HandleAsync(NodeInventory message, Delivery delivery, CancellationToken cancellationToken)
    {
        unit.MessageType = nameof(NodeInventory);
        try
        {
            await unit.RunAsync(
                async (work, token) =>
                {
                    if (await InventorySequences.OfferAsync(work, message, time.GetUtcNow(), token))
                    {
                        await CompareAsync(message, work, token);
                    }
                },
                cancellationToken);
        }
        catch (DatabaseForgetsException failure)
        {
            // Dropped, not held: it is said again, and the membership that decisions wait for comes through the same queue.
            logger.InventoryDropped(message.Node, failure.Message);
        }
    }

    private async Task CompareAsync(NodeInventory message, UnitOfWork work, CancellationToken cancellationToken)
    {
        Dictionary<ServiceName, InventoryEntry> entries = message.Services.ToDictionary(entry => entry.Service);
        HashSet<ServiceName> skipped = [];
        IReadOnlyList<StoredService> here = await ServiceStore.OnNodeAsync(work.Connection, work.Transaction, message.Node, Skip, cancellationToken);
        HashSet<ServiceName> concerned = [.. here.Where(service => Disagree(service.Record, entries, message) || MayBeMissed(service.Record, entries, message)).Select(service => service.Record.Name)];
        HashSet<ServiceName> rightful = [.. here.Where(service => IsRecorded(service.Record, message)).Select(service => service.Record.Name)];
        concerned.UnionWith(message.Services.Where(entry => entry.IsRunning && !rightful.Contains(entry.Service)).Select(entry => entry.Service));
        concerned.ExceptWith(skipped);
        if (concerned.Count == 0)
        {
            return;
        }
        foreach (StoredService stored in await ServiceStore.LockAsync(work, concerned, cancellationToken, Skip))
        {
            await decisions.DecideAsync(
                work,
                stored,
                new ServiceEvent.InventoryReported(message.Node, message.Incarnation, entries.GetValueOrDefault(stored.Record.Name), message.Sequence),
                $"inventory of {message.Node}",
                cancellationToken);
        }

        // The node's other services are compared all the same.
        void Skip(RowUnreadableException broken)
        {
            skipped.Add(broken.Service);
            logger.InventorySkips(broken.Service, broken.Message);
        }
    }

    private static bool IsRecorded(ServiceRecord record, NodeInventory inventory) =>
        record.OwnerIncarnation == inventory.Incarnation || IsHeld(record, inventory);

    private static bool IsHeld(ServiceRecord record, NodeInventory inventory) =>
        record.Hold is { } hold && hold.Node == inventory.Node && hold.Incarnation == inventory.Incarnation;

    /// <summary>True when something was ordered of the node and it is not at work on that.</summary>
    private static bool MayBeMissed(ServiceRecord record, Dictionary<ServiceName, InventoryEntry> entries, NodeInventory inventory) =>
        record.Pending is { } pending && pending.Node == inventory.Node && pending.Incarnation == inventory.Incarnation
        && !(entries.GetValueOrDefault(record.Name) is { IsBusy: true } entry && entry.Epoch == record.PendingEpoch);

    private static bool Disagree(ServiceRecord record, Dictionary<ServiceName, InventoryEntry> entries, NodeInventory inventory)
    {
        bool isExpected = record is { State: ServiceState.Started, Pending: null } && record.OwnerIncarnation == inventory.Incarnation;
        if (isExpected && entries.GetValueOrDefault(record.Name) is { IsRunning: true } there && there.Epoch == record.Epoch && there.IsPartial != record.IsPartial)
        {
            return true;
        }
        return (isExpected || IsHeld(record, inventory)) && entries.GetValueOrDefault(record.Name) is not { IsRunning: true };
    }
}
