using Dapper;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Outbox;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>What every lock must do, run on each database. Source: DESIGN S12; message #33 and its kin are about locks that did not.</summary>
public abstract class A_distributed_lock : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    protected IDatabase Database { get; private set; } = null!; // set by InitializeAsync before any test

    /// <summary>A database of this test alone.</summary>
    protected abstract Task<IDatabase> OpenAsync();

    /// <summary>Takes the lock from its holder, as a network cut or an administrator would.</summary>
    protected abstract Task LoseAsync(IDistributedSynchronizationHandle handle);

    public async Task InitializeAsync() => Database = await OpenAsync();

    public virtual async Task DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task It_has_one_holder()
    {
        IDistributedLock sameName = Database.Locks.CreateLock("evaluation");

        await using IDistributedSynchronizationHandle first = await Database.Locks.CreateLock("evaluation").AcquireAsync();

        Assert.Null(await sameName.TryAcquireAsync());
        Assert.Null(await sameName.TryAcquireAsync(Short));
        await Assert.ThrowsAsync<TimeoutException>(async () => await sameName.AcquireAsync(Short));
    }

    [Fact]
    public async Task It_does_not_stand_in_the_way_of_another_name()
    {
        await using IDistributedSynchronizationHandle first = await Database.Locks.CreateLock("one").AcquireAsync();

        await using IDistributedSynchronizationHandle? second = await Database.Locks.CreateLock("two").TryAcquireAsync();

        Assert.NotNull(second);
    }

    [Fact]
    public async Task It_lets_the_next_in_when_released()
    {
        IDistributedLock evaluation = Database.Locks.CreateLock("evaluation");
        IDistributedSynchronizationHandle first = await evaluation.AcquireAsync();
        Task<IDistributedSynchronizationHandle> next = evaluation.AcquireAsync(TimeSpan.FromSeconds(10)).AsTask();

        Assert.False(next.IsCompleted);
        await first.DisposeAsync();

        await using IDistributedSynchronizationHandle second = await next;
        Assert.False(second.HandleLostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Its_tokens_grow()
    {
        IDistributedLock evaluation = Database.Locks.CreateLock("evaluation");
        List<long> tokens = [];

        for (int round = 0; round < 3; round++)
        {
            await using IDistributedSynchronizationHandle handle = await evaluation.AcquireAsync();
            tokens.Add(handle.FencingToken);
        }

        Assert.Equal([1, 2, 3], tokens);
    }

    [Fact, Trait("Rule", "S12")]
    public async Task Losing_it_cancels_the_work()
    {
        await using IDistributedSynchronizationHandle handle = await Database.Locks.CreateLock("evaluation").AcquireAsync();

        await LoseAsync(handle);

        await Eventually.HoldsAsync("the lost token fires", () => handle.HandleLostToken.IsCancellationRequested);
    }

    [Fact, Trait("Rule", "S12")]
    public async Task A_stale_token_cannot_commit()
    {
        await Database.MigrateAsync("test", ["CREATE TABLE placed (service TEXT PRIMARY KEY)"]);
        await using IDistributedSynchronizationHandle stale = await Database.Locks.CreateLock("evaluation").AcquireAsync();
        await LoseAsync(stale);

        Task Place() => Work().RunAsync(
            async (work, token) =>
            {
                await work.Connection.ExecuteAsync("INSERT INTO placed (service) VALUES ('service:web')", transaction: work.Transaction);
                await work.RequireTokenAsync(new Unaware(stale));
            },
            CancellationToken.None);

        await TakeAfterLossAsync();
        await Assert.ThrowsAsync<StaleLockTokenException>(Place);
        await using var connection = await Database.OpenAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM placed"));
    }

    [Fact, Trait("Rule", "S12")]
    public async Task The_newest_token_commits()
    {
        await using IDistributedSynchronizationHandle handle = await Database.Locks.CreateLock("evaluation").AcquireAsync();

        await Work().RunAsync((work, _) => work.RequireTokenAsync(handle), CancellationToken.None);

        Assert.False(handle.HandleLostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Sixteen_that_contend_never_meet_inside()
    {
        const int Contenders = 16;
        const int Rounds = 50;
        int inside = 0;
        int met = 0;
        long newest = 0;

        await Task.WhenAll(Enumerable.Range(0, Contenders).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                await using IDistributedSynchronizationHandle handle =
                    await Database.Locks.CreateLock("contended").AcquireAsync(TimeSpan.FromMinutes(2));
                if (Interlocked.Increment(ref inside) != 1 || handle.FencingToken <= Interlocked.Exchange(ref newest, handle.FencingToken))
                {
                    Interlocked.Increment(ref met);
                }
                Interlocked.Decrement(ref inside);
            }
        })));

        Assert.Equal(0, met);
        Assert.Equal(Contenders * Rounds, newest);
    }

    /// <summary>The next holder after a loss.</summary>
    protected abstract Task TakeAfterLossAsync();

    private UnitOfWork Work() => TestWork.Factory(Database).Create();

    /// <summary>A holder that has not noticed its loss yet, which is the case the token is for.</summary>
    private sealed class Unaware(IDistributedSynchronizationHandle handle) : IDistributedSynchronizationHandle
    {
        public string Name => handle.Name;

        public CancellationToken HandleLostToken => CancellationToken.None;

        public long FencingToken => handle.FencingToken;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
