using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Locks;

/// <summary>A held lock of the embedded database. It counts as lost when its token row says that another holder came after it.</summary>
internal sealed class SqliteLockHandle(string name, IDatabase database, long token, SemaphoreSlim turn, TimeProvider time)
    : WatchedLockHandle(name, token, time)
{
    protected override async Task<bool> IsHeldAsync()
    {
        await using DbConnection connection = await database.OpenAsync(CancellationToken.None);
        return FencingToken == await connection.ExecuteScalarAsync<long>(
            "SELECT token FROM quorate_lock_tokens WHERE name = @Name", new { Name });
    }

    protected override ValueTask ReleaseAsync()
    {
        turn.Release();
        return ValueTask.CompletedTask;
    }
}
