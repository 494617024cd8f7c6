using System.Collections.Concurrent;
using System.Data.Common;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>The statements of two replicas against one PostgreSQL. Source: rules S3 and S5.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_two_replicas_store_leases(RealEngines engines)
{
    private const int Nodes = 12;
    private const int Batches = 150;
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Two statements that lock the same rows in different order wait for each other until the server ends one: a second without any lease.</summary>
    [Fact]
    [Trait("Rule", "S3")]
    public async Task Renewals_never_wait_for_each_other_in_a_circle()
    {
        await using IDatabase database = await MigratedAsync();
        await WithStoreAsync(database, async store =>
        {
            for (int node = 0; node < Nodes; node++)
            {
                await store.AdmitAsync(Row(node, "a"));
            }
        });
        ConcurrentDictionary<NodeName, long> newest = new();
        long sequence = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(replica => Task.Run(() => WithStoreAsync(database, async store =>
        {
            Random random = new(replica);
            for (int batch = 0; batch < Batches; batch++)
            {
                NodeHeartbeat[] beats = [.. Enumerable.Range(0, Nodes)
                    .Where(node => node == 0 || random.Next(3) > 0)
                    .Select(node => Beat(node, "a", Interlocked.Increment(ref sequence)))];
                await store.RenewAsync(beats);
                foreach (NodeHeartbeat beat in beats)
                {
                    newest.AddOrUpdate(beat.Node, beat.Sequence, (_, known) => Math.Max(known, beat.Sequence));
                }
            }
        }))));

        await WithStoreAsync(database, async store =>
            Assert.Equal(newest.ToDictionary(), (await store.ReadCurrentAsync()).ToDictionary(row => row.Node, row => row.Sequence)));
    }

    [Theory]
    [InlineData("a", 11, LeaseState.Live, true)]
    [InlineData("a", 10, LeaseState.Live, false)]
    [InlineData("b", 11, LeaseState.Live, false)]
    [InlineData("a", 11, LeaseState.Lost, false)]
    [InlineData("a", 11, LeaseState.Fenced, false)]
    [InlineData("a", 11, LeaseState.Left, false)]
    [Trait("Rule", "S3")]
    public async Task Only_a_growing_sequence_of_the_same_living_incarnation_is_renewed(string incarnation, long sequence, LeaseState state, bool isRenewed)
    {
        await using IDatabase database = await MigratedAsync();

        await WithStoreAsync(database, async store =>
        {
            await store.AdmitAsync(Row(1, "a") with { Sequence = 10, State = state });

            IReadOnlyList<LeaseRow> renewed = await store.RenewAsync([Beat(1, incarnation, sequence)]);

            Assert.Equal(isRenewed ? 1 : 0, renewed.Count);
        });
    }

    /// <summary>The usual renewal asks no core: its statement has to say the same, also about what a node does when its lease runs out.</summary>
    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, true, OnLeaseLoss.Stop)]
    [InlineData(true, false, OnLeaseLoss.Keep)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(false, true, OnLeaseLoss.Stop)]
    [InlineData(false, false, OnLeaseLoss.Maintenance)]
    [Trait("Rule", "S4")]
    public async Task The_statement_stores_what_the_core_says(bool wasSelfFencing, bool isSelfFencing, OnLeaseLoss? onLeaseLoss)
    {
        await using IDatabase database = await MigratedAsync();
        LeaseRow row = Row(1, "a") with
        {
            Sequence = 10, IsSelfFencing = wasSelfFencing, OnLeaseLoss = wasSelfFencing ? OnLeaseLoss.Stop : OnLeaseLoss.Keep, IsOnLeaseLossApplied = !wasSelfFencing,
        };
        NodeHeartbeat beat = Beat(1, "a", 11) with
        {
            Promise = new NodePromise
            {
                StopDeadlineMilliseconds = 700, WatchdogMilliseconds = 300, IsSelfFencing = isSelfFencing, OnLeaseLoss = onLeaseLoss,
                IsOnLeaseLossApplied = onLeaseLoss is not null,
            },
        };

        await WithStoreAsync(database, async store =>
        {
            await store.AdmitAsync(row);
            LeaseRow renewed = Assert.Single(await store.RenewAsync([beat]));

            Assert.Equal(Admission.Renewed(row, beat, ArbiterState.New), renewed);
            Assert.Equal(renewed, await store.FindAsync(row.Node, row.Incarnation));
        });
    }

    [Theory]
    [InlineData(LeaseState.Live)]
    [InlineData(LeaseState.Lost)]
    [Trait("Rule", "S5")]
    public async Task The_database_itself_refuses_a_second_living_incarnation(LeaseState state)
    {
        await using IDatabase database = await MigratedAsync();

        await WithStoreAsync(database, async store =>
        {
            await store.AdmitAsync(Row(1, "a") with { State = state });

            await Assert.ThrowsAnyAsync<DbException>(() => store.AdmitAsync(Row(1, "b")));
        });
    }

    /// <summary>Both read the same; the one that writes later decided on what is no longer so.</summary>
    [Fact]
    [Trait("Rule", "S2")]
    public async Task A_loss_is_stored_only_while_the_sequence_stands_where_it_was_seen()
    {
        await using IDatabase database = await MigratedAsync();

        await WithStoreAsync(database, async store =>
        {
            LeaseRow seen = Row(1, "a") with { Sequence = 10 };
            await store.AdmitAsync(seen);
            await store.RenewAsync([Beat(1, "a", 11)]);

            bool isLost = await store.ChangeStateAsync(seen, seen.Become(LeaseState.Lost, Noon, "silent"));

            Assert.False(isLost);
        });
    }

    [Fact]
    public async Task A_generation_follows_only_the_one_it_was_decided_on()
    {
        await using IDatabase database = await MigratedAsync();

        await WithStoreAsync(database, async store =>
        {
            bool isFirst = await store.AdvanceAsync(0, Generation(1));
            bool isSecond = await store.AdvanceAsync(0, Generation(1));

            Assert.Equal((true, false), (isFirst, isSecond));
            Assert.Equal(1, (await store.ReadStateAsync()).Generation);
        });
    }

    private static async Task WithStoreAsync(IDatabase database, Func<LeaseStore, Task> use)
    {
        await using DbConnection connection = await database.OpenAsync();
        await use(new LeaseStore(connection, null, database.Dialect));
    }

    private async Task<IDatabase> MigratedAsync()
    {
        IDatabase database = DatabaseFactory.Create(await engines.NewPostgresDatabaseAsync());
        await database.MigrateAsync(QuorumTables.Prefix, QuorumTables.Migrations);
        return database;
    }

    private static MembershipTransition Generation(long number) => new(
        ArbiterState.New with { Generation = number },
        new MembershipChanged { Generation = number, IsQuorate = false, Votes = 0, VotesNeeded = 2, Nodes = [] },
        HasFormed: false,
        HasDissolved: false,
        "as the test says");

    private static NodeHeartbeat Beat(int node, string incarnation, long sequence) => new()
    {
        Node = new NodeName($"n{node}"),
        Incarnation = new Incarnation(incarnation),
        Sequence = sequence,
        NewestAnswer = 0,
        NewestBusAnswer = 0,
        Promise = new NodePromise { StopDeadlineMilliseconds = 500, WatchdogMilliseconds = 0, IsSelfFencing = true },
    };

    private static LeaseRow Row(int node, string incarnation) => new()
    {
        Node = new NodeName($"n{node}"),
        Incarnation = new Incarnation(incarnation),
        State = LeaseState.Live,
        Sequence = 0,
        GrantedSequence = 0,
        GrantedIn = 0,
        Ttl = TimeSpan.FromSeconds(1),
        StopDeadline = TimeSpan.FromMilliseconds(500),
        Watchdog = TimeSpan.Zero,
        IsSelfFencing = true,
        Since = Noon,
        Reason = "joined",
    };
}
