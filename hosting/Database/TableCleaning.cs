using System.Data.Common;
using Microsoft.Extensions.Hosting;

namespace Quorate.Hosting.Database;

/// <summary>Keeps tables from growing for ever. Every replica may do it; a row is removed once. What failed waits for the next time.</summary>
/// <param name="time">When the next time is.</param>
public abstract class TableCleaning(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Cleans once.</summary>
    protected abstract Task CleanAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Says that the database did not let it.</summary>
    protected abstract void TellFailure(string reason);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await CleanSafelyAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task CleanSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CleanAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            TellFailure(failure.Message);
        }
    }
}
