using System.Security.Cryptography;
using System.Text;
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
    [Fact]
    [Trait("Rule", "S1")]
    public async Task A_replica_with_an_older_file_decides_by_what_is_stored()
    {
        string database = await engines.NewPostgresDatabaseAsync();
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

    /// <summary>Whether a newer one may come into force depends on what runs: a scheduler says so, and until then every replica counts as before.</summary>
    [Fact]
    [Trait("Rule", "S1")]
    public async Task A_replica_with_a_newer_file_waits_for_a_schedulers_word()
    {
        string database = await engines.NewPostgresDatabaseAsync();
        await using QuorumReplica older = await StartAsync(database, 1, nodes: 3);
        await using QuorumReplica newer = await StartAsync(database, 2, nodes: 6);
        HeartbeatVerdict before = (await newer.BeatAsync("n4", "d")).Verdict;

        string text = Text(2, nodes: 6);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        await newer.Bus.TryPublishAsync(new ConfigurationPublished { Version = 2, Digest = digest, Text = text });
        await newer.PassUntilHeardAsync<MembershipChanged>(membership => membership.VotesNeeded == 4, ("n1", "a"));
        await older.PassAsync(1000);

        Assert.Equal(HeartbeatVerdict.Refused, before);
        Assert.Contains(StoredOneIsUsed, newer.Logged);
        Assert.NotEqual(HeartbeatVerdict.Refused, (await newer.BeatAsync("n4", "d2")).Verdict);
        Assert.NotEqual(HeartbeatVerdict.Refused, (await older.BeatAsync("n5", "e")).Verdict);
    }

    private static Task<QuorumReplica> StartAsync(string database, int version, int nodes) =>
        QuorumReplica.StartAsync(database: database, text: Text(version, nodes));

    private static string Text(int version, int nodes) => $"""
        <cluster name="test" config_version="{version}">
          <clusternodes>{string.Concat(Enumerable.Range(1, nodes).Select(id => $"<clusternode name=\"n{id}\" nodeid=\"{id}\" votes=\"1\"/>"))}</clusternodes>
          <rm/>
        </cluster>
        """;
}
