using System.Diagnostics;
using System.Text.RegularExpressions;
using Quorate.Tests.EndToEnd.Labs;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.EndToEnd.Telemetry;

/// <summary>Source: issue 5, deliverable 7: <c>/metrics</c> of each service, after a takeover, read as strictly as the format is written.</summary>
public sealed partial class When_the_processes_are_scraped(When_the_processes_are_scraped.Story story) : IClassFixture<When_the_processes_are_scraped.Story>
{
    private static readonly TimeSpan ScrapeMax = TimeSpan.FromSeconds(2);

    public sealed class Story : LabStory
    {
        private static readonly string[] Replicas = ["quorum1", "quorum2", "scheduler1", "scheduler2"];

        /// <summary>An executor serves HTTP where it is told to; which port it was given, its log says.</summary>
        protected override IReadOnlyDictionary<string, string?> Environment { get; } =
            new Dictionary<string, string?>
            {
                ["QUORATE_LAB_SET_NODE"] = "Quorate__Urls=http://127.0.0.1:0",
                // A database of its own, to be frozen.
                ["QUORATE_LAB_POSTGRES"] = null,
            };

        internal Dictionary<string, ScrapedPage> Pages { get; } = [];

        internal TimeSpan Slowest { get; private set; }

        /// <summary>The pages while the database takes connections and answers nothing.</summary>
        internal List<ScrapedPage> Without { get; } = [];

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.RunAsync("kill", "n1");
            await Lab.WaitForServiceAsync("web", "n2", StepTimeout);
            await Lab.WaitAsync("the queues were counted", async () => (await ScrapeAsync("scheduler1")).Of("quorate_queue_depth").Count > 0, StepTimeout);
            foreach (string process in (string[])[.. Replicas, "n2"])
            {
                Pages[process] = await ScrapeAsync(process);
            }

            await Lab.RunAsync("freeze", "postgres");
            try
            {
                foreach (string process in Replicas)
                {
                    Without.Add(await ScrapeAsync(process));
                }
            }
            finally
            {
                await Lab.RunAsync("thaw", "postgres");
            }
        }

        private async Task<ScrapedPage> ScrapeAsync(string process)
        {
            using HttpClient client = new();
            string address = Lab.AddressOf(process);
            long began = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await client.GetAsync(new Uri($"{address}/metrics"));
            string text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            Slowest = TimeSpan.FromTicks(Math.Max(Slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
            return ScrapedPage.Read(text);
        }
    }

    [Fact]
    public void Together_they_have_the_metrics_that_are_documented() => Assert.Equal(
        Documented().Matches(File.ReadAllText(Path.Combine(Lab.Root, "docs", "observability.md"))).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal),
        story.Pages.Values.SelectMany(page => page.Types.Keys).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_quorum_replica_sees_two_nodes_with_leases()
    {
        Assert.All([story.Pages["quorum1"], story.Pages["quorum2"]], page =>
        {
            Assert.Equal(1, page.ValueOf("quorate_quorate"));
            Assert.Equal(2, page.ValueOf("quorate_nodes", ("state", "online")));
            Assert.Equal(["n2", "n3"], page.Of("quorate_lease_margin_seconds").Select(sample => sample.Labels["node"]));
            Assert.All(page.Of("quorate_lease_margin_seconds"), sample => Assert.InRange(sample.Value, 0.001, Lab.TtlMilliseconds / 1000.0));
        });
    }

    [Fact]
    public void Each_scheduler_sees_the_services_the_queues_and_an_outbox_that_is_sent()
    {
        Assert.All([story.Pages["scheduler1"], story.Pages["scheduler2"]], page =>
        {
            Assert.True(page.ValueOf("quorate_services", ("state", "started")) >= 1);
            Assert.Equal(0, page.ValueOf("quorate_services", ("state", "failed")));
            Assert.InRange(page.ValueOf("quorate_outbox_age_seconds", ("outbox", "scheduler")), 0, 10);
            Assert.InRange(page.ValueOf("quorate_outbox_waiting", ("outbox", "scheduler")), 0, 100);
        });
        Assert.InRange(story.Pages["scheduler1"].ValueOf("quorate_queue_depth", ("queue", "scheduler.v1")), 0, 100);
        Assert.Equal(0, story.Pages["scheduler1"].ValueOf("quorate_messages_parked", ("queue", "scheduler.v1")));
    }

    [Fact]
    public void Together_the_schedulers_counted_both_starts_of_the_service() => Assert.Equal(
        2,
        new[] { "scheduler1", "scheduler2" }.Sum(process => story.Pages[process].Of("quorate_transitions_total", ("to", "started"), ("service", "service:web")).Sum(sample => sample.Value)));

    [Fact]
    public void The_node_that_took_over_measured_its_lease_and_the_start()
    {
        ScrapedPage page = story.Pages["n2"];

        Assert.InRange(page.ValueOf("quorate_lease_margin_seconds", ("node", "n2")), 0.001, Lab.TtlMilliseconds / 1000.0);
        Assert.True(page.ValueOf("quorate_agent_duration_seconds_count", ("type", "ocf"), ("action", "start"), ("outcome", "success")) >= 1);
        Assert.InRange(page.ValueOf("quorate_agent_duration_seconds_sum", ("type", "ocf"), ("action", "start"), ("outcome", "success")), 0.001, 60);
    }

    [Fact]
    public void Every_page_begins_the_messages_of_its_component_at_zero() => Assert.All(story.Pages.Values, page => Assert.NotEmpty(page.Of("quorate_messages_raised_total")));

    [Fact]
    public void Without_an_answer_of_the_database_they_answer_all_the_same_and_claim_nothing()
    {
        Assert.All(story.Without, page => Assert.Empty(page.Of("quorate_outbox_age_seconds")));
        Assert.All(story.Without, page => Assert.Empty(page.Of("quorate_services")));
    }

    [Fact]
    public void No_scrape_takes_longer_than_two_seconds() => Assert.True(story.Slowest < ScrapeMax, $"{story.Slowest}");

    [GeneratedRegex(@"^\| `(quorate_[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();
}
