using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>One lock of the embedded database.</summary>
internal sealed class SqliteLock(string name, IDatabase database, LockTokens tokens, SemaphoreSlim turn, TimeProvider time) : IDistributedLock
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(
        TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        await tokens.PrepareAsync(cancellationToken);
        if (!await turn.WaitAsync(timeout, cancellationToken))
        {
            return null;
        }
        bool isHanded = false;
        try
        {
            await using DatabaseTransaction work = await database.BeginAsync(cancellationToken);
            long token = await tokens.RaiseAsync(work.Connection, work.Transaction, name);
            await work.CommitAsync(cancellationToken);
            isHanded = true;
            return new SqliteLockHandle(name, database, token, turn, time).Watched();
        }
        finally
        {
            if (!isHanded)
            {
                turn.Release();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(
        TimeSpan? timeout = null, CancellationToken cancellationToken = default) => LockWait.OrThrowAsync(this, timeout, cancellationToken);
}
