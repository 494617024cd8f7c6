using Quorate.Contracts;

namespace Quorate.Hosting.Locks;

/// <summary>A held lock that asks every <see cref="LockWait.KeepAlive"/> whether it still is held, and says so once it is not.</summary>
/// <param name="name">The lock's name.</param>
/// <param name="token">The fencing token it was taken with.</param>
/// <param name="time">What the interval is measured by.</param>
internal abstract class WatchedLockHandle(string name, long token, TimeProvider time) : IDistributedSynchronizationHandle
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private Task _watch = Task.CompletedTask;
    private int _isDisposed;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public CancellationToken HandleLostToken { get; private set; }

    /// <inheritdoc/>
    public long FencingToken => token;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        await _released.CancelAsync();
        await _watch;
        await ReleaseAsync();
        _lost.Dispose();
        _released.Dispose();
    }

    /// <summary>Begins to watch; once, by whoever made the handle, before anybody else sees it.</summary>
    public WatchedLockHandle Watched()
    {
        // Taken once: the source is gone after the release, and holders may still ask.
        HandleLostToken = _lost.Token;
        _watch = WatchAsync();
        return this;
    }

    /// <summary>
    /// Asks whether the lock is still ours. Not cancelled by the release, which awaits it: an answer has to come, or to fail, within a bound
    /// of its own.
    /// </summary>
    protected abstract Task<bool> IsHeldAsync();

    /// <summary>Lets the next holder in. Called once, after the last question was answered.</summary>
    protected abstract ValueTask ReleaseAsync();

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(LockWait.KeepAlive, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
            {
                if (!await IsHeldAsync())
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // Released by its holder.
        }
        catch (Exception unanswered) when (unanswered is not InvariantViolation)
        {
            // Whatever kept the answer back: nobody can say any more that the lock is held.
            await _lost.CancelAsync();
        }
    }
}
