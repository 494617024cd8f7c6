using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Hosting.Parked;

/// <summary>
/// Counts what is parked, so that nothing lies there unseen: a growing number is raised (#1520, #1521 when the room is used up), any number
/// makes the process say that it is degraded, and the meter has it. It only counts; no message is touched.
/// </summary>
/// <param name="parked">What is counted.</param>
/// <param name="queues">The queues to ask for at this moment.</param>
/// <param name="raiser">Makes the messages known.</param>
/// <param name="component">Who raises them.</param>
/// <param name="time">What the interval is measured by.</param>
/// <param name="logger">Where they are logged.</param>
public sealed class ParkedWatch(
    ParkedMessages parked, Func<CancellationToken, Task<IReadOnlyList<string>>> queues, MessageRaiser raiser, string component, TimeProvider time,
    ILogger<ParkedWatch> logger) : BackgroundService, IDegradation, IGaugeSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>What the queues of nodes begin with; the last part of such a name is one life of the node.</summary>
    private const string OfNodes = "executor.";

    private readonly Dictionary<string, long> _told = [];
    private volatile IReadOnlyList<string> _degradations = [];
    private volatile IReadOnlyList<QueueView> _counts = [];
    private bool _isFailing;

    /// <inheritdoc/>
    public IReadOnlyList<string> Degradations => _degradations;

    /// <inheritdoc/>
    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.QueueDepth, MetricCatalogue.MessagesParked];

    /// <summary>What the last look counted: a scrape asks the broker nothing.</summary>
    public Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken)
    {
        ILookup<string, QueueView> counts = _counts.ToLookup(static queue => LabelOf(queue.Name));
        return Task.FromResult<IReadOnlyList<GaugeValue>>(
        [
            .. counts.Where(static queue => queue.Any(static count => count.Ready is not null && !ParkedRows.IsOutbox(count)))
                .Select(static queue => new GaugeValue(MetricCatalogue.QueueDepth, queue.Sum(static count => count.Ready ?? 0), queue.Key)),
            .. counts.Select(static queue => new GaugeValue(MetricCatalogue.MessagesParked, queue.Sum(static count => count.Parked), queue.Key)),
        ]);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>The queue of a node without its life: each start of a node would be a new series for ever.</summary>
    private static string LabelOf(string queue) =>
        queue.StartsWith(OfNodes, StringComparison.Ordinal) && queue.LastIndexOf('.') is var end && end >= OfNodes.Length ? queue[..end] : queue;

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            QueuesView view = await parked.CountAsync(await queues(cancellationToken), cancellationToken);
            _degradations = [.. view.Queues.Where(static queue => queue.Parked > 0)
                .Select(static queue => $"{queue.Parked} messages of {queue.Name} are parked: see `quorate queues`")];
            _counts = view.Queues;
            foreach (QueueView queue in view.Queues)
            {
                await TellAsync(queue, cancellationToken);
            }
            _isFailing = false;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            _counts = [];
            // Once: that the database is away is said by others, and at every tick.
            if (!_isFailing)
            {
                logger.ParkedNotCounted(failure.Message);
            }
            _isFailing = true;
        }
    }

    private async Task TellAsync(QueueView queue, CancellationToken cancellationToken)
    {
        long before = _told.GetValueOrDefault(queue.Name);
        _told[queue.Name] = queue.Parked;
        if (queue.Parked > before)
        {
            logger.MessagesParked(queue.Name, queue.Parked);
            await raiser.TryRaiseAsync(
                (int)CatalogueMessage.MessagesParked, MessageText.Format(CatalogueMessage.MessagesParked, queue.Name, queue.Parked.ToString(CultureInfo.InvariantCulture)),
                component, cancellationToken: cancellationToken);
        }
        if (queue.Parked >= ParkedBounds.MessagesMax && before < ParkedBounds.MessagesMax)
        {
            logger.ParkedMessagesDropped(queue.Name);
            await raiser.TryRaiseAsync(
                (int)CatalogueMessage.ParkedMessagesDropped, MessageText.Format(CatalogueMessage.ParkedMessagesDropped, queue.Name), component,
                cancellationToken: cancellationToken);
        }
    }
}
