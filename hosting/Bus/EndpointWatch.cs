using MassTransit;
using Microsoft.Extensions.Logging;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Starts those endpoints anew that do not consume although the broker can be reached. While it cannot, nothing is done: the transport
/// reconnects by itself, at ever longer intervals, and sometimes never.
/// </summary>
internal sealed class EndpointWatch(Func<CancellationToken, Task<bool>> isReachable, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long an endpoint may take to connect by itself once the broker is back.</summary>
    internal static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<WatchedEndpoint> _endpoints = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public void Add(WatchedEndpoint endpoint)
    {
        lock (_lock)
        {
            _endpoints.Add(endpoint);
        }
    }

    public void Remove(WatchedEndpoint endpoint)
    {
        lock (_lock)
        {
            _endpoints.Remove(endpoint);
        }
    }

    public void Start() => _watching = Task.Run(() => WatchAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        WatchedEndpoint[] silent;
        lock (_lock)
        {
            silent = [.. _endpoints.Where(endpoint => endpoint.Silence > SilenceMax)];
        }
        if (silent.Length == 0 || !await IsReachableAsync(cancellationToken))
        {
            return;
        }
        foreach (WatchedEndpoint endpoint in silent)
        {
            if (endpoint.Silence is not { } silence)
            {
                continue; // It came back meanwhile.
            }
            try
            {
                logger.EndpointStartedAnew(endpoint.Queue, silence.TotalSeconds);
                await endpoint.RestartAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Whatever the transport throws: it is tried again after the same silence.
                logger.EndpointNotStarted(endpoint.Queue, failure.Message);
            }
        }
    }

    private async Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await isReachable(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, it must not end the watch: nobody else would start an endpoint anew.
            logger.BrokerNotAsked(failure.Message);
            return false;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await LookAsync(cancellationToken);
        }
    }
}
