using System.Data.Common;
using System.Net.Sockets;
using Quorate.Hosting.Database;

namespace Quorate.Scheduler.Service.Events;

/// <summary>Rings when an event was written, by whichever replica. A hint: whoever waits for it looks again after a while all the same (rule S13).</summary>
internal sealed class EventBell(IDatabase database, TimeProvider time, ILogger<EventBell> logger) : BackgroundService
{
    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(2);

    private TaskCompletionSource _next = New();

    /// <summary>Ends when it rings next. Take it before you look, so that nothing comes in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await database.ListenAsync(EventStore.Channel, Ring, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or SocketException or IOException or DatabaseForgetsException or OperationCanceledException)
            {
                logger.EventsNotHeard(failure.Message);
                await Task.Delay(ListenAgainAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Ring() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
