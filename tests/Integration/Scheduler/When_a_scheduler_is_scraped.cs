using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Source: issue 5, deliverable 7.</summary>
public sealed class When_a_scheduler_is_scraped() : A_scheduler(null)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_tells_the_states_of_services_their_transitions_and_the_outbox()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="spare" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("service:web", ServiceState.Started, "n1");

        ScrapedPage page = await ScrapeAsync();

        Assert.Equal(1, page.ValueOf("quorate_services", ("state", "started")));
        Assert.Equal(1, page.ValueOf("quorate_services", ("state", "disabled")));
        Assert.Equal(0, page.ValueOf("quorate_services", ("state", "failed")));
        Assert.Equal(1, page.ValueOf("quorate_transitions_total", ("to", "starting"), ("service", "service:web")));
        Assert.Equal(1, page.ValueOf("quorate_transitions_total", ("from", "starting"), ("to", "started"), ("service", "service:web")));
        await Eventually.HoldsAsync("all is sent", async () => (await ScrapeAsync()).ValueOf("quorate_outbox_waiting", ("outbox", "scheduler")) == 0);
        Assert.Equal(0, (await ScrapeAsync()).ValueOf("quorate_outbox_age_seconds", ("outbox", "scheduler")));
    }

    [Fact]
    public async Task The_oldest_message_that_is_not_sent_says_for_how_long()
    {
        await StartAsync();
        long written = Cluster.Time.GetUtcNow().AddSeconds(-90).ToUnixTimeMilliseconds();
        // Written last, and none of this program's types: the first try leaves it, and so do the next ones for a while.
        await Cluster.ExecuteAsync(
            "INSERT INTO scheduler_outbox (message_id, message_type, ordering_key, body, written_at, attempts) VALUES (@id, 'Gone.V1, Gone', 'web', '{}', @written, -1000)",
            new { id = Guid.NewGuid(), written });

        await Eventually.HoldsAsync("nothing else waits", async () => (await ScrapeAsync()).ValueOf("quorate_outbox_waiting") == 1);
        ScrapedPage page = await ScrapeAsync();

        Assert.InRange(page.ValueOf("quorate_outbox_age_seconds"), 90, 120);
    }

    /// <summary>A service that waits for another one is placed in the trace of that one's start.</summary>
    [Fact]
    public async Task What_is_asked_for_in_a_trace_is_evaluated_in_it_and_nothing_else_is()
    {
        using RecordedSpans spans = new();
        EvaluationSignals signals = new(TimeProvider.System);
        string asked;
        using (Traces.Begin("cause", null))
        {
            asked = Traces.Here ?? "";
            signals.NeedPlacement([new("service:web")]);
        }

        EvaluationRequest first = await signals.WaitAsync(Bound, CancellationToken.None);
        signals.NeedSweep();
        EvaluationRequest second = await signals.WaitAsync(Bound, CancellationToken.None);

        Assert.Equal(asked, Assert.Single(first.Traces));
        Assert.Empty(second.Traces);
    }

    /// <summary>The signal that would bring the trace may be lost, or reach another replica than the membership does.</summary>
    [Fact]
    public async Task An_order_belongs_to_the_trace_of_the_membership_that_led_to_it()
    {
        using RecordedSpans spans = new();
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble _, ExecutorDouble n2, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("service:web", ServiceState.Started, "n1");

        ActivityTraceId trace = await UnderATraceAsync(() => Cluster.SetAsync("n1", NodeState.Fenced));
        await Cluster.UntilAsync("service:web", ServiceState.Started, "n2");

        await spans.UntilAsync("the order leaves", all => all.Find(span => span.TraceId == trace && span.DisplayName == "outbox OperateService"), Bound);
        await spans.UntilAsync("the start is told", all => all.FindLast(span => span.TraceId == trace && span.DisplayName == "outbox ServiceTransitioned"), Bound);
        Assert.Equal(NodeAction.Start, Assert.Single(n2.Orders).Action);
    }

    [Fact]
    public async Task An_order_that_is_sent_again_at_its_deadline_belongs_to_the_same_trace()
    {
        using RecordedSpans spans = new();
        await StartAsync("""<service name="web" domain="order"/>""");
        ActivityTraceId trace = default;
        ExecutorDouble? n1 = null;
        trace = await UnderATraceAsync(async () => (n1, _, _) = await Cluster.FormAsync(executor => executor.Answer = _ => null));
        await Eventually.HoldsAsync("it is ordered", () => n1!.Orders.Count == 1);

        Cluster.Time.Advance(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync("it is ordered again", () =>
        {
            Cluster.Time.Advance(TimeSpan.FromSeconds(1));
            return n1!.Orders.Count > 1;
        });

        await spans.UntilAsync("the deadline is of the trace", all => all.Find(span => span.TraceId == trace && span.DisplayName == "deadline service:web"), Bound);
    }

    private async Task<ScrapedPage> ScrapeAsync() => ScrapedPage.Read(await Cluster.First.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    private static async Task<ActivityTraceId> UnderATraceAsync(Func<Task> act)
    {
        using Activity cause = Traces.Begin("cause", null)!; // recorded: the caller records
        await act();
        return cause.TraceId;
    }
}
