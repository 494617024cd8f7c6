using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Tests.Integration.Telemetry;

/// <summary>Source: issue 5, deliverable 7; the format is Prometheus text, version 0.0.4.</summary>
public sealed class When_metrics_are_scraped : IDisposable
{
    private static readonly TimeSpan ScrapeMax = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Every_metric_says_what_it_is_and_each_label_comes_back_as_it_was()
    {
        const string Odd = "service:a \"b\" \\n\\ c\nd";
        Instruments instruments = NewInstruments("scheduler");
        using Exposition exposition = NewExposition(instruments);
        instruments.Counter(MetricCatalogue.Transitions).Add(2, Instruments.Tags(MetricCatalogue.Transitions, "started", "failed", Odd));

        ScrapedPage page = ScrapedPage.Read(await exposition.PageAsync());

        Assert.Equal("counter", page.Types["quorate_transitions_total"]);
        Assert.Equal(2, page.ValueOf("quorate_transitions_total", ("from", "started"), ("to", "failed"), ("service", Odd)));
    }

    [Fact]
    public async Task A_histogram_counts_what_is_not_above_each_bound()
    {
        Instruments instruments = NewInstruments("executor");
        using Exposition exposition = NewExposition(instruments);
        Histogram<double> durations = instruments.Histogram(MetricCatalogue.AgentDuration);
        foreach (double seconds in new[] { 0.05, 0.3, 700 })
        {
            durations.Record(seconds, Instruments.Tags(MetricCatalogue.AgentDuration, "ip", "start", "success"));
        }

        ScrapedPage page = ScrapedPage.Read(await exposition.PageAsync());

        Assert.Equal(1, page.ValueOf("quorate_agent_duration_seconds_bucket", ("type", "ip"), ("le", "0.05")));
        Assert.Equal(2, page.ValueOf("quorate_agent_duration_seconds_bucket", ("type", "ip"), ("le", "0.5")));
        Assert.Equal(2, page.ValueOf("quorate_agent_duration_seconds_bucket", ("type", "ip"), ("le", "600")));
        Assert.Equal(3, page.ValueOf("quorate_agent_duration_seconds_bucket", ("type", "ip"), ("le", "+Inf")));
        Assert.Equal(700.35, page.ValueOf("quorate_agent_duration_seconds_sum"), precision: 9);
    }

    /// <summary>The demo and the tests have several replicas in one process.</summary>
    [Fact]
    public async Task Two_hosts_of_one_process_count_apart()
    {
        using ServiceProvider others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Instruments one = NewInstruments("scheduler");
        using Exposition exposition = NewExposition(one);
        Instruments two = new(others.GetRequiredService<IMeterFactory>(), "scheduler");

        one.Raised((int)CatalogueMessage.EvaluationLockFailed, "scheduler");
        two.Raised((int)CatalogueMessage.EvaluationLockFailed, "scheduler");

        Assert.Equal(1, ScrapedPage.Read(await exposition.PageAsync()).ValueOf("quorate_messages_raised_total", ("number", "33")));
    }

    /// <summary>Prometheus sees an increase only where there was a value before.</summary>
    [Fact]
    public async Task A_message_that_was_never_raised_counts_zero()
    {
        using Exposition exposition = NewExposition(NewInstruments("scheduler"));

        ScrapedPage page = ScrapedPage.Read(await exposition.PageAsync());

        Assert.Equal(0, page.ValueOf("quorate_messages_raised_total", ("number", "33"), ("component", "scheduler"), ("severity", "error")));
        Assert.All(page.Of("quorate_messages_raised_total"), sample => Assert.Equal("scheduler", sample.Labels["component"]));
    }

    /// <summary>The lease of a lost node must not look as if it still ran.</summary>
    [Fact]
    public async Task A_gauge_that_nobody_measures_any_more_is_gone()
    {
        Source source = new([new GaugeValue(MetricCatalogue.LeaseMargin, 1.5, "n1"), new GaugeValue(MetricCatalogue.LeaseMargin, 2, "n2")]);
        using Exposition exposition = NewExposition(NewInstruments("quorum"), source);
        Assert.Equal(2, ScrapedPage.Read(await exposition.PageAsync()).Of("quorate_lease_margin_seconds").Count);

        source.Answer = () => Task.FromResult<IReadOnlyList<GaugeValue>>([new GaugeValue(MetricCatalogue.LeaseMargin, 1.2, "n1")]);
        ScrapedPage page = ScrapedPage.Read(await exposition.PageAsync());

        Assert.Equal(1.2, page.ValueOf("quorate_lease_margin_seconds"));
    }

    [Fact]
    public async Task Sources_that_hang_or_fail_leave_the_rest_of_the_page_and_cost_less_than_two_seconds()
    {
        Source well = new([new GaugeValue(MetricCatalogue.Quorate, 1)]);
        Source hanging = new([new GaugeValue(MetricCatalogue.OutboxAge, 7, "scheduler")]);
        Source failing = new([new GaugeValue(MetricCatalogue.OutboxWaiting, 7, "scheduler")]);
        using Exposition exposition = NewExposition(NewInstruments("scheduler"), hanging, well, failing);
        Assert.Single(ScrapedPage.Read(await exposition.PageAsync()).Of("quorate_outbox_age_seconds"));
        TaskCompletionSource<IReadOnlyList<GaugeValue>> never = new();
        hanging.Answer = () => never.Task;
        failing.Answer = () => Task.FromException<IReadOnlyList<GaugeValue>>(new NpgsqlException("away"));

        long began = Stopwatch.GetTimestamp();
        string[] pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => exposition.PageAsync()));
        TimeSpan took = Stopwatch.GetElapsedTime(began);

        Assert.True(took < ScrapeMax, $"five scrapes at once took {took}");
        Assert.Equal(2, hanging.Asked);
        Assert.All(pages.Select(ScrapedPage.Read), page =>
        {
            Assert.Empty(page.Of("quorate_outbox_age_seconds"));
            Assert.Empty(page.Of("quorate_outbox_waiting"));
            Assert.Equal(1, page.ValueOf("quorate_quorate"));
        });
        never.SetResult([]);
    }

    /// <summary>A message could otherwise fill the memory.</summary>
    [Fact]
    public async Task Series_beyond_what_any_configuration_names_are_dropped()
    {
        Instruments instruments = NewInstruments("scheduler");
        using Exposition exposition = NewExposition(instruments);
        Counter<long> transitions = instruments.Counter(MetricCatalogue.Transitions);
        for (int index = 0; index <= MetricFamily.SeriesMax; index++)
        {
            transitions.Add(1, Instruments.Tags(MetricCatalogue.Transitions, "a", "b", $"{index}"));
        }

        string page = await exposition.PageAsync();

        Assert.Equal(MetricFamily.SeriesMax, page.Split('\n').Count(line => line.StartsWith("quorate_transitions_total{", StringComparison.Ordinal)));
    }

    private Instruments NewInstruments(string component) => new(_services.GetRequiredService<IMeterFactory>(), component);

    private static Exposition NewExposition(Instruments instruments, params IGaugeSource[] sources) => new(instruments, new Gauges(instruments, sources, TimeProvider.System));

    private sealed class Source(IReadOnlyList<GaugeValue> values) : IGaugeSource
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Func<Task<IReadOnlyList<GaugeValue>>> Answer { get; set; } = () => Task.FromResult(values);

        public ImmutableArray<MetricDefinition> Gauges { get; } = [.. values.Select(value => value.Metric).Distinct()];

        public Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Answer();
        }
    }
}
