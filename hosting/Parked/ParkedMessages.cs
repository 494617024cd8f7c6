using Microsoft.Extensions.Logging;
using Quorate.Contracts.Views;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;

namespace Quorate.Hosting.Parked;

/// <summary>
/// What failed and waits for an operator: in the broker's queues of parked messages, and in the outboxes of the database. One caller at a
/// time over all replicas, by a distributed lock: a message that one holds would be missing from what another sees.
/// </summary>
public sealed class ParkedMessages
{
    private const string LockName = "parked messages";

    /// <summary>How long a caller waits for the one before.</summary>
    private static readonly TimeSpan TurnWait = TimeSpan.FromSeconds(20);

    private readonly IDatabase _database;
    private readonly QuorateOptions _options;
    private readonly BrokerQueues _broker;
    private readonly ParkedRows _rows;
    private readonly ILogger<ParkedMessages> _logger;

    internal ParkedMessages(IDatabase database, QuorateOptions options, ILogger<ParkedMessages> logger)
    {
        _database = database;
        _options = options;
        _broker = new BrokerQueues(options);
        _rows = new ParkedRows(database);
        _logger = logger;
    }

    /// <summary>Numbers only; nothing is taken from any queue.</summary>
    /// <param name="queues">The queues to ask for, without prefix. One that is not there is left out, unless something is parked from it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<QueuesView> CountAsync(IReadOnlyList<string> queues, CancellationToken cancellationToken) => ViewAsync(queues, shown: 0, cancellationToken);

    /// <summary>The numbers, and the oldest parked messages of each place.</summary>
    /// <inheritdoc cref="CountAsync(IReadOnlyList{string}, CancellationToken)"/>
    /// <exception cref="TimeoutException">Another look or action was not over in time.</exception>
    public async Task<QueuesView> ListAsync(IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        await using IDistributedSynchronizationHandle turn = await TurnAsync(cancellationToken);
        return await ViewAsync(queues, ParkedBounds.ShownMax, cancellationToken);
    }

    /// <summary>One parked message with its body; null when there is none of that id.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<ParkedMessageView?> FindAsync(IReadOnlyList<string> queues, string id, CancellationToken cancellationToken)
    {
        await using IDistributedSynchronizationHandle turn = await TurnAsync(cancellationToken);
        IReadOnlyList<ParkedMessageView> rows = await LookAtRowsAsync(ParkedBounds.MessagesMax, ParkedText.BodyMax, cancellationToken);
        return rows.FirstOrDefault(view => view.Id == id) is { } row ? row
            : !IsRabbitMq ? null
            : (await LookAtQueuesAsync(queues, ParkedBounds.MessagesMax, ParkedText.BodyMax, view => view.Id == id, cancellationToken)).FirstOrDefault();
    }

    /// <summary>Puts messages back where they failed, or removes them.</summary>
    /// <param name="queues">The queues whose parked messages are meant, without prefix; outboxes are looked at always.</param>
    /// <param name="isWanted">Which messages.</param>
    /// <param name="isReplay">True to put them back; false to remove them.</param>
    /// <param name="cancellationToken">Ends it; what was not done stays parked.</param>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<ParkedActionView> ActAsync(
        IReadOnlyList<string> queues, Func<ParkedMessageView, bool> isWanted, bool isReplay, CancellationToken cancellationToken)
    {
        await using IDistributedSynchronizationHandle turn = await TurnAsync(cancellationToken);
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, turn.HandleLostToken);
        List<ParkedMessageView> done = [];
        List<string> problems = [];
        foreach (TablePrefix tables in await _rows.OutboxesAsync(held.Token))
        {
            done.AddRange(await _rows.ActAsync(tables, isWanted, isReplay, held.Token));
        }
        if (IsRabbitMq)
        {
            await AskBrokerAsync(
                async connection =>
                {
                    await foreach ((ParkedPlace place, int count) in PlacesAsync(connection, queues, held.Token))
                    {
                        done.AddRange(await _broker.ActAsync(connection, place, count, isWanted, isReplay, problems, held.Token));
                    }
                    return done;
                },
                held.Token);
        }
        foreach (ParkedMessageView view in done)
        {
            _logger.ParkedMessageSettled(view.Id, view.Type, view.Queue, isReplay ? "put back" : "dropped", view.MessageId ?? "none");
        }
        return new ParkedActionView { Done = done, Problems = problems };
    }

    private const string InMemory =
        "the bus is in memory: its queues end with this process and nobody can look at them; a message that fails there is only logged";

    private bool IsRabbitMq => _options.Bus != "memory";

    private ValueTask<IDistributedSynchronizationHandle> TurnAsync(CancellationToken cancellationToken) =>
        _database.Locks.CreateLock($"{_options.BusPrefix}{LockName}").AcquireAsync(TurnWait, cancellationToken);

    /// <summary>What the database knows is shown also while the broker is away.</summary>
    private async Task<QueuesView> ViewAsync(IReadOnlyList<string> queues, int shown, CancellationToken cancellationToken)
    {
        List<QueueView> counts = [];
        foreach (TablePrefix tables in await _rows.OutboxesAsync(cancellationToken))
        {
            counts.Add(await _rows.CountAsync(tables, cancellationToken));
        }
        IReadOnlyList<ParkedMessageView> parked = shown == 0 ? [] : await LookAtRowsAsync(shown, ParkedText.ExcerptMax, cancellationToken);
        string unavailable = IsRabbitMq ? "" : InMemory;
        if (IsRabbitMq)
        {
            try
            {
                counts.AddRange(await AskBrokerAsync(connection => CountAsync(connection, queues, cancellationToken), cancellationToken));
                parked = shown == 0 ? [] : [.. parked, .. await LookAtQueuesAsync(queues, shown, ParkedText.ExcerptMax, static _ => true, cancellationToken)];
            }
            catch (BusUnavailableException failure)
            {
                unavailable = failure.Message;
            }
        }
        return new QueuesView { Unavailable = unavailable, Queues = counts, Parked = parked };
    }

    private async Task<List<QueueView>> CountAsync(IConnection connection, IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        List<QueueView> counts = [];
        foreach (string queue in queues)
        {
            if (await CountAsync(connection, queue, cancellationToken) is { } count)
            {
                counts.Add(count);
            }
        }
        return counts;
    }

    private async Task<QueueView?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        QueueCount? found = await _broker.CountAsync(connection, queue, cancellationToken);
        long parked = 0;
        List<string> full = [];
        foreach (ParkedPlace place in ParkedPlace.Of(queue))
        {
            long count = (await _broker.CountAsync(connection, place.Name, cancellationToken))?.Ready ?? 0;
            parked += count;
            if (count >= ParkedBounds.MessagesMax)
            {
                full.Add($"{place.Name} is full ({ParkedBounds.MessagesMax}): the oldest are dropped");
            }
        }
        string[] note = found is null ? ["the queue is no more"] : found == QueueCount.Private ? ["only its node may count it"] : [];
        return found is null && parked == 0
            ? null
            : new QueueView
            {
                Name = queue,
                Ready = found?.Ready,
                Consumers = found?.Consumers,
                Parked = parked,
                Note = string.Join("; ", note.Concat(full)),
            };
    }

    private async Task<IReadOnlyList<ParkedMessageView>> LookAtRowsAsync(int most, int bodyMax, CancellationToken cancellationToken)
    {
        List<ParkedMessageView> seen = [];
        foreach (TablePrefix tables in await _rows.OutboxesAsync(cancellationToken))
        {
            seen.AddRange(await _rows.LookAsync(tables, most, bodyMax, cancellationToken));
        }
        return seen;
    }

    private Task<List<ParkedMessageView>> LookAtQueuesAsync(
        IReadOnlyList<string> queues, int most, int bodyMax, Func<ParkedMessageView, bool> isWanted, CancellationToken cancellationToken) =>
        AskBrokerAsync(
            async connection =>
            {
                List<ParkedMessageView> seen = [];
                await foreach ((ParkedPlace place, int count) in PlacesAsync(connection, queues, cancellationToken))
                {
                    seen.AddRange(await _broker.LookAsync(connection, place, Math.Min(count, most), bodyMax, isWanted, cancellationToken));
                }
                return seen;
            },
            cancellationToken);

    /// <summary>The places that hold something, and how much.</summary>
    private async IAsyncEnumerable<(ParkedPlace Place, int Count)> PlacesAsync(
        IConnection connection, IReadOnlyList<string> queues, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ParkedPlace place in queues.SelectMany(ParkedPlace.Of))
        {
            if (await _broker.CountAsync(connection, place.Name, cancellationToken) is { Ready: > 0 and var count })
            {
                yield return (place, (int)Math.Min(count, ParkedBounds.MessagesMax));
            }
        }
    }

    private async Task<T> AskBrokerAsync<T>(Func<IConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await using IConnection connection = await _broker.ConnectAsync(cancellationToken);
            return await ask(connection);
        }
        catch (Exception failure) when (RabbitMqHost.IsOutage(failure) || failure is TimeoutException)
        {
            throw new BusUnavailableException($"the broker does not answer: {failure.Message}", failure);
        }
    }
}
