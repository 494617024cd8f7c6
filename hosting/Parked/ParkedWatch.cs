using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry;

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
    ILogger<ParkedWatch> logger) : BackgroundService, IDegradation
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly Gauge<long> Gauge =
        Instruments.Meter.CreateGauge<long>("quorate.messages_parked", description: "Messages that wait for an operator, by queue");

    private readonly Dictionary<string, long> _told = [];
    private volatile IReadOnlyList<string> _degradations = [];
    private bool _isFailing;

    /// <inheritdoc/>
    public IReadOnlyList<string> Degradations => _degradations;

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

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            QueuesView view = await parked.CountAsync(await queues(cancellationToken), cancellationToken);
            _degradations = [.. view.Queues.Where(static queue => queue.Parked > 0)
                .Select(static queue => $"{queue.Parked} messages of {queue.Name} are parked: see `quorate queues`")];
            foreach (QueueView queue in view.Queues)
            {
                Gauge.Record(queue.Parked, new KeyValuePair<string, object?>("queue", queue.Name));
                await TellAsync(queue, cancellationToken);
            }
            _isFailing = false;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
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
