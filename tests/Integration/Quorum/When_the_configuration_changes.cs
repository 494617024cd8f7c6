using System.Security.Cryptography;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>The schedulers have put another configuration into force: nodes and votes count from then on. Source: rgmanager.md 2.9; rule S1.</summary>
public sealed class When_the_configuration_changes
{
    private const int Unusable = 1137;

    [Fact]
    public async Task A_node_that_is_added_joins_and_its_votes_count()
    {
        await using QuorumReplica replica = await StartAsync(1, nodes: 3);
        (string, string)[] alive = [("n1", "a"), ("n2", "b"), ("n3", "c")];
        await replica.FormAsync();
        HeartbeatVerdict before = (await replica.BeatAsync("n4", "d")).Verdict;

        await replica.Bus.TryPublishAsync(Published(2, Text(2, nodes: 4)));
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.VotesNeeded == 3, alive);
        await replica.BeatAsync("n4", "d2");
        MembershipChanged joined = await replica.PassUntilHeardAsync<MembershipChanged>(
            membership => membership.Nodes.Any(node => node is { Name.Value: "n4", State: NodeState.Online }), [.. alive, ("n4", "d2")]);

        Assert.Equal(HeartbeatVerdict.Refused, before);
        Assert.Equal((true, 4, 3), (joined.IsQuorate, joined.Votes, joined.VotesNeeded));
        Assert.False(replica.HasHeard<QuorumDissolved>());
    }

    [Fact]
    public async Task A_node_that_is_taken_out_is_counted_no_more_and_refused()
    {
        await using QuorumReplica replica = await StartAsync(1, nodes: 4);
        (string, string)[] alive = [("n1", "a"), ("n2", "b"), ("n3", "c")];
        await replica.PassUntilHeardAsync<QuorumFormed>(_ => true, alive);

        await replica.Bus.TryPublishAsync(Published(2, Text(2, nodes: 3)));
        MembershipChanged fewer = await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.VotesNeeded == 2, alive);

        Assert.Equal(["n1", "n2", "n3"], fewer.Nodes.Select(node => node.Name.Value).Order());
        Assert.Equal(HeartbeatVerdict.Refused, (await replica.BeatAsync("n4", "d")).Verdict);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("unreadable")]
    [InlineData("without nodes")]
    [Trait("Rule", "S1")]
    public async Task One_that_cannot_be_used_changes_nothing(string kind)
    {
        await using QuorumReplica replica = await StartAsync(1, nodes: 3);
        await replica.FormAsync();
        ConfigurationPublished whole = Published(2, Text(2, nodes: 4));

        await replica.Bus.TryPublishAsync(kind switch
        {
            "damaged" => whole with { Text = whole.Text.Replace("n4", "n5", StringComparison.Ordinal) },
            "unreadable" => Published(2, whole.Text[..^5]),
            _ => Published(2, "<cluster name=\"test\" config_version=\"2\"/>"),
        });
        await replica.PassUntilAsync(() => replica.Logged.Contains(Unusable), ("n1", "a"), ("n2", "b"), ("n3", "c"));

        Assert.Equal(HeartbeatVerdict.Refused, (await replica.BeatAsync("n4", "d")).Verdict);
        Assert.Equal(HeartbeatVerdict.Refused, (await replica.BeatAsync("n5", "e")).Verdict);
    }

    private static Task<QuorumReplica> StartAsync(int version, int nodes) => QuorumReplica.StartAsync(text: Text(version, nodes));

    private static string Text(int version, int nodes) => $"""
        <cluster name="test" config_version="{version}">
          <clusternodes>{string.Concat(Enumerable.Range(1, nodes).Select(id => $"<clusternode name=\"n{id}\" nodeid=\"{id}\" votes=\"1\"/>"))}</clusternodes>
          <rm/>
        </cluster>
        """;

    private static ConfigurationPublished Published(int version, string text) =>
        new() { Version = version, Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), Text = text };
}
