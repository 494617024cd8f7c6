using Quorate.Contracts.Views;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Hosting.Parked;

/// <summary>
/// The queues of RabbitMQ as plain AMQP shows them. A look takes messages and puts each back, in order; an action publishes, waits for the
/// broker's word, and acknowledges only then, so whatever ends in between leaves the message where it was, or in both places, where the
/// inbox knows it again. The caller excludes others, since what is held is invisible to them.
/// </summary>
internal sealed class BrokerQueues(QuorateOptions options)
{
    private const int NotFound = 404;

    /// <summary>Returns that the broker was not yet asked about.</summary>
    private const int ReturnsUnderWayMax = 16;

    /// <summary>How often the broker is asked whether it has taken them back.</summary>
    private const int LooksMax = 100;

    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(5);

    /// <summary>The queue of another connection.</summary>
    private const int Locked = 405;

    /// <summary>A queue whose replicas are only just being started.</summary>
    private const int NotReady = 541;

    /// <summary>How long the broker may take for one answer.</summary>
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(5);

    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ConnectionFactory factory = RabbitMqHost.Factory(options);
        factory.ContinuationTimeout = AnswerWait;
        factory.ClientProvidedName = "quorate queues";
        List<AmqpTcpEndpoint> nodes =
        [
            factory.Endpoint,
            .. options.BusNodeList().Select(AmqpTcpEndpoint.Parse).Select(node => new AmqpTcpEndpoint(node.HostName, node.Port, factory.Ssl)),
        ];
        return await factory.CreateConnectionAsync(nodes, cancellationToken);
    }

    /// <summary>How many messages are ready, and how many consume; null when there is no such queue.</summary>
    public async Task<QueueCount?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        // A channel of its own: a refusal ends it.
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            QueueDeclareOk there = await channel.QueueDeclarePassiveAsync(options.BusPrefix + queue, cancellationToken);
            return new QueueCount(there.MessageCount, there.ConsumerCount);
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode is NotFound or NotReady)
        {
            return null;
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == Locked)
        {
            return QueueCount.Private;
        }
    }

    /// <summary>The oldest messages of a place; all of them stay there, in their order.</summary>
    public async Task<IReadOnlyList<ParkedMessageView>> LookAsync(
        IConnection connection, ParkedPlace place, int most, int bodyMax, Func<ParkedMessageView, bool> isWanted, CancellationToken cancellationToken)
    {
        List<ParkedMessageView> seen = [];
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        List<ulong> held = [];
        await foreach (ParkedDelivery delivery in TakeAsync(channel, place, most, cancellationToken))
        {
            held.Add(delivery.Got.DeliveryTag);
            if (delivery.View(bodyMax) is var view && isWanted(view))
            {
                seen.Add(view);
            }
        }
        await PutBackAsync(channel, place, held);
        return seen;
    }

    /// <summary>Replays, or drops, the messages of a place that are wanted; the others stay, in their order.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="place">Where they lie.</param>
    /// <param name="most">How many are looked at: those that were there when it was counted, not those that fail again meanwhile.</param>
    /// <param name="isWanted">Which.</param>
    /// <param name="isReplay">True puts them back into the queue they failed in; false removes them.</param>
    /// <param name="problems">Gets a sentence for each that could not be put back, and stays.</param>
    /// <param name="cancellationToken">Ends it; what was not acknowledged stays.</param>
    public async Task<IReadOnlyList<ParkedMessageView>> ActAsync(
        IConnection connection, ParkedPlace place, int most, Func<ParkedMessageView, bool> isWanted, bool isReplay, List<string> problems,
        CancellationToken cancellationToken)
    {
        List<ParkedMessageView> done = [];
        CreateChannelOptions confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using IChannel channel = await connection.CreateChannelAsync(confirmed, cancellationToken);
        List<ulong> held = [];
        await foreach (ParkedDelivery delivery in TakeAsync(channel, place, most, cancellationToken))
        {
            ParkedMessageView view = delivery.View(ParkedText.ExcerptMax);
            if (!isWanted(view) || (isReplay && await FailureOfAsync(channel, delivery, cancellationToken) is { } failure && Note(problems, failure)))
            {
                held.Add(delivery.Got.DeliveryTag);
                continue;
            }
            await channel.BasicAckAsync(delivery.Got.DeliveryTag, multiple: false, CancellationToken.None);
            done.Add(view);
        }
        await PutBackAsync(channel, place, held);
        return done;
    }

    private static bool Note(List<string> problems, string failure)
    {
        problems.Add(failure);
        return true;
    }

    private async IAsyncEnumerable<ParkedDelivery> TakeAsync(
        IChannel channel, ParkedPlace place, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int taken = 0; taken < most; taken++)
        {
            if (await channel.BasicGetAsync(options.BusPrefix + place.Name, autoAck: false, cancellationToken) is not { } got)
            {
                yield break;
            }
            yield return new ParkedDelivery(got, place);
        }
    }

    /// <summary>Puts a message back into its queue and waits until the broker has it.</summary>
    /// <returns>Why it is not there; null when it is.</returns>
    private async Task<string?> FailureOfAsync(IChannel channel, ParkedDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.IsForeign)
        {
            return $"{delivery.View(bodyMax: 0).Id} stays parked: whoever sent it may not say that; see who it was, and drop it";
        }
        try
        {
            await channel.BasicPublishAsync(
                "", options.BusPrefix + delivery.Place.Queue, mandatory: true, delivery.PropertiesBefore(), delivery.Got.Body, cancellationToken);
            return null;
        }
        catch (PublishException refused)
        {
            string id = delivery.View(bodyMax: 0).Id;
            return refused.IsReturn
                ? $"{id} stays parked: the queue {delivery.Place.Queue} is no more, so there is nowhere to put it back to; drop it"
                : $"{id} stays parked: the broker did not take it into {delivery.Place.Queue}; try again when that queue is shorter";
        }
    }

    /// <summary>Waits, not for ever, until the broker has so many to hand out: then it has taken back what was returned.</summary>
    private static async Task UntilReadyAsync(IChannel channel, string queue, uint wanted)
    {
        for (int look = 0; look < LooksMax && (await channel.QueueDeclarePassiveAsync(queue, CancellationToken.None)).MessageCount < wanted; look++)
        {
            await Task.Delay(LookPause);
        }
    }

    /// <summary>
    /// One by one, and few at a time: the broker keeps the order of single returns, not of many in one, and makes one of what waits when more
    /// than 32 are under way.
    /// </summary>
    private async Task PutBackAsync(IChannel channel, ParkedPlace place, List<ulong> held)
    {
        string name = options.BusPrefix + place.Name;
        uint others = held.Count > ReturnsUnderWayMax ? (await channel.QueueDeclarePassiveAsync(name, CancellationToken.None)).MessageCount : 0;
        for (int returned = 1; returned <= held.Count; returned++)
        {
            await channel.BasicNackAsync(held[returned - 1], multiple: false, requeue: true, CancellationToken.None);
            if (returned % ReturnsUnderWayMax == 0)
            {
                await UntilReadyAsync(channel, name, others + (uint)returned);
            }
        }
        // The broker answers a close after everything before it, so the next look finds what was put back.
        await channel.CloseAsync(CancellationToken.None);
    }
}
