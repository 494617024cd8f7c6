using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Integration.Stores;

/// <summary>
/// What every shell relies on, whatever keeps its rows: one suite for PostgreSQL, SQLite and the store of the simulation, which is written by
/// hand and is only worth what this proves of it. Source: DESIGN 2, "one contract suite"; rules S3, S12 and S13.
/// </summary>
/// <remarks>Parking of rows is not here: the simulation's outbox cannot fail for a row's own reason. <c>A_backbone</c> has it for both databases.</remarks>
public abstract class A_store : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Message = new("9b2f0ad4-0000-4000-8000-000000000001");

    private protected IStoreUnderTest Store { get; private set; } = null!; // set by InitializeAsync before any test

    private protected abstract Task<IStoreUnderTest> OpenAsync();

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact, Trait("Rule", "S12")]
    public async Task Rows_and_messages_of_a_transaction_come_together()
    {
        Assert.Equal([null], await Store.RunAsync(async work =>
        {
            await work.WriteAsync("a", "1");
            await work.SendAsync("first", "web");
            await work.WriteAsync("b", "1");
            await work.SendAsync("second", "web");
        }));

        Assert.Equal(("1", "1"), (await Store.ReadAsync("a"), await Store.ReadAsync("b")));
        Assert.Equal(["first", "second"], await Store.OutboxAsync());
    }

    [Fact, Trait("Rule", "S12")]
    public async Task A_session_that_is_killed_between_two_statements_leaves_nothing_and_holds_nothing()
    {
        IReadOnlyList<Exception?> ends = await Store.RunAsync(async work =>
        {
            await work.LockAsync("a");
            await work.WriteAsync("a", "killed");
            await work.SendAsync("killed", "web");
            await work.KillSessionAsync();
            await work.WriteAsync("b", "killed");
        });

        Assert.True(ends[0] is { } failure && Store.IsRetryable(failure), $"{ends[0]}");
        Assert.Equal(("0", "0"), (await Store.ReadAsync("a"), await Store.ReadAsync("b")));
        Assert.Empty(await Store.OutboxAsync());
        Assert.Equal([null], await Store.RunAsync(async work =>
        {
            await work.LockAsync("a");
            await work.WriteAsync("a", "next");
        }));
    }

    [Fact, Trait("Rule", "S12")]
    public async Task Two_that_lock_in_opposite_order_end_and_what_is_refused_leaves_nothing_and_may_come_again()
    {
        bool hasOne = false;
        bool hasOther = false;
        Func<IStoreWork, Task>[] bodies =
        [
            async work =>
            {
                int seen = int.Parse(await work.LockAsync("a"));
                hasOne = true;
                await work.PauseUntilAsync(() => hasOther);
                await AddAsync(work, seen, await work.LockAsync("b"), "one");
            },
            async work =>
            {
                string seen = await work.LockAsync("b");
                hasOther = true;
                await work.PauseUntilAsync(() => hasOne);
                await AddAsync(work, int.Parse(await work.LockAsync("a")), seen, "other");
            },
        ];

        IReadOnlyList<Exception?> ends = await Store.RunAsync(bodies);

        int done = ends.Count(end => end is null);
        Assert.All(ends.OfType<Exception>(), failure => Assert.True(Store.IsRetryable(failure), $"{failure}"));
        Assert.Equal(($"{done}", $"{done}", done), (await Store.ReadAsync("a"), await Store.ReadAsync("b"), (await Store.OutboxAsync()).Count));
        foreach (int refused in Enumerable.Range(0, 2).Where(index => ends[index] is not null))
        {
            Assert.Equal([null], await Store.RunAsync(bodies[refused]));
        }
        Assert.Equal(("2", "2"), (await Store.ReadAsync("a"), await Store.ReadAsync("b")));
        Assert.Equal(["one", "other"], (await Store.OutboxAsync()).Order());
    }

    /// <summary>The lost update that a plan must never make: who waited for a lock sees what the one before committed.</summary>
    [Fact, Trait("Rule", "S12")]
    public async Task Whoever_waited_for_a_row_sees_what_was_committed_meanwhile()
    {
        const int Contenders = 8;

        IReadOnlyList<Exception?> ends = await Store.RunAsync([.. Enumerable.Range(0, Contenders).Select(_ => new Func<IStoreWork, Task>(async work =>
            await work.WriteAsync("a", $"{int.Parse(await work.LockAsync("a")) + 1}")))]);

        Assert.All(ends, Assert.Null);
        Assert.Equal($"{Contenders}", await Store.ReadAsync("a"));
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_commit_of_which_nobody_hears_is_tried_again_and_has_one_effect()
    {
        async Task ConsumeAsync(IStoreWork work, bool isLost)
        {
            if (await work.InboxAsync(Message))
            {
                await work.WriteAsync("a", $"{int.Parse(await work.LockAsync("a")) + 1}");
                await work.SendAsync("effect", "web");
            }
            if (isLost)
            {
                work.LoseAnswerToCommit();
            }
        }

        IReadOnlyList<Exception?> unknown = await Store.RunAsync(work => ConsumeAsync(work, isLost: true));
        IReadOnlyList<Exception?> again = await Store.RunAsync(work => ConsumeAsync(work, isLost: false));

        Assert.True(unknown[0] is { } failure && Store.IsRetryable(failure), $"{unknown[0]}");
        Assert.Equal([null], again);
        Assert.Equal("1", await Store.ReadAsync("a"));
        Assert.Equal(["effect"], await Store.OutboxAsync());
    }

    [Fact, Trait("Rule", "S13")]
    public async Task Of_copies_that_come_at_the_same_time_one_has_an_effect()
    {
        const int Copies = 4;

        IReadOnlyList<Exception?> ends = await Store.RunAsync([.. Enumerable.Range(0, Copies).Select(_ => new Func<IStoreWork, Task>(async work =>
        {
            if (await work.InboxAsync(Message))
            {
                await work.SendAsync("effect", "web");
            }
        }))]);

        Assert.All(ends, Assert.Null);
        Assert.Equal(["effect"], await Store.OutboxAsync());
    }

    [Fact, Trait("Rule", "S13")]
    public async Task The_mark_of_a_message_goes_with_the_transaction_that_fails()
    {
        await Store.RunAsync(async work =>
        {
            Assert.True(await work.InboxAsync(Message));
            await work.KillSessionAsync();
            await work.WriteAsync("a", "killed");
        });

        bool isNew = false;
        Assert.Equal([null], await Store.RunAsync(async work => isNew = await work.InboxAsync(Message)));
        Assert.True(isNew);
    }

    [Fact, Trait("Rule", "S13")]
    public async Task Messages_of_one_service_leave_in_the_order_in_which_they_were_committed()
    {
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            int number = epoch;
            await Store.RunAsync(async work =>
            {
                await work.LockAsync("a");
                await work.SendAsync($"web {number}", "web");
                await work.SendAsync($"db {number}", "db");
            });
        }

        IReadOnlyList<string> outbox = await Store.OutboxAsync();
        Assert.Equal(["web 1", "web 2", "web 3", "web 4", "web 5"], outbox.Where(message => message.StartsWith("web", StringComparison.Ordinal)));
        Assert.Equal(["db 1", "db 2", "db 3", "db 4", "db 5"], outbox.Where(message => message.StartsWith("db", StringComparison.Ordinal)));
    }

    [Fact, Trait("Rule", "S12")]
    public async Task A_stale_token_cannot_commit_and_the_newest_can()
    {
        long stale = await Store.TakeTokenAsync();
        long newest = await Store.TakeTokenAsync();

        IReadOnlyList<Exception?> refused = await Store.RunAsync(async work =>
        {
            await work.WriteAsync("a", "stale");
            await work.RequireTokenAsync(stale);
        });
        IReadOnlyList<Exception?> taken = await Store.RunAsync(async work =>
        {
            await work.RequireTokenAsync(newest);
            await work.WriteAsync("b", "newest");
        });

        Assert.True(newest > stale);
        Assert.True(refused[0] is { } failure && Store.IsRetryable(failure), $"{refused[0]}");
        Assert.Equal([null], taken);
        Assert.Equal(("0", "newest"), (await Store.ReadAsync("a"), await Store.ReadAsync("b")));
    }

    /// <summary>The statement is written in SQL and by hand, and the core says the same in a third place: all cases, and all must agree.</summary>
    [Fact, Trait("Rule", "S3"), Trait("Rule", "S14")]
    public async Task A_renewal_does_what_the_core_says()
    {
        int granted = 0;
        foreach ((LeaseRow lease, ArbiterState arbiter, NodeHeartbeat heartbeat) in Renewals())
        {
            LeaseRow? expected = lease.State == LeaseState.Live && heartbeat.Incarnation == lease.Incarnation && heartbeat.Sequence > lease.Sequence
                ? Admission.Renewed(lease, heartbeat, arbiter)
                : null;

            (LeaseRow? said, LeaseRow stored) = await Store.RenewAsync(lease, arbiter, heartbeat);

            Assert.True(expected == said, $"{lease}\n{arbiter}\n{heartbeat}\nexpected {expected}\nbut was {said}");
            Assert.Equal(expected ?? lease, stored);
            granted += expected?.GrantedSequence == heartbeat.Sequence ? 1 : 0;
        }
        Assert.InRange(granted, 10, 1000);
    }

    private static IEnumerable<(LeaseRow Lease, ArbiterState Arbiter, NodeHeartbeat Heartbeat)> Renewals()
    {
        ArbiterState quorate = ArbiterState.New with { Era = 2, Generation = 9, IsQuorate = true, FormedAt = 7, Sequence = 50 };
        ArbiterState[] arbiters = [quorate, quorate with { IsQuorate = false }, quorate with { IsTrusted = false }, quorate with { FormedAt = 9 }];
        ArbiterPoint?[] witnesses = [null, Point(1, 900), Point(2, 50), Point(2, 51), Point(3, 1)];
        return from state in new[] { LeaseState.Live, LeaseState.Lost, LeaseState.Fenced }
               from sequence in new long[] { 9, 10, 11 }
               from incarnation in new[] { "a", "b" }
               from grantedIn in new long[] { 0, 7 }
               from arbiter in arbiters
               from witness in witnesses
               from isStronger in new[] { false, true }
               select (Lease(state, grantedIn), arbiter, Beat(incarnation, sequence, witness, isStronger));
    }

    private static ArbiterPoint Point(int era, long sequence) => new() { Era = era, Sequence = sequence, Generation = 1 };

    private static LeaseRow Lease(LeaseState state, long grantedIn) => new()
    {
        Node = new NodeName("n1"),
        Incarnation = new Incarnation("a"),
        State = state,
        Sequence = 10,
        GrantedSequence = grantedIn == 0 ? 0 : 10,
        GrantedIn = grantedIn,
        Ttl = TimeSpan.FromSeconds(1),
        StopDeadline = TimeSpan.FromMilliseconds(500),
        Watchdog = TimeSpan.FromMilliseconds(200),
        IsSelfFencing = true,
        Since = Noon,
        Reason = "joined",
    };

    private static NodeHeartbeat Beat(string incarnation, long sequence, ArbiterPoint? witness, bool isStronger) => new()
    {
        Node = new NodeName("n1"),
        Incarnation = new Incarnation(incarnation),
        Sequence = sequence,
        NewestAnswer = 0,
        NewestBusAnswer = 0,
        Promise = new NodePromise
        {
            StopDeadlineMilliseconds = isStronger ? 500 : 900,
            WatchdogMilliseconds = isStronger ? 100 : 300,
            IsSelfFencing = isStronger,
        },
        HighestArbiter = witness,
    };

    private static async Task AddAsync(IStoreWork work, int a, string b, string message)
    {
        await work.WriteAsync("a", $"{a + 1}");
        await work.WriteAsync("b", $"{int.Parse(b) + 1}");
        await work.SendAsync(message, "web");
    }
}
