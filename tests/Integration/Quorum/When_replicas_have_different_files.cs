using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Every replica counts votes by the same configuration, the newest that any of them was given. Source: rgmanager.md 2.9; rule S1.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_replicas_have_different_files(RealEngines engines)
{
    private const int StoredOneIsUsed = 1138;

    /// <summary>Three nodes need two votes, and six of them four; which file a replica has says nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rule", "S1")]
    public async Task A_replica_with_an_older_file_decides_by_what_is_stored(bool isOlderFirst)
    {
        string database = await engines.NewPostgresDatabaseAsync();
        if (isOlderFirst)
        {
            await using QuorumReplica first = await StartAsync(database, 1, nodes: 3); // and ends here
        }

        await using QuorumReplica newer = await StartAsync(database, 2, nodes: 6);
        await using QuorumReplica older = await StartAsync(database, 1, nodes: 3);

        await older.BeatAsync("n1", "a");
        await older.BeatAsync("n2", "b");
        await older.PassAsync(1000, ("n1", "a"), ("n2", "b"));
        bool wasFormed = older.HasHeard<QuorumFormed>();
        (string, string)[] all = [("n1", "a"), ("n2", "b"), ("n3", "c"), ("n4", "d")];
        foreach ((string node, string incarnation) in all)
        {
            await older.BeatAsync(node, incarnation);
        }

        MembershipChanged formed = await older.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsQuorate, all);

        Assert.False(wasFormed, "two votes are enough by the older file only");
        Assert.Equal((4, 4), (formed.Votes, formed.VotesNeeded));
        Assert.Contains(StoredOneIsUsed, older.Logged);
        Assert.DoesNotContain(StoredOneIsUsed, newer.Logged);
    }

    /// <summary>The other replica was there before, and nobody tells it but the database.</summary>
    [Fact]
    [Trait("Rule", "S1")]
    public async Task A_replica_that_runs_follows_one_that_comes_with_a_newer_file()
    {
        string database = await engines.NewPostgresDatabaseAsync();
        await using QuorumReplica older = await StartAsync(database, 1, nodes: 3);
        HeartbeatVerdict before = (await older.BeatAsync("n4", "d")).Verdict;

        await using QuorumReplica newer = await StartAsync(database, 2, nodes: 6);
        await older.PassAsync(1000);

        Assert.Equal(HeartbeatVerdict.Refused, before);
        Assert.NotEqual(HeartbeatVerdict.Refused, (await older.BeatAsync("n4", "d2")).Verdict);
    }

    private static Task<QuorumReplica> StartAsync(string database, int version, int nodes) => QuorumReplica.StartAsync(database: database, text: $"""
        <cluster name="test" config_version="{version}">
          <clusternodes>{string.Concat(Enumerable.Range(1, nodes).Select(id => $"<clusternode name=\"n{id}\" nodeid=\"{id}\" votes=\"1\"/>"))}</clusternodes>
          <rm/>
        </cluster>
        """);
}
