using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Source: issue 5, deliverable 7.</summary>
public sealed class When_a_replica_is_scraped
{
    private const double TtlSeconds = 1;

    private static readonly (string, string)[] Others = [("n1", "a"), ("n2", "b")];

    [Fact]
    public async Task It_tells_quorum_nodes_and_what_is_left_of_each_lease()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.PassAsync(400, [.. Others, ("n3", "c")]);
        await replica.PassAsync(200, Others);

        ScrapedPage page = await replica.ScrapeAsync();

        Assert.Equal(1, page.ValueOf("quorate_quorate"));
        Assert.Equal(3, page.ValueOf("quorate_nodes", ("state", "online")));
        Assert.Equal(0, page.ValueOf("quorate_nodes", ("state", "lost")));
        double silent = page.ValueOf("quorate_lease_margin_seconds", ("node", "n3"));
        double heard = page.ValueOf("quorate_lease_margin_seconds", ("node", "n1"));
        Assert.True(silent is > 0 and <= TtlSeconds && heard > silent, $"n1 {heard} s, n3 {silent} s");
    }

    [Fact]
    public async Task A_lost_node_has_no_lease_any_more_and_is_counted_as_what_it_is()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();

        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);
        await replica.PassAsync(200, Others);
        ScrapedPage page = await replica.ScrapeAsync();

        Assert.Equal(1, page.ValueOf("quorate_nodes", ("state", "fenced")));
        Assert.Equal(2, page.ValueOf("quorate_nodes", ("state", "online")));
        Assert.Equal(["n1", "n2"], page.Of("quorate_lease_margin_seconds").Select(sample => sample.Labels["node"]));
    }

    /// <summary>What it saw before may be otherwise by now: no number is better than an old one.</summary>
    [Fact]
    public async Task Without_a_database_to_look_at_it_says_nothing_about_the_cluster()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.ExecuteAsync("CREATE TRIGGER away BEFORE UPDATE ON quorum_replica_beat BEGIN SELECT RAISE(ABORT, 'away'); END");

        await replica.PassAsync(300);
        ScrapedPage page = await replica.ScrapeAsync();

        Assert.DoesNotContain(page.Samples, sample => sample.Name is "quorate_quorate" or "quorate_nodes" or "quorate_lease_margin_seconds");
        Assert.Equal("gauge", page.Types["quorate_quorate"]);
    }

    [Fact]
    public async Task A_message_is_counted_by_its_number()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        Assert.Equal(0, (await replica.ScrapeAsync()).ValueOf("quorate_messages_raised_total", ("number", "1")));

        await replica.PassUntilHeardAsync<QuorumDissolved>(_ => true, ("n1", "a"));
        ScrapedPage page = await replica.ScrapeAsync();

        Assert.Equal(1, page.ValueOf("quorate_messages_raised_total", ("number", "1"), ("component", "quorum")));
    }

    [Fact]
    public async Task Its_metrics_are_those_of_a_quorum_replica()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();

        ScrapedPage page = await replica.ScrapeAsync();

        Assert.Equal(
            new[]
            {
                MetricCatalogue.LeaseMargin, MetricCatalogue.MessagesRaised, MetricCatalogue.Nodes, MetricCatalogue.OutboxAge, MetricCatalogue.OutboxWaiting, MetricCatalogue.Quorate,
            }.Select(metric => metric.PrometheusName).Order(StringComparer.Ordinal),
            page.Types.Keys.Order(StringComparer.Ordinal));
    }
}
