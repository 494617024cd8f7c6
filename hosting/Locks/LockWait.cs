namespace Quorate.Hosting.Locks;

/// <summary>The bounds all locks share.</summary>
internal static class LockWait
{
    /// <summary>How long <see cref="IDistributedLock.AcquireAsync"/> waits unless told otherwise.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>How often a holder asks whether it still holds.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromMilliseconds(500);

    public static async ValueTask<IDistributedSynchronizationHandle> OrThrowAsync(
        IDistributedLock @lock, TimeSpan? timeout, CancellationToken cancellationToken) =>
        await @lock.TryAcquireAsync(timeout ?? Default, cancellationToken)
        ?? throw new TimeoutException($"the lock '{@lock.Name}' was not free within {(timeout ?? Default).TotalSeconds} s");
}
