using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Hosting;

[Collection(RealEngines.SecondCollection)]
public sealed class A_lock_on_PostgreSQL(RealEngines engines) : A_distributed_lock
{
    protected override async Task<IDatabase> OpenAsync() => DatabaseFactory.Create(await engines.NewPostgresDatabaseAsync());

    protected override async Task LoseAsync(IDistributedSynchronizationHandle handle)
    {
        await using DbConnection connection = await Database.OpenAsync();
        int ended = await connection.ExecuteScalarAsync<int>(
            """
            SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'quorate lock' AND datname = current_database()
            """);
        Assert.Equal(1, ended);
    }

    protected override async Task TakeAfterLossAsync()
    {
        await using IDistributedSynchronizationHandle next = await Database.Locks.CreateLock("evaluation").AcquireAsync();
        Assert.Equal(2, next.FencingToken);
    }
}
