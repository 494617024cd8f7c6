using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Outage;

/// <summary>
/// Source: DESIGN 4, <c>quorate maintenance on|off</c>: self-stop and recovery are suspended, a node that died meanwhile is not counted as
/// fenced by time, and afterwards everything is looked at again.
/// </summary>
[Trait("Rule", "S7")]
[Collection(OutageCollection.Name)]
public sealed class When_an_operator_works_on_the_cluster(When_an_operator_works_on_the_cluster.Story story) : IClassFixture<When_an_operator_works_on_the_cluster.Story>
{
    public sealed class Story : LabStory
    {
        /// <summary>Longer than lease, margin, stop deadline and takeover together.</summary>
        private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

        public ProcessRun? On { get; private set; }

        public ProcessRun? OnAgain { get; private set; }

        public ProcessRun? Off { get; private set; }

        public string Status { get; private set; } = "";

        /// <summary>Who ran "files" and lost its power in maintenance.</summary>
        public string Dead { get; private set; } = "";

        /// <summary>The starts of "files" when maintenance ended, and when an operator had said that the dead node is off.</summary>
        public (int InMaintenance, int BeforeAcknowledged, int AfterAcknowledged) StartsOfFiles { get; private set; }

        public long OutageEnded { get; private set; }

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.WaitAsync("files is started", async () => (await FilesAsync()) is { State: ServiceState.Started }, StepTimeout);
            On = await Lab.QuorateAsync("maintenance", "on", "--json");
            OnAgain = await Lab.QuorateAsync("maintenance", "on");
            Status = (await Lab.QuorateAsync("status")).Output;

            await Lab.RunAsync("kill", "quorum1");
            await Lab.RunAsync("kill", "quorum2");
            await AwhileAsync();
            OutageEnded = Lab.Now();
            await Lab.RunAsync("start", "quorum1");
            await Lab.RunAsync("start", "quorum2");

            Dead = (await FilesAsync())?.Owner?.Value ?? "";
            await Lab.RunAsync("kill", Dead);
            await AwhileAsync();
            int inMaintenance = Lab.StartsOf("files").Count;

            Off = await Lab.QuorateAsync("maintenance", "off");
            await Lab.WaitForNodeAsync(Dead, NodeState.Lost, StepTimeout);
            await AwhileAsync();
            int beforeAcknowledged = Lab.StartsOf("files").Count;
            (await Lab.QuorateAsync("fence", "ack", Dead)).MustSucceed();
            await Lab.WaitAsync("files is taken over", async () => (await FilesAsync())?.Owner is { } owner && owner.Value != Dead && Lab.StartsOf("files").Count > 1, StepTimeout);
            StartsOfFiles = (inMaintenance, beforeAcknowledged, Lab.StartsOf("files").Count);
        }

        private async Task<ServiceView?> FilesAsync() => (await Lab.ClusterAsync())?.Services.SingleOrDefault(service => service.Name.Value == "service:files");

        private Task AwhileAsync()
        {
            long began = Lab.Now();
            return Lab.WaitAsync("a while has passed", () => Task.FromResult(Lab.Now() - began > Long.TotalNanoseconds), StepTimeout);
        }
    }

    [Fact]
    public void It_is_switched_on_once_every_node_has_confirmed_it_however_often_it_is_asked_for()
    {
        Assert.Equal((0, 0), (story.On?.ExitCode, story.OnAgain?.ExitCode));
        Assert.Contains("maintenance is on, confirmed by n1, n2, n3", story.On!.Output, StringComparison.Ordinal);
        Assert.Contains("IN MAINTENANCE", story.Status, StringComparison.Ordinal);
        Assert.Contains("[maintenance]", story.Status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_stops_for_want_of_a_lease()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
        Assert.All(["web", "mail", "batch"], name =>
        {
            Assert.Equal(1, story.Lab.StartsOf(name).Count(start => start.Time < story.OutageEnded));
            Assert.Contains(story.Lab.Witnessed(), line => line.Name == name && line.Event == "alive" && line.Time > story.OutageEnded);
        });
    }

    [Fact]
    public void A_node_that_died_meanwhile_is_taken_over_only_once_somebody_says_that_it_is_off()
    {
        Assert.Equal((1, 1, 2), story.StartsOfFiles);
        Assert.Equal(0, story.Off?.ExitCode);
        Assert.Contains($"offline, and told when they come back: {story.Dead}", story.Off!.Output, StringComparison.Ordinal);
    }
}
