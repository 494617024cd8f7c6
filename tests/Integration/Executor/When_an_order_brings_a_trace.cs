using System.Collections.Immutable;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Executor;

/// <summary>Source: issue 5, deliverable 7: runs of agents are spans with their result, and are measured.</summary>
public sealed class When_an_order_brings_a_trace : IAsyncLifetime, IAsyncDisposable
{
    private const string Flag = "<ocf name='one' agent='test:flag'><action name='status' interval='1s'/></ocf>";

    private static readonly ServiceName Web = new("service:web");

    private readonly ExecutingNode _node = new() { IsGuardParent = true };

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    private string File => Path.Combine(_node.Root, "up");

    [Fact]
    public async Task The_lease_and_each_run_of_an_agent_are_measured()
    {
        _node.Agent("flag", $"case $1 in start) : > {File} ;; stop) rm -f {File} ;; monitor) [ -e {File} ] || exit 7 ;; esac");
        await _node.StartAsync();
        ScrapedPage first = await _node.ScrapeAsync();
        string digest = _node.Configure(Flag);

        await _node.OrderAsync(NodeAction.Start, 1, digest);
        await _node.OrderAsync(NodeAction.Stop, 2, digest);
        ScrapedPage page = await _node.ScrapeAsync();

        Assert.InRange(first.ValueOf("quorate_lease_margin_seconds", ("node", "n1")), 0.001, _node.TtlMilliseconds / 1000.0);
        Assert.Equal(1, Runs(page, "start", "success"));
        Assert.Equal(1, Runs(page, "stop", "success"));
        Assert.Equal(1, Runs(page, "monitor", "not_running"));
        Assert.True(page.ValueOf("quorate_agent_duration_seconds_sum", ("type", "ocf"), ("action", "start")) is > 0 and < 30);
    }

    /// <summary>The one that took the order is gone; the next finds it, and the trace with it, on the disk.</summary>
    [Fact]
    public async Task An_executor_that_is_started_anew_goes_on_with_it()
    {
        using RecordedSpans spans = new();
        string begun = Path.Combine(_node.Root, "begun");
        _node.Agent("flag", $"case $1 in start) : > {begun}; while [ ! -e {File} ]; do read -t 0.1 none < /dev/zero; done ;; stop) rm -f {File} ;; monitor) [ -e {File} ] || exit 7 ;; esac");
        await _node.StartAsync();
        string digest = _node.Configure(Flag);
        ActivityTraceId trace;
        using (Activity cause = Traces.Begin("cause", null)!) // recorded: the first line
        {
            trace = cause.TraceId;
            await _node.SendOrderAsync(Web, NodeAction.Start, 1, digest);
        }

        await _node.UntilAsync(() => System.IO.File.Exists(begun), "the agent runs");
        await _node.KillExecutorAsync();
        await _node.UntilAsync(() => !_node.Answers.IsEmpty, "the next executor answers");

        ImmutableList<Activity> answered = await spans.UntilAsync(
            "both spans of the order and the answer have ended",
            all => Of(all, trace, "start service:web").Count == 2 && Of(all, trace, "publish OperationEnded").Count == 1 ? Of(all, trace, "publish OperationEnded") : null,
            ExecutingNode.Patience);
        Assert.Equal(Of(spans.All, trace, "start service:web")[^1].SpanId, answered[0].ParentSpanId);
    }

    /// <summary>What recovers it has a beginning that tells why.</summary>
    [Fact]
    public async Task A_failed_check_begins_a_trace_of_its_own()
    {
        using RecordedSpans spans = new();
        _node.Agent("flag", $"case $1 in start) : > {File} ;; stop) rm -f {File} ;; monitor) [ -e {File} ] || exit 7 ;; esac");
        await _node.StartAsync();
        ActivityTraceId trace;
        using (Activity cause = Traces.Begin("cause", null)!) // recorded: the first line
        {
            trace = cause.TraceId;
            await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Flag));
        }

        System.IO.File.Delete(File);
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "the failure is told");

        Activity failed = await spans.UntilAsync("the failure is a span", all => all.Find(span => span.DisplayName == "status failed ocf:one"), ExecutingNode.Patience);
        Assert.Equal(default, failed.ParentSpanId);
        Assert.NotEqual(trace, failed.TraceId);
        Assert.DoesNotContain(spans.All, span => span.TraceId == trace && span.DisplayName.StartsWith("agent monitor", StringComparison.Ordinal));
    }

    private static double Runs(ScrapedPage page, string action, string outcome) =>
        page.ValueOf("quorate_agent_duration_seconds_count", ("type", "ocf"), ("action", action), ("outcome", outcome));

    private static ImmutableList<Activity> Of(ImmutableList<Activity> spans, ActivityTraceId trace, string name) =>
        spans.FindAll(span => span.TraceId == trace && span.DisplayName == name);
}
