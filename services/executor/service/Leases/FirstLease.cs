namespace Quorate.Executor.Service.Leases;

/// <summary>
/// Lets starts wait for the first lease. When a quorum forms, the scheduler's orders come at once, but the grant comes with the next
/// heartbeat's answer: refusing them would send every service of a starting cluster past the node it belongs to.
/// </summary>
internal sealed class FirstLease
{
    /// <summary>Starts that may wait; more are refused.</summary>
    private const int WaitingMax = 1024;

    /// <summary>How long a start may wait: beyond two heartbeats of the longest usual lease the refusal is the better answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>True while one more may wait.</summary>
    public bool HasRoom => Volatile.Read(ref _waiting) < WaitingMax;

    /// <summary>The lease is there: whoever waits goes on.</summary>
    public void Grant() => _granted.TrySetResult();

    /// <summary>Returns when it is granted, or the patience is over.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _granted.Task.WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException)
        {
            // The caller looks at the lease again and refuses.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
