using System.Diagnostics;
using System.Net;
using Quorate.Contracts.V1;
using Quorate.Tests.EndToEnd.Labs;
using Xunit.Abstractions;

namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>
/// One cluster with fence devices, and one outage after the other: a broker that hangs, a broker that is killed, a database that is back
/// before a lease ends, and one that is not. Source: issue 3, deliverable 6; rules S1, S2, S3, S13.
/// </summary>
[Collection(OutageCollection.Name)]
public sealed class When_an_engine_is_away(When_an_engine_is_away.Story story, ITestOutputHelper output) : IClassFixture<When_an_engine_is_away.Story>
{
    public sealed class Story : LabStory
    {
        private const int Pairs = 10;
        private static readonly TimeSpan Hang = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan BrokerOutage = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan ShortOutage = TimeSpan.FromSeconds(3);

        public List<Command> Commands { get; } = [];

        public List<HttpStatusCode> Accepted { get; } = [];

        public List<string?> Answers { get; } = [];

        public IReadOnlyList<string> LivesBefore { get; private set; } = [];

        public IReadOnlyList<string> LivesAfterShortOutages { get; private set; } = [];

        public IReadOnlyList<string> StartedBefore { get; private set; } = [];

        public IReadOnlyList<string> DoneDuringShortOutages { get; private set; } = [];

        public IReadOnlyList<string> DoneDuringLongOutage { get; private set; } = [];

        public IReadOnlyList<FenceAttempted> Fencing { get; private set; } = [];

        public int FenceRows { get; private set; }

        public IReadOnlyList<string> PutAside { get; private set; } = [];

        public string Processes { get; private set; } = "";

        public Dictionary<string, TimeSpan> Measured { get; } = [];

        /// <summary>The default: a short outage of the database is one of less than ttl less one heartbeat, 8 s.</summary>
        protected override int TtlMilliseconds => 10_000;

        protected override IReadOnlyList<string> Options => ["--fence"];

        protected override IReadOnlyDictionary<string, string?>? Environment => Observer.OwnEngines;

        protected override async Task HappenAsync()
        {
            using Observer observer = new(Lab);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.WaitForServiceAsync("mail", "n1", StepTimeout);
            LivesBefore = await observer.LivesAsync();
            StartedBefore = observer.Doings();

            await BrokerHangsAsync(observer);
            await BrokerIsKilledAsync(observer);
            await DatabaseIsAwayForAMomentAsync();
            LivesAfterShortOutages = await observer.LivesAsync();
            DoneDuringShortOutages = [.. observer.Doings().Skip(StartedBefore.Count)];

            await DatabaseIsAwayForLongAsync(observer);
            Fencing = await Lab.FencingAsync();
            FenceRows = await observer.CountAsync("SELECT COUNT(*) FROM quorum_fence");
            await observer.OutboxesAreEmptyAsync(StepTimeout);
            PutAside = await observer.PutAsideAsync();
            Processes = await observer.ProcessesAsync();
        }

        private async Task BrokerHangsAsync(Observer observer)
        {
            await Lab.RunAsync("freeze", "rabbitmq");
            await OrderAsync(observer, new Command("spare", "enable"));
            await Observer.LastAsync(Hang);
            await Lab.RunAsync("thaw", "rabbitmq");
            await AnswersAsync(observer, "command answered after the broker hung");
        }

        private async Task BrokerIsKilledAsync(Observer observer)
        {
            await Lab.RunAsync("kill", "rabbitmq");
            long began = Stopwatch.GetTimestamp();
            for (int pair = 0; pair < Pairs; pair++)
            {
                // Whichever of them comes last, it runs at the end: replicas take what waited for one service side by side.
                await OrderAsync(observer, new Command("spare", "restart"));
                await OrderAsync(observer, new Command("spare", "enable"));
            }

            await Observer.LastAsync(BrokerOutage - Stopwatch.GetElapsedTime(began));
            await Lab.RunAsync("start", "rabbitmq");
            Measured["broker killed until it listens again"] = Stopwatch.GetElapsedTime(began);
            await AnswersAsync(observer, $"{2 * Pairs} commands answered after the broker is back");
        }

        private async Task DatabaseIsAwayForAMomentAsync()
        {
            long began = Stopwatch.GetTimestamp();
            await Lab.RunAsync("kill", "postgres");
            await Observer.LastAsync(ShortOutage);
            await Lab.RunAsync("start", "postgres");
            Measured["database killed until it answers again"] = Stopwatch.GetElapsedTime(began);
            // A lease that was lost by this would have run out by then.
            await Observer.LastAsync(TimeSpan.FromMilliseconds(TtlMilliseconds));
        }

        private async Task DatabaseIsAwayForLongAsync(Observer observer)
        {
            int before = observer.Doings().Count;
            await Lab.RunAsync("kill", "postgres");
            await Lab.WaitAsync("every service is stopped", () => Task.FromResult(observer.Doings().Skip(before).Count() >= 5), StepTimeout);
            await Lab.RunAsync("start", "postgres");
            long began = Stopwatch.GetTimestamp();
            await Lab.WaitAsync("every service is started", () => Task.FromResult(observer.Doings().Skip(before).Count() >= 10), StepTimeout);
            Measured["all services started after the database is back"] = Stopwatch.GetElapsedTime(began);
            DoneDuringLongOutage = [.. observer.Doings().Skip(before)];
        }

        private async Task OrderAsync(Observer observer, Command command)
        {
            Commands.Add(command);
            Accepted.Add(await observer.OrderAsync(command));
        }

        /// <summary>The answers of all commands that have none yet.</summary>
        private async Task AnswersAsync(Observer observer, string what)
        {
            long began = Stopwatch.GetTimestamp();
            Answers.AddRange(await Task.WhenAll(Commands.Skip(Answers.Count).Select(observer.AnswerAsync)));
            Measured[what] = Stopwatch.GetElapsedTime(began);
        }
    }

    [Fact]
    public void Commands_are_accepted_while_the_broker_is_away_and_answered_when_it_is_back()
    {
        foreach ((string what, TimeSpan time) in story.Measured)
        {
            output.WriteLine($"{what}: {time.TotalSeconds:0.0} s");
        }

        Assert.All(story.Accepted, status => Assert.Equal(HttpStatusCode.Accepted, status));
        Assert.Equal(story.Commands.Count, story.Answers.Count);
        Assert.All(story.Answers, Assert.NotNull);
        Assert.Equal("Success", story.Answers[0]);
    }

    [Fact, Trait("Rule", "S3")]
    public void No_service_stops_and_no_node_is_lost_by_a_short_outage()
    {
        Assert.DoesNotContain(story.DoneDuringShortOutages, doing => !doing.Contains(" spare ", StringComparison.Ordinal));
        Assert.Equal(story.LivesBefore, story.LivesAfterShortOutages);
    }

    [Fact, Trait("Rule", "S9")]
    public void Without_a_database_for_longer_every_service_stops_once_and_starts_again_by_itself()
    {
        string[] services = ["batch", "files", "mail", "spare", "web"];

        Assert.Equal(services, story.DoneDuringLongOutage.Take(5).Select(NameStopped).Order(StringComparer.Ordinal));
        Assert.Equal(services, story.DoneDuringLongOutage.Skip(5).Select(NameStarted).Order(StringComparer.Ordinal));
    }

    [Fact, Trait("Rule", "S2")]
    public void Nobody_is_fenced_for_it()
    {
        Assert.Empty(story.Fencing);
        Assert.Equal(0, story.FenceRows);
    }

    [Fact, Trait("Rule", "S13")]
    public void Nothing_is_put_aside()
    {
        Assert.Empty(story.PutAside);
    }

    /// <summary>No process ended, to be started again by nobody.</summary>
    [Fact]
    public void Every_process_lives()
    {
        Assert.Contains("quorum1: running", story.Processes, StringComparison.Ordinal);
        Assert.DoesNotContain("dead", story.Processes, StringComparison.Ordinal);
        Assert.DoesNotContain("no executor", story.Processes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_service_ever_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }

    private static string NameStopped(string doing) => doing.Split(' ') is ["stop", var name, ..] ? name : doing;

    private static string NameStarted(string doing) => doing.Split(' ') is ["start", var name, ..] ? name : doing;
}
