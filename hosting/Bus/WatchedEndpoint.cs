using MassTransit;

namespace Quorate.Hosting.Bus;

/// <summary>
/// A receive endpoint that can be started anew. The transport's own loop of reconnecting ends for good when an attempt is cancelled under it
/// (a broker that dies while a channel is being opened), and nothing of the process would ever be heard from again in that queue.
/// </summary>
internal sealed class WatchedEndpoint : IReceiveEndpointObserver, IDisposable
{
    /// <summary>What stopping the old transport may take: it has no connection to close in good order.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(5);

    private readonly Func<WatchedEndpoint, HostReceiveEndpointHandle> _connect;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private HostReceiveEndpointHandle? _handle;
    private long _silentSince;
    private volatile bool _isReady;
    private volatile string? _fault;
    private bool _isStopped;

    /// <param name="queue">Its name with prefix.</param>
    /// <param name="connect">Adds it to the bus; it starts with the bus, or at once when the bus runs.</param>
    /// <param name="time">For how long it has been silent.</param>
    public WatchedEndpoint(string queue, Func<WatchedEndpoint, HostReceiveEndpointHandle> connect, TimeProvider time)
    {
        (Queue, _connect, _time) = (queue, connect, time);
        _silentSince = time.GetTimestamp();
        _handle = connect(this);
    }

    /// <summary>Its queue's name with prefix.</summary>
    public string Queue { get; }

    /// <summary>The present transport's first word: it consumes, or could not.</summary>
    public Task Ready => _handle?.Ready ?? Task.FromException(new ObjectDisposedException(Queue));

    /// <summary>For how long it has not consumed; null while it does.</summary>
    public TimeSpan? Silence => _isReady ? null : _time.GetElapsedTime(Volatile.Read(ref _silentSince));

    /// <summary>What the transport failed of last, in its own words; null while it consumes or has not failed yet.</summary>
    public string? Fault => _fault;

    /// <summary>Ends the transport and begins with a new one; does nothing once it was stopped.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isStopped)
            {
                return;
            }
            // Whether this works or not, the next attempt is a while away.
            Volatile.Write(ref _silentSince, _time.GetTimestamp());
            if (_handle is { } old)
            {
                await StopAsync(old, cancellationToken);
                _handle = null;
            }
            _handle = _connect(this);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _isStopped = true;
            if (_handle is { } handle)
            {
                await handle.StopAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>To be called after <see cref="StopAsync(CancellationToken)"/>.</summary>
    public void Dispose() => _turn.Dispose();

    /// <summary>Ends the transport behind our back, as a cancelled attempt to reconnect does; for tests.</summary>
    internal Task BreakAsync(CancellationToken cancellationToken) => _handle?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        _fault = null;
        _isReady = true;
        return Task.CompletedTask;
    }

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => FallSilentAsync();

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => FallSilentAsync();

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted)
    {
        _fault = faulted.Exception?.Message;
        return FallSilentAsync();
    }

    private Task FallSilentAsync()
    {
        if (_isReady)
        {
            Volatile.Write(ref _silentSince, _time.GetTimestamp());
            _isReady = false;
        }
        return Task.CompletedTask;
    }

    private static async Task StopAsync(HostReceiveEndpointHandle handle, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopWait);
        await handle.StopAsync(patience.Token);
    }
}
