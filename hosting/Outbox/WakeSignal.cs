namespace Quorate.Hosting.Outbox;

/// <summary>Wakes the one who waits for it. Many signals before it looks are one.</summary>
public sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _pending = new(0, 1);

    /// <summary>There is something to do.</summary>
    public void Raise()
    {
        try
        {
            _pending.Release();
        }
        catch (SemaphoreFullException)
        {
            // One signal is already waiting to be seen: it covers this one.
        }
    }

    /// <summary>Waits for a signal, at most this long.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _pending.WaitAsync(longest, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _pending.Dispose();
}
