using System.Data;
using System.Data.Common;
using Npgsql;

namespace Quorate.Hosting.Locks;

/// <summary>A held advisory lock: its session, and a heartbeat on it that notices when the session is gone.</summary>
internal sealed class PostgresLockHandle : IDistributedSynchronizationHandle
{
    /// <summary>How long the server may take to answer one heartbeat, in seconds.</summary>
    private const int AnswerSeconds = 2;

    private readonly NpgsqlConnection _connection;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watch;
    private int _isDisposed;

    public PostgresLockHandle(string name, NpgsqlConnection connection, long token, TimeProvider time)
    {
        Name = name;
        FencingToken = token;
        HandleLostToken = _lost.Token;
        _connection = connection;
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
        await _connection.DisposeAsync();
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
                await using NpgsqlCommand question = new("SELECT 1", _connection) { CommandTimeout = AnswerSeconds };
                // Not cancelled by the release: an answer is awaited for two seconds at most, and cancelling needs a second connection.
                await question.ExecuteScalarAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // Released by its holder.
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or IOException or TimeoutException
            || _connection.State != ConnectionState.Open)
        {
            await _lost.CancelAsync();
        }
    }
}
