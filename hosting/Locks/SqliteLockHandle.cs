using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>A held lock of the embedded database. It counts as lost when its token row says that another holder came after it.</summary>
internal sealed class SqliteLockHandle : IDistributedSynchronizationHandle
{
    private readonly IDatabase _database;
    private readonly SemaphoreSlim _turn;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watch;
    private int _isDisposed;

    public SqliteLockHandle(string name, IDatabase database, long token, SemaphoreSlim turn, TimeProvider time)
    {
        Name = name;
        FencingToken = token;
        HandleLostToken = _lost.Token;
        _database = database;
        _turn = turn;
        _time = time;
        _watch = WatchAsync();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public CancellationToken HandleLostToken { get; }

    /// <inheritdoc/>
    public long FencingToken { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        await _released.CancelAsync();
        await _watch;
        _turn.Release();
        _lost.Dispose();
        _released.Dispose();
    }

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(LockWait.KeepAlive, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
            {
                await using DbConnection connection = await _database.OpenAsync(CancellationToken.None);
                long newest = await connection.ExecuteScalarAsync<long>(
                    "SELECT token FROM quorate_lock_tokens WHERE name = @Name", new { Name });
                if (newest != FencingToken)
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
        catch (DbException)
        {
            await _lost.CancelAsync();
        }
    }
}
