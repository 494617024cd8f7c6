using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;

namespace Quorate.Tests.Integration.Hosting;

public sealed class A_lock_on_SQLite : A_distributed_lock
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-lock-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task<IDatabase> OpenAsync() => Task.FromResult(DatabaseFactory.Create($"sqlite:{_directory}/locks.db"));

    protected override async Task LoseAsync(IDistributedSynchronizationHandle handle)
    {
        await using DbConnection connection = await Database.OpenAsync();
        await connection.ExecuteAsync("UPDATE quorate_lock_tokens SET token = token + 1 WHERE name = @Name", new { handle.Name });
    }

    /// <summary>Losing it here already means that a later token exists.</summary>
    protected override Task TakeAfterLossAsync() => Task.CompletedTask;
}
