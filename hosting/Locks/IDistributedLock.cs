namespace Quorate.Hosting.Locks;

/// <summary>A named lock that at most one holder in all processes has.</summary>
/// <remarks>The shape follows Medallion.Threading so that the package can be put in its place; <c>FencingToken</c> is ours.</remarks>
public interface IDistributedLock
{
    /// <summary>The name; the same name is the same lock, in every process.</summary>
    string Name { get; }

    /// <summary>Tries for at most <paramref name="timeout"/>; zero asks once.</summary>
    /// <returns>The handle, to be disposed; null when somebody else has the lock.</returns>
    ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default);

    /// <summary>Waits for the lock.</summary>
    /// <param name="timeout">How long; null is 30 s.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Somebody else kept it.</exception>
    ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default);
}
