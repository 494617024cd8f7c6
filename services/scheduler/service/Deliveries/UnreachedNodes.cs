using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Deliveries;

/// <summary>
/// Says which node a message did not get to: #58 and #35 for a move that waits for it, else #14, once for each node and batch. It only tells: the
/// deadline of an order asks again, and so does the node when its queue is there.
/// </summary>
internal sealed class UnreachedNodes(IDatabase database, ConfigurationHolder configuration, MessageRaiser raiser, ILogger<UnreachedNodes> logger)
    : IUndeliveredMessages
{
    public async Task TellAsync(IReadOnlyList<UndeliveredMessage> messages, CancellationToken cancellationToken)
    {
        SortedDictionary<NodeName, int> bytes = [];
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        foreach (UndeliveredMessage message in messages)
        {
            if (NodeOf(message) is not { } node)
            {
                continue;
            }
            if (await MoveOfAsync(connection, message, cancellationToken) is var (number, service))
            {
                await RaiseAsync(number, node, service, [IdOf(node)], cancellationToken);
            }
            else
            {
                bytes[node] = bytes.GetValueOrDefault(node) + Encoding.UTF8.GetByteCount(message.Body);
            }
        }
        foreach ((NodeName node, int unsent) in bytes)
        {
            await RaiseAsync(CatalogueMessage.StateNotSent, node, null, [unsent.ToString(CultureInfo.InvariantCulture), IdOf(node)], cancellationToken);
        }
    }

    /// <summary>The message of a move that waits for this order, and whose; null for everything else.</summary>
    private static async Task<(CatalogueMessage Number, ServiceName Service)?> MoveOfAsync(
        DbConnection connection, UndeliveredMessage message, CancellationToken cancellationToken)
    {
        if (!message.Is<OperateService>())
        {
            return null;
        }
        try
        {
            // Written by us: it is there and whole, or the row failed because it is not.
            OperateService order = JsonSerializer.Deserialize<OperateService>(message.Body)!;
            CatalogueMessage number = UndeliveredOrder.MessageFor((await ServiceStore.ReadAsync(connection, order.Service, cancellationToken))?.Record, order);
            return number == CatalogueMessage.StateNotSent ? null : (number, order.Service);
        }
        catch (Exception failure) when (failure is JsonException or RowUnreadableException)
        {
            return null;
        }
    }

    /// <summary>The node whose queue it was for: the longest name counts, since a name may be the beginning of another. Null for no node's queue.</summary>
    private NodeName? NodeOf(UndeliveredMessage message) => configuration.Current.Nodes
        .Select(static node => node.Name)
        .Where(name => message.Exchange.StartsWith(QueueNames.Executor(name, new Incarnation("")), StringComparison.Ordinal))
        .OrderByDescending(static name => name.Value.Length)
        .Cast<NodeName?>()
        .FirstOrDefault();

    private string IdOf(NodeName node) => (configuration.Current.FindNode(node)?.Id ?? 0).ToString(CultureInfo.InvariantCulture);

    private async Task RaiseAsync(
        CatalogueMessage message, NodeName node, ServiceName? service, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        MessageDefinition definition = MessageCatalogue.Of(message);
        string[] filled = [.. values.Take(definition.Holes.Length)]; // #35 names no node
        logger.Catalogued(message, filled);
        await raiser.TryRaiseAsync(definition.Number, MessageText.Format(definition, filled), "scheduler", service, node, cancellationToken);
    }
}
