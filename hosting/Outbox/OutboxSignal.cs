namespace Quorate.Hosting.Outbox;

/// <summary>Wakes the dispatcher of this process when a transaction with messages committed. Many signals before it looks are one.</summary>
public sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _pending = new(0, 1);

    /// <summary>There is something to send.</summary>
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
