using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Tests.EndToEnd.Labs;
using Xunit.Abstractions;

namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>
/// A joining node makes a queue, and the broker loses its power in that moment. A replicated queue so young would be forgotten, and with
/// it all that its senders send; whatever was in this one is asked again. Source: docs/outages.md.
/// </summary>
[Collection(OutageCollection.Name)]
public sealed class When_a_broker_dies_as_a_node_joins(When_a_broker_dies_as_a_node_joins.Story story, ITestOutputHelper output)
    : IClassFixture<When_a_broker_dies_as_a_node_joins.Story>
{
    /// <summary>Of the log: it takes orders from the queue that it has just made.</summary>
    private const string TakesOrders = "[1321]";

    public sealed class Story : LabStory
    {
        private const int Rounds = 1;

        public List<ProcessRun> Moves { get; } = [];

        public List<TimeSpan> Times { get; } = [];

        public IReadOnlyList<string> PutAside { get; private set; } = [];

        protected override IReadOnlyDictionary<string, string?>? Environment => Observer.OwnEngines;

        protected override async Task HappenAsync()
        {
            using Observer observer = new(Lab);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            for (int round = 0; round < Rounds; round++)
            {
                await Lab.RunAsync("kill", "n2");
                await Lab.WaitForNodeAsync("n2", NodeState.Fenced, StepTimeout);
                int before = Queues();
                await Lab.RunAsync("start", "n2");
                await Lab.WaitAsync("n2 has made its queue", () => Task.FromResult(Queues() > before), StepTimeout);
                await Lab.RunAsync("kill", "rabbitmq");
                await Lab.RunAsync("start", "rabbitmq");
                await Lab.WaitForNodeAsync("n2", NodeState.Online, StepTimeout);

                long began = Stopwatch.GetTimestamp();
                Moves.Add(await Lab.QuorateAsync("relocate", "web", "--node", "n2"));
                Times.Add(Stopwatch.GetElapsedTime(began));
                Moves.Add(await Lab.QuorateAsync("relocate", "web", "--node", "n1"));
            }

            await observer.OutboxesAreEmptyAsync(StepTimeout);
            PutAside = await observer.PutAsideAsync();
        }

        private int Queues() => File.ReadLines(Lab.FileCalled("log/n2.log")).Count(line => line.Contains(TakesOrders, StringComparison.Ordinal));
    }

    [Fact]
    public void The_node_takes_a_service_all_the_same()
    {
        story.Times.ForEach(time => output.WriteLine($"relocated to the node that had just joined: {time.TotalSeconds:0.0} s"));

        Assert.All(story.Moves, move => Assert.True(move.ExitCode == 0, move.ToString()));
    }

    [Fact, Trait("Rule", "S13")]
    public void Nothing_is_put_aside() => Assert.Empty(story.PutAside);

    [Fact]
    public Task No_service_ever_has_two_owners() => story.Lab.AssertNeverTwoOwnersAsync();
}
