using System.Collections.Concurrent;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>Locks of the embedded database: one process has it, so a semaphore excludes and a row carries the token.</summary>
internal sealed class SqliteLockProvider(IDatabase database, TimeProvider time) : IDistributedLockProvider
{
    private readonly LockTokens _tokens = new(database, time);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IDistributedLock CreateLock(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new SqliteLock(name, database, _tokens, _turns.GetOrAdd(name, static _ => new SemaphoreSlim(1, 1)), time);
    }
}
