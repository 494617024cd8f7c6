using System.Diagnostics;
using Quorate.Tests.EndToEnd.Labs;
using Xunit.Abstractions;

namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>
/// A RabbitMQ cluster of three. The one dies that leads the scheduler's queue and to which the processes are connected; it comes back, and
/// then its successor dies.
/// Source: issue 3, deliverable 6.
/// </summary>
[Collection(OutageCollection.Name)]
public sealed class When_a_broker_of_the_cluster_dies(When_a_broker_of_the_cluster_dies.Story story, ITestOutputHelper output)
    : IClassFixture<When_a_broker_of_the_cluster_dies.Story>
{
    public sealed class Story : LabStory
    {
        private const string Queue = "scheduler.v1";

        public List<string?> Answers { get; } = [];

        public IReadOnlyList<string> LivesBefore { get; private set; } = [];

        public IReadOnlyList<string> LivesAfter { get; private set; } = [];

        public IReadOnlyList<string> Done { get; private set; } = [];

        public IReadOnlyList<string> PutAside { get; private set; } = [];

        public Dictionary<string, TimeSpan> Measured { get; } = [];

        private const int Brokers = 3;

        protected override bool IsLong => true;

        protected override IReadOnlyList<string> Options => ["--brokers", "3"];

        protected override IReadOnlyDictionary<string, string?>? Environment => Observer.OwnEngines;

        protected override async Task HappenAsync()
        {
            using Observer observer = new(Lab);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            LivesBefore = await observer.LivesAsync();
            int before = observer.Doings().Count;

            string leader = await observer.LeaderAsync(Queue, "rabbitmq1");
            await LoseAsync(observer, leader, "the leader of the queue");
            await Lab.RunAsync("start", leader);
            await Lab.WaitAsync("all replicas run again", async () => await observer.ReplicasAsync(Queue, leader) == Brokers, StepTimeout);
            await LoseAsync(observer, await observer.LeaderAsync(Queue, leader), "its successor");

            LivesAfter = await observer.LivesAsync();
            Done = [.. observer.Doings().Skip(before)];
            await observer.OutboxesAreEmptyAsync(StepTimeout);
            PutAside = await observer.PutAsideAsync(leader);
        }

        private async Task LoseAsync(Observer observer, string broker, string what)
        {
            await Lab.RunAsync("kill", broker);
            long began = Stopwatch.GetTimestamp();
            Answers.Add(await observer.AnswerAsync(new Command("spare", "enable")));
            Measured[$"start answered after {what} died"] = Stopwatch.GetElapsedTime(began);
            Answers.Add(await observer.AnswerAsync(new Command("spare", "disable")));
        }
    }

    [LongFact]
    public void Commands_go_on()
    {
        foreach ((string what, TimeSpan time) in story.Measured)
        {
            output.WriteLine($"{what}: {time.TotalSeconds:0.0} s");
        }

        Assert.Equal(["Success", "Success", "Success", "Success"], story.Answers);
    }

    [LongFact, Trait("Rule", "S3")]
    public void No_service_stops_and_no_node_is_lost()
    {
        Assert.DoesNotContain(story.Done, doing => !doing.Contains(" spare ", StringComparison.Ordinal));
        Assert.Equal(story.LivesBefore, story.LivesAfter);
    }

    [LongFact]
    public void Nothing_is_put_aside()
    {
        Assert.Empty(story.PutAside);
    }

    [LongFact]
    public async Task No_service_ever_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
