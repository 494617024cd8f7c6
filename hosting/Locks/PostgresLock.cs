using System.Globalization;
using Dapper;
using Npgsql;

namespace Quorate.Hosting.Locks;

/// <summary>One advisory lock by name.</summary>
internal sealed class PostgresLock(string name, string connectionString, LockTokens tokens, TimeProvider time) : IDistributedLock
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(
        TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        await tokens.PrepareAsync(cancellationToken);
        NpgsqlConnection connection = new(connectionString);
        bool isHanded = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!await IsTakenAsync(connection, timeout, cancellationToken))
            {
                return null;
            }
            // After the lock is held, on its own session, committed before anybody sees the handle: a later holder's token is larger.
            long token = await tokens.RaiseAsync(connection, null, name);
            isHanded = true;
            return new PostgresLockHandle(name, connection, token, time).Watched();
        }
        finally
        {
            if (!isHanded)
            {
                // Closing the session also undoes a lock that was granted in the moment the wait timed out.
                await connection.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(
        TimeSpan? timeout = null, CancellationToken cancellationToken = default) => LockWait.OrThrowAsync(this, timeout, cancellationToken);

    private async Task<bool> IsTakenAsync(NpgsqlConnection connection, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long key = PostgresLockProvider.KeyOf(name);
        if (timeout <= TimeSpan.Zero)
        {
            return await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition("SELECT pg_try_advisory_lock(@key)", new { key }, cancellationToken: cancellationToken));
        }
        int milliseconds = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {milliseconds}"), cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT pg_advisory_lock(@key)", new { key }, cancellationToken: cancellationToken));
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}
