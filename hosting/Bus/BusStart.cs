using Microsoft.Extensions.Logging;

namespace Quorate.Hosting.Bus;

/// <summary>
/// The start of a bus, which takes as long as the broker is away, and is begun anew when it fails: a bus whose start has ended hears and
/// never sends.
/// </summary>
/// <param name="start">
/// Ends when the broker answered, or by the token. That one can always be cancelled: MassTransit gives up after a minute with one that cannot.
/// </param>
/// <param name="time">For the pause between two attempts.</param>
/// <param name="logger">What an attempt failed of.</param>
internal sealed class BusStart(Func<CancellationToken, Task> start, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Between a start that failed and the next.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _starting;

    /// <summary>True once the broker answered.</summary>
    public bool IsDone => Volatile.Read(ref _starting) is { IsCompletedSuccessfully: true };

    /// <summary>Begins, once; the task ends when the broker answered, or cancelled by <see cref="DisposeAsync"/>.</summary>
    public Task RunAsync()
    {
        lock (_lock)
        {
            // On the pool: a broker that is away keeps the transport busy until it is back.
            return _starting ??= Task.Run(() => StartAsync(_stop.Token));
        }
    }

    /// <summary>Gives up a start that has not come to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_starting is { } starting)
        {
            await starting.WaitAsync(StopWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await start(cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, an end would be for good.
                logger.BusNotStarted($"{failure.GetType().Name}: {failure.Message}", Pause.TotalSeconds);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
