using Npgsql;

namespace Quorate.Hosting.Locks;

/// <summary>A held advisory lock: its session, and a heartbeat on it that notices when the session is gone.</summary>
internal sealed class PostgresLockHandle(string name, NpgsqlConnection connection, long token, TimeProvider time)
    : WatchedLockHandle(name, token, time)
{
    /// <summary>How long the server may take to answer one heartbeat, in seconds.</summary>
    private const int AnswerSeconds = 2;

    protected override async Task<bool> IsHeldAsync()
    {
        await using NpgsqlCommand question = new("SELECT 1", connection) { CommandTimeout = AnswerSeconds };
        // Not cancelled by the release: cancelling needs a second connection.
        await question.ExecuteScalarAsync(CancellationToken.None);
        return true;
    }

    protected override ValueTask ReleaseAsync() => connection.DisposeAsync();
}
