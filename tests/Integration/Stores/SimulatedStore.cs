using Quorate.Contracts.V1;
using Quorate.Quorum.Core;
using Quorate.Tests.Simulation;
using Quorate.Tests.Simulation.Arbiter;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Placing;

namespace Quorate.Tests.Integration.Stores;

/// <summary>The simulation's store under its own time: nothing in it goes on unless this steps the world.</summary>
internal sealed class SimulatedStore : IStoreUnderTest
{
    private const int PauseMax = 200;
    private const int CommitsLost = 1000;
    private const string Queue = "contract";

    private readonly World _world = new(seed: 7, Mutation.None, transcript: null);
    private readonly Store _store;
    private int _lives;

    public SimulatedStore()
    {
        _store = new Store(_world, new Network(_world));
        _store.Plant("a", "0");
        _store.Plant("b", "0");
    }

    public Task<IReadOnlyList<Exception?>> RunAsync(params IReadOnlyList<Func<IStoreWork, Task>> bodies) => StepAsync(() =>
        bodies.Select(RunAsync).ToArray());

    public bool IsRetryable(Exception failure) => failure is StoreGoneException;

    public Task<string> ReadAsync(string key) => Task.FromResult(_store.Peek<string>(key)!); // planted

    public Task<IReadOnlyList<string>> OutboxAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. _store.Outbox.Where(envelope => envelope.Queue == Queue).Select(envelope => (string)envelope.Message)]);

    public async Task<long> TakeTokenAsync()
    {
        IReadOnlyList<long> taken = await StepAsync(() => new[] { EvaluationLock.RaiseAsync(_store, NextLife()) });
        return taken[0];
    }

    public async Task<(LeaseRow? Said, LeaseRow Stored)> RenewAsync(LeaseRow lease, ArbiterState arbiter, NodeHeartbeat heartbeat)
    {
        _store.Plant(ArbiterRow.Key, new ArbiterRow(arbiter, null));
        _store.Plant(NodeLeases.KeyOf(lease.Node), NodeLeases.None.With(lease));
        LeaseRow? said = (await StepAsync(() => new[] { RenewAsync(heartbeat) }))[0];
        return (said, _store.Peek<NodeLeases>(NodeLeases.KeyOf(lease.Node))!.Current!); // both planted above
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>On a thread of the pool, where no context puts continuations elsewhere: the world has one thread.</summary>
    private Task<IReadOnlyList<T>> StepAsync<T>(Func<Task<T>[]> begin) => Task.Run<IReadOnlyList<T>>(async () =>
    {
        Task<T>[] running = begin();
        while (running.Any(task => !task.IsCompleted))
        {
            Assert.True(_world.Step(), "nothing happens any more, and not all have ended");
        }
        Assert.Empty(_world.Violations);
        return await Task.WhenAll(running);
    });

    private async Task<LeaseRow?> RenewAsync(NodeHeartbeat heartbeat)
    {
        using Transaction work = _store.Begin(NextLife());
        LeaseRow? renewed = await NodeLeases.RenewAsync(work, heartbeat, isAnySequence: false);
        await work.CommitAsync();
        return renewed;
    }

    private async Task<Exception?> RunAsync(Func<IStoreWork, Task> body)
    {
        using Transaction work = _store.Begin(NextLife());
        try
        {
            await body(new Work(this, work));
            await work.CommitAsync();
            return null;
        }
        catch (StoreGoneException failure)
        {
            return failure;
        }
        finally
        {
            _store.UnknownCommits = 0;
        }
    }

    private Life NextLife() => new($"contender {++_lives}", Host.S1);

    private sealed class Work(SimulatedStore under, Transaction work) : IStoreWork
    {
        public async Task<string> LockAsync(string key) => (await work.LockAsync<string>(key))!; // planted

        public async Task WriteAsync(string key, string value)
        {
            await work.LockAsync<string>(key);
            work.Write(key, value);
        }

        public Task SendAsync(string message, string orderingKey)
        {
            work.Send(Queue, message);
            return Task.CompletedTask;
        }

        /// <summary>An insert that waits for a copy of it that is under way.</summary>
        public async Task<bool> InboxAsync(Guid messageId)
        {
            string key = $"inbox/{messageId}";
            bool isNew = await work.LockAsync<string>(key) is null;
            work.Write(key, "consumed");
            return isNew;
        }

        public Task RequireTokenAsync(long token) => EvaluationLock.RequireAsync(work, token);

        public async Task PauseUntilAsync(Func<bool> isSo)
        {
            for (long until = under._world.Now + PauseMax; !isSo() && under._world.Now < until;)
            {
                await under._world.Delay(1, work.Life);
            }
        }

        public Task KillSessionAsync()
        {
            under._store.EndSessions(transaction => transaction == work);
            return Task.CompletedTask;
        }

        public void LoseAnswerToCommit() => under._store.UnknownCommits = CommitsLost;
    }
}
