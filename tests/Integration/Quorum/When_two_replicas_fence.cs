using System.Data.Common;
using System.Globalization;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Service;
using Quorate.Quorum.Service.Fencing;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>The statements of fencing on both databases. Source: rule S6: the fence row is checked again right before each agent runs.</summary>
[Collection(RealEngines.SecondCollection)]
[Trait("Rule", "S6")]
public sealed class When_two_replicas_fence(RealEngines engines) : IDisposable
{
    private static readonly NodeName Node = new("n3");
    private static readonly Incarnation Life = new("c");
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FencingClaim First = new(Node, Life, null, 1, "silent");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fence-");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task One_alone_has_the_claim_and_who_lost_it_can_take_no_step(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        await connection.ExecuteAsync("UPDATE quorum_state SET is_quorate = 1");

        FenceRow one = Assert.IsType<FenceRow>(await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1)));
        Assert.Null(await store.ClaimAsync(First, "q2", TimeSpan.FromMinutes(1)));
        FenceRow seen = Assert.Single(await store.ReadOpenAsync());
        Assert.Equal((1L, "q1", TimeSpan.FromMinutes(1)), (seen.Claim, seen.Replica, seen.Patience));
        Assert.True(await store.StepAsync(one, FenceAction.Off));
        Assert.Null(await store.ClaimAsync(First with { Seen = seen }, "q2", TimeSpan.FromMinutes(1)));
        FenceRow? two = await store.ClaimAsync(First with { Seen = Assert.Single(await store.ReadOpenAsync()) }, "q2", TimeSpan.FromMinutes(1));

        Assert.Equal(2, two?.Claim);
        Assert.False(await store.StepAsync(one, FenceAction.Off));
        Assert.False(await store.StepAsync(one, FenceAction.On));
        Assert.False(await store.NextRoundAsync(one, 2));
        Assert.False(await store.EndAsync(one, FenceState.Done));
        Assert.True(await store.NextRoundAsync(two!, 2));
        Assert.True(await store.EndAsync(two!, FenceState.Failed));
        await store.RequestAsync(Node, Life, "again");
        Assert.Equal((FenceState.Wanted, "again"), (await store.ReadOpenAsync()).Select(row => (row.State, row.Reason)).Single());
    }

    [Theory]
    [InlineData("sqlite", "UPDATE quorum_state SET is_quorate = 0", false)]
    [InlineData("postgres", "UPDATE quorum_state SET is_quorate = 0", false)]
    [InlineData("sqlite", "UPDATE quorum_state SET is_trusted = 0", false)]
    [InlineData("postgres", "UPDATE quorum_state SET is_trusted = 0", false)]
    [InlineData("sqlite", "UPDATE quorum_lease SET state = 'fenced'", true)]
    [InlineData("postgres", "UPDATE quorum_lease SET state = 'fenced'", true)]
    public async Task Nobody_is_cut_off_without_quorum_nor_after_its_end(string engine, string change, bool hasEnded)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        await connection.ExecuteAsync("UPDATE quorum_state SET is_quorate = 1");
        FenceRow row = Assert.IsType<FenceRow>(await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1)));

        await connection.ExecuteAsync(change);

        Assert.False(await store.StepAsync(row, FenceAction.Status));
        Assert.Equal(hasEnded, await store.HasEndedAsync(row));
        Assert.True(await store.StepAsync(row, action: null));
    }

    /// <summary>Once the incarnation has ended, the row stays open as long as a device waits to be switched on.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task What_was_switched_off_is_a_stored_fact_until_it_is_done(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        await connection.ExecuteAsync("UPDATE quorum_state SET is_quorate = 1");
        FenceRow row = Assert.IsType<FenceRow>(await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1)));

        Assert.True(await store.StepAsync(row with { SwitchedOff = [new FenceTarget(0, 0), new FenceTarget(1, 12, "pdu 2.left")] }, FenceAction.Off));
        await connection.ExecuteAsync("UPDATE quorum_lease SET state = 'fenced'");

        FenceRow open = Assert.Single(await store.ReadOpenAsync());
        Assert.Equal([new FenceTarget(0, 0), new FenceTarget(1, 12, "pdu 2.left")], open.SwitchedOff.AsEnumerable());
        FenceRow? other = await store.ClaimAsync(First with { Seen = open }, "q2", TimeSpan.FromMinutes(1));
        Assert.Equal(open.SwitchedOff.AsEnumerable(), other?.SwitchedOff.AsEnumerable());
        Assert.True(await store.StepAsync(other!, FenceAction.On));
        Assert.True(await store.EndAsync(other!, FenceState.Done));
        Assert.Empty(await store.ReadOpenAsync());
    }

    /// <summary>A device of an earlier life that comes on could hide that another one of the later life never went off.</summary>
    [Theory]
    [InlineData("sqlite", "lost", null, false)]
    [InlineData("postgres", "lost", null, false)]
    [InlineData("sqlite", "live", "wanted", false)]
    [InlineData("postgres", "live", "wanted", false)]
    [InlineData("sqlite", "live", null, true)]
    [InlineData("postgres", "live", null, true)]
    [InlineData("sqlite", "fenced", "running", true)]
    [InlineData("postgres", "fenced", "running", true)]
    public async Task Nothing_is_switched_on_while_a_later_life_is_lost_or_being_fenced(string engine, string lease, string? fence, bool isOn)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        FenceRow row = Assert.IsType<FenceRow>(await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1)));
        await connection.ExecuteAsync("UPDATE quorum_lease SET state = 'fenced', is_current = 0");
        await new LeaseStore(connection, null, database.Dialect).AdmitAsync(Lease(new Incarnation("d")));
        await connection.ExecuteAsync("UPDATE quorum_lease SET state = @lease WHERE incarnation = 'd'", new { lease });
        if (fence is not null)
        {
            await store.RequestAsync(Node, new Incarnation("d"), "asked for");
            await connection.ExecuteAsync("UPDATE quorum_fence SET state = @fence WHERE incarnation = 'd'", new { fence });
        }

        Assert.Equal(isOn, await store.StepAsync(row, FenceAction.On));
    }

    /// <summary>A commit whose answer got lost is tried again: the claim is there, and it is this replica's.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_claim_that_was_committed_unheard_is_found_again(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1));

        Assert.NotNull(await store.ClaimAsync(First, "q1", TimeSpan.FromMinutes(1)));
        Assert.Null(await store.ClaimAsync(First, "q2", TimeSpan.FromMinutes(1)));
    }

    /// <summary>A device that does not answer is tried every minute for ever.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Of_the_attempts_only_the_last_are_kept(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        FenceStore store = new(connection, null);
        await connection.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO quorum_fence_attempt (node, incarnation, round, method, device, agent, action, outcome, detail, at, duration_milliseconds, replica)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {FenceStore.AttemptsMax})
            SELECT 'n3', 'c', 1, 'm', 'd', 'a', 'off', 'failed', '', i, 1, 'q1' FROM n
            """));

        await store.RecordAsync(Attempt("n3"), 0);
        await store.RecordAsync(Attempt("n4"), 0);

        Assert.Equal(FenceStore.AttemptsMax, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM quorum_fence_attempt WHERE node = 'n3'"));
        Assert.Equal(2, await connection.ExecuteScalarAsync<long>("SELECT MIN(at) FROM quorum_fence_attempt"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM quorum_fence_attempt WHERE node = 'n4'"));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static FenceAttempted Attempt(string node) => new()
    {
        Node = new NodeName(node),
        Incarnation = Life,
        Round = 1,
        Method = "m",
        Device = "d",
        Agent = "a",
        Action = "off",
        Outcome = "failed",
        Detail = "",
        At = Noon,
        DurationMilliseconds = 1,
        Replica = "q1",
    };

    private async Task<IDatabase> MigratedAsync(string engine)
    {
        IDatabase database = DatabaseFactory.Create(
            engine == "sqlite" ? $"sqlite:{Path.Combine(_directory.FullName, "quorum.db")}" : await engines.NewPostgresDatabaseAsync());
        await database.MigrateAsync(QuorumTables.Prefix, QuorumTables.Migrations);
        await using DbConnection connection = await database.OpenAsync();
        await new LeaseStore(connection, null, database.Dialect).AdmitAsync(Lease(Life));
        return database;
    }

    private static LeaseRow Lease(Incarnation incarnation) => new()
    {
        Node = Node,
        Incarnation = incarnation,
        State = LeaseState.Lost,
        Sequence = 1,
        GrantedSequence = 1,
        GrantedIn = 1,
        Ttl = TimeSpan.FromSeconds(1),
        StopDeadline = TimeSpan.FromSeconds(1),
        Watchdog = TimeSpan.Zero,
        IsSelfFencing = false,
        Since = Noon,
        Reason = "silent",
    };
}
