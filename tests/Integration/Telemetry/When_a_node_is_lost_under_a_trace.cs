using System.Collections.Immutable;
using System.Diagnostics;
using Quorate.Cli.Demo;

namespace Quorate.Tests.Integration.Telemetry;

/// <summary>
/// Source: issue 5, deliverable 7: one trace from a lost node to the last started service, across all services. A whole cluster in this process,
/// with real guards and agents; a node loses its power.
/// </summary>
public sealed class When_a_node_is_lost_under_a_trace(When_a_node_is_lost_under_a_trace.Story story) : IClassFixture<When_a_node_is_lost_under_a_trace.Story>
{
    public sealed class Story : IAsyncLifetime, IDisposable
    {
        private const string Victim = "n1";

        /// <summary>Those of the demo that start by themselves.</summary>
        private const int ServicesAtStart = 5;

        private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

        /// <summary>The lives of this cluster's nodes: other tests of this process start services too.</summary>
        private readonly HashSet<string> _lives = [];

        private RecordedSpans? _spans;

        internal RecordedSpans Spans => _spans ?? throw new InvalidOperationException("nothing is recorded yet");

        /// <summary>The span of the loss.</summary>
        internal Activity Lost { get; private set; } = new("none");

        /// <summary>The starts elsewhere of what ran on the lost node, the last agent run of each.</summary>
        internal ImmutableList<Activity> Starts { get; private set; } = [];

        public async Task InitializeAsync()
        {
            _spans = new RecordedSpans();
            DemoDirectory directory = DemoDirectory.Create();
            using DemoLog log = new(directory.LogFile);
            using CancellationTokenSource limit = new(Bound);
            DemoCluster cluster = await DemoCluster.StartAsync(directory, log, limit.Token);
            await using (cluster)
            {
                ImmutableList<Activity> before = await Spans.UntilAsync(
                    "all services run", spans => Started(spans, cluster) is { Count: ServicesAtStart } all ? all : null, Bound);
                string?[] concerned = [.. before.Where(span => Tag(span, "node") == Victim).Select(span => Tag(span, "service"))];
                Assert.NotEmpty(concerned);
                int sofar = Spans.All.Count;
                await cluster.CutPowerAsync(cluster.NodeOf(Victim));

                ImmutableList<Activity> after = await Spans.UntilAsync(
                    "what ran on the lost node runs elsewhere",
                    spans => Started(spans.RemoveRange(0, sofar), cluster) is var all && concerned.All(service => all.Any(span => Tag(span, "service") == service)) ? all : null,
                    Bound);
                Lost = await Spans.UntilAsync("the loss is told", spans => spans.Find(span => span.DisplayName == $"node lost {Victim}" && Is(span)), Bound);
                Starts = [.. after.Where(span => concerned.Contains(Tag(span, "service"))).Select(LastAgentOf)];
                // A consumer's span ends after the one it led to.
                await Spans.UntilAsync("the spans on the way have ended", _ => Starts.All(start => Spans.PathTo(start)[0].ParentSpanId == default) ? Starts : null, Bound);
            }

            directory.TryRemove();
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _spans?.Dispose();

        internal static string? Tag(Activity span, string name) => span.GetTagItem($"quorate.{name}") as string;

        /// <summary>The start orders that nodes of this cluster have carried out.</summary>
        private ImmutableList<Activity> Started(ImmutableList<Activity> spans, DemoCluster cluster)
        {
            _lives.UnionWith(cluster.Nodes.Select(node => node.Incarnation?.Value).OfType<string>());
            return [.. spans.Where(span => span.DisplayName.StartsWith("start service:", StringComparison.Ordinal) && Is(span))];
        }

        private bool Is(Activity span) => Tag(span, "incarnation") is { } incarnation && _lives.Contains(incarnation);

        private Activity LastAgentOf(Activity start) =>
            Spans.All.Last(span => span.ParentSpanId == start.SpanId && span.DisplayName.StartsWith("agent start ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_start_that_follows_has_the_trace_of_the_loss() => Assert.All(story.Starts, start => Assert.Equal(story.Lost.TraceId, start.TraceId));

    [Fact]
    public void The_loss_is_where_the_trace_begins() => Assert.Equal(default, story.Lost.ParentSpanId);

    /// <summary>No span on the way is missing: each names one that was recorded, from the agent up to the loss.</summary>
    [Fact]
    public void Each_start_leads_back_to_the_loss_through_executor_scheduler_and_quorum() => Assert.All(story.Starts, start =>
    {
        string[] path = [.. story.Spans.PathTo(start).Select(span => span.DisplayName)];

        Assert.Equal("node lost n1", path[0]);
        AssertInOrder(path, ["node lost ", "membership ", "evaluate membership ", "outbox OperateService", "start service:", "agent start "]);
    });

    /// <summary>Whether a scheduler planned for that message or by what it found stored, the message itself is of the trace, and was heard.</summary>
    [Fact]
    public void What_quorum_says_of_it_reaches_the_scheduler_in_it()
    {
        ImmutableList<Activity> sent = story.Spans.All.FindAll(span => span.TraceId == story.Lost.TraceId && span.DisplayName == "outbox MembershipChanged");

        Assert.NotEmpty(sent);
        Assert.Contains(story.Spans.All, span => span.DisplayName == "scheduler.hints.v1 receive" && sent.Any(story.Spans.PathTo(span).Contains));
    }

    [Fact]
    public void A_run_of_an_agent_says_how_it_ended() => Assert.All(story.Starts, start =>
    {
        Assert.Equal("success", Story.Tag(start, "outcome"));
        Assert.Equal(0, start.GetTagItem("quorate.exit_code"));
        Assert.IsType<long>(start.GetTagItem("quorate.duration_ms"));
    });

    private static void AssertInOrder(string[] path, string[] expected)
    {
        int at = 0;
        foreach (string step in expected)
        {
            at = Array.FindIndex(path, at, name => name.StartsWith(step, StringComparison.Ordinal)) + 1;
            Assert.True(at > 0, $"no '{step}' in its place in: {string.Join(" > ", path)}");
        }
    }
}
