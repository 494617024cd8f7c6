using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Outage;

/// <summary>
/// Source: DESIGN 4, <c>on_lease_loss="keep"</c>; issue: the database is away for longer than a lease: services go on, nobody is shot, and
/// everything is as before once it is back.
/// </summary>
[Trait("Rule", "S3")]
[Collection(OutageCollection.Name)]
public sealed class When_the_database_is_away_and_nodes_keep_their_services(When_the_database_is_away_and_nodes_keep_their_services.Story story)
    : IClassFixture<When_the_database_is_away_and_nodes_keep_their_services.Story>
{
    public sealed class Story : LabStory
    {
        /// <summary>Lease, margin, stop deadline, and the time that fencing would take: all of them over, twice.</summary>
        private static readonly TimeSpan Away = TimeSpan.FromSeconds(12);

        public IReadOnlyDictionary<string, Incarnation?> Before { get; private set; } = new Dictionary<string, Incarnation?>();

        public IReadOnlyDictionary<string, Incarnation?> After { get; private set; } = new Dictionary<string, Incarnation?>();

        public (long Began, long Ended) Outage { get; private set; }

        public int Shots { get; private set; }

        /// <summary>A database of its own, since it is to be killed.</summary>
        protected override IReadOnlyDictionary<string, string?>? Environment => new Dictionary<string, string?> { ["QUORATE_LAB_POSTGRES"] = null };

        protected override IReadOnlyList<string> Options => ["--fence", "--keep"];

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.WaitAsync("every node keeps", async () => (await Lab.ClusterAsync())?.Nodes.All(node => node.OnLeaseLoss == OnLeaseLoss.Keep) == true, StepTimeout);
            Before = Incarnations(await Lab.ClusterAsync());
            long began = Lab.Now();
            await Lab.RunAsync("kill", "postgres");
            await Lab.WaitAsync("the outage is long", () => Task.FromResult(Lab.Now() - began > Away.TotalNanoseconds), StepTimeout);
            Outage = (began, Lab.Now());
            await Lab.RunAsync("start", "postgres");

            // Only a node with a lease starts anything: an order that is carried out shows that it was renewed.
            await Lab.WaitAsync("a service can be started again", async () => (await Lab.QuorateAsync("enable", "spare", "--wait", "20")).ExitCode == 0, StepTimeout);
            ClusterView? cluster = await Lab.ClusterAsync();
            After = Incarnations(cluster);
            Shots = (await Lab.FencingAsync()).Count;
        }

        private static Dictionary<string, Incarnation?> Incarnations(ClusterView? cluster) =>
            cluster?.Nodes.ToDictionary(node => node.Name.Value, node => node.Incarnation) ?? [];
    }

    [Fact]
    public async Task Every_service_runs_on_where_it_was_and_was_started_once()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
        Assert.All(["web", "mail", "files", "batch"], name =>
        {
            Assert.Single(story.Lab.StartsOf(name));
            Assert.Contains(story.Lab.Witnessed(), line => line.Name == name && line.Event == "alive" && line.Time > story.Outage.Ended);
        });
    }

    [Fact]
    public void Nobody_is_shot_and_no_incarnation_ends()
    {
        Assert.Equal(0, story.Shots);
        Assert.Equal(3, story.Before.Count);
        Assert.Equal(story.Before, story.After);
    }
}
