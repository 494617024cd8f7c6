namespace Quorate.Hosting.Locks;

/// <summary>A held lock. Disposing releases it.</summary>
public interface IDistributedSynchronizationHandle : IAsyncDisposable
{
    /// <summary>The lock's name.</summary>
    string Name { get; }

    /// <summary>
    /// Fires when the lock was lost, within about a second. It cancels work early; it is not the safety: that is
    /// <see cref="FencingToken"/>, checked in the transaction that writes (rule S12).
    /// </summary>
    CancellationToken HandleLostToken { get; }

    /// <summary>Grows with every acquisition of this lock, in all processes; at least 1.</summary>
    long FencingToken { get; }
}
