using System.Data.Common;
using Microsoft.Extensions.Logging;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Outbox;

/// <summary>Sends the rows of a table whenever there are some, and looks from time to time for those that another replica left.</summary>
/// <param name="table">Its name, for logs.</param>
/// <param name="signal">Raised when this process wrote rows.</param>
/// <param name="batchMax">So many rows leave at once; after as many there may be more.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of batches that failed.</param>
internal sealed class DispatchLoop(string table, WakeSignal signal, int batchMax, TimeProvider time, ILogger logger)
{
    /// <summary>How often rows are looked for that another replica left.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks while another replica dispatches: what was written after it read its batch must not wait for the sweep.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    /// <summary>So many in a row; a holder that takes longer waits for the broker itself, and asking often helps nobody.</summary>
    private const int BusyPausesMax = 20;

    private static readonly TimeSpan Cleaning = TimeSpan.FromMinutes(10);

    /// <summary>Runs until it is told to end.</summary>
    /// <param name="dispatch">Sends one batch; null when another replica has the turn, else how many rows left.</param>
    /// <param name="clean">Forgets what is too old.</param>
    /// <param name="stoppingToken">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task<int?>> dispatch, Func<CancellationToken, Task> clean, CancellationToken stoppingToken)
    {
        long cleaned = time.GetTimestamp();
        int busyPauses = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                int? sent = await dispatch(stoppingToken);
                if (time.GetElapsedTime(cleaned) > Cleaning)
                {
                    cleaned = time.GetTimestamp();
                    await clean(stoppingToken);
                }
                busyPauses = sent is null ? busyPauses + 1 : 0;
                if (sent is null || sent < batchMax)
                {
                    bool looksSoon = busyPauses is > 0 and <= BusyPausesMax;
                    await signal.WaitAsync(looksSoon ? BusyPause : SweepInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException or OperationCanceledException)
            {
                logger.DispatchFailed(table, failure.Message);
                await Task.Delay(SweepInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
