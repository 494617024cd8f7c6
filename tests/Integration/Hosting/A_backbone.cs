using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>Saga, inbox, outbox and bus together, on each pair of engines. Source: DESIGN 1.3 and S13.</summary>
public abstract class A_backbone : IAsyncLifetime
{
    private protected LampHost Lamps { get; private set; } = null!; // set by InitializeAsync before any test

    protected abstract Task<QuorateOptions> OptionsAsync();

    public async Task InitializeAsync() => Lamps = await LampHost.StartAsync(await OptionsAsync());

    public virtual async Task DisposeAsync() => await Lamps.DisposeAsync();

    [Fact]
    public async Task An_event_changes_its_row_and_its_effect_leaves()
    {
        await Lamps.SwitchAsync("hall");

        await Eventually.HoldsAsync("the report arrives", () => !Lamps.Reports.IsEmpty);
        Assert.Equal([new LampReported { Name = "hall", Count = 1 }], Lamps.Reports);
        Assert.Equal(1, await Lamps.CountAsync("hall"));
        await Eventually.HoldsAsync("the outbox is empty", async () => await Lamps.OutboxRowsAsync() == 0);
    }

    [Fact]
    public async Task The_same_message_twice_has_one_effect()
    {
        Guid id = Guid.NewGuid();

        await Lamps.SwitchAsync("hall", id);
        await Lamps.SwitchAsync("hall", id);
        await Eventually.HoldsAsync("both are acknowledged", () => Lamps.Points.Passed.Count(p => p == "acknowledged LampSwitched") == 2);
        await Lamps.SwitchAsync("hall");

        await Eventually.HoldsAsync("the second message counts", () => Lamps.Reports.Any(report => report.Count == 2));
        Assert.Equal([1, 2], Lamps.Reports.Select(report => report.Count));
    }

    [Fact]
    public async Task Events_at_the_same_time_lose_nothing()
    {
        const int Events = 20;

        await Task.WhenAll(Enumerable.Range(0, Events).Select(_ => Lamps.SwitchAsync("hall")));

        await Eventually.HoldsAsync("all events count", async () => await Lamps.CountAsync("hall") == Events);
        await Eventually.HoldsAsync("all reports arrive", () => Lamps.Reports.Count == Events);
        Assert.Equal(Enumerable.Range(1, Events), Lamps.Reports.Select(report => report.Count));
    }

    [Fact]
    public async Task A_transaction_that_fails_says_nothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Lamps.Work().RunAsync(
            async (work, _) =>
            {
                await work.Outbox.PublishAsync(new LampReported { Name = "ghost", Count = 1 }, "ghost");
                throw new InvalidOperationException("after the message was written");
            },
            CancellationToken.None));
        await Lamps.SwitchAsync("hall");

        await Eventually.HoldsAsync("a later report arrives", () => !Lamps.Reports.IsEmpty);
        Assert.DoesNotContain(Lamps.Reports, report => report.Name == "ghost");
        Assert.Equal(0, await Lamps.CountAsync("ghost"));
    }

    [Fact]
    public async Task A_message_that_breaks_its_handler_leaves_no_trace_and_stops_no_other()
    {
        await Lamps.SwitchAsync(LampMachine.Poison);
        await Lamps.SwitchAsync("hall");

        await Eventually.HoldsAsync("the sound one is handled", () => Lamps.Reports.Any(report => report.Name == "hall"));
        await Eventually.HoldsAsync("the broken one is acknowledged", () => Lamps.Points.Passed.Count(p => p == "acknowledged LampSwitched") == 2);
        Assert.Equal(0, await Lamps.CountAsync(LampMachine.Poison));
        Assert.DoesNotContain(Lamps.Reports, report => report.Name == LampMachine.Poison);
    }

    [Fact]
    public async Task Effects_of_one_key_leave_in_the_order_they_were_written()
    {
        const int Messages = 150;

        await Lamps.Work().RunAsync(
            async (work, _) =>
            {
                for (int count = 1; count <= Messages; count++)
                {
                    await work.Outbox.PublishAsync(new LampReported { Name = "row", Count = count }, "row");
                }
            },
            CancellationToken.None);

        await Eventually.HoldsAsync("all arrive", () => Lamps.Reports.Count == Messages);
        Assert.Equal(Enumerable.Range(1, Messages), Lamps.Reports.Select(report => report.Count));
    }

    /// <summary>Source: issue 5, deliverable 7: one trace across all services, although the message leaves after its cause has ended.</summary>
    [Fact]
    public async Task A_trace_goes_on_from_the_row_to_whoever_hears_of_it()
    {
        using RecordedSpans spans = new();
        Activity cause = Traces.Begin("cause", null)!; // recorded: the line before
        cause.TraceStateString = "vendor=1";
        await Lamps.Work().RunAsync(
            (work, _) => work.Outbox.PublishAsync(new LampReported { Name = "traced", Count = 1 }, "traced"), CancellationToken.None);
        cause.Dispose();

        Activity received = await spans.UntilAsync(
            "it is received", all => all.Find(span => span.TraceId == cause.TraceId && span.DisplayName.EndsWith(" receive", StringComparison.Ordinal)), TimeSpan.FromSeconds(20));
        await spans.UntilAsync("it is sent", all => all.Find(span => span.DisplayName == "outbox LampReported" && span.TraceId == cause.TraceId), TimeSpan.FromSeconds(20));

        string[] path = [.. spans.PathTo(received).Select(span => span.DisplayName)];
        Assert.Equal(["cause", "outbox LampReported"], path[..2]);
        Assert.Equal("vendor=1", spans.PathTo(received)[1].TraceStateString);
        await Eventually.HoldsAsync("it is heard", () => Lamps.Reports.Any(report => report.Name == "traced"));
    }

    [Fact, Trait("Rule", "S13")]
    public async Task A_row_that_cannot_be_sent_is_parked_and_raised_and_those_behind_it_go_on()
    {
        await Lamps.Work().RunAsync(
            async (work, _) =>
            {
                await work.Connection.ExecuteAsync(
                    """
                    INSERT INTO lamp_outbox (message_id, message_type, ordering_key, body, written_at)
                    VALUES (@id, 'Gone.Since.V1, Quorate.Contracts', 'hall', '{}', 0)
                    """,
                    new { id = Guid.NewGuid() }, work.Transaction);
                await work.Outbox.PublishAsync(new LampReported { Name = "hall", Count = 7 }, "hall");
            },
            CancellationToken.None);

        await Eventually.HoldsAsync("it is raised", () => Lamps.Raised.Any(message => message.Number == 1501));
        await Eventually.HoldsAsync("the one behind it leaves", () => Lamps.Reports.Any(report => report.Count == 7));
        Assert.Equal(1, await Lamps.OutboxRowsAsync());
    }

    [Fact]
    public async Task It_passes_every_crash_point_in_order()
    {
        await Lamps.SwitchAsync("hall");
        await Eventually.HoldsAsync("the last points are passed", () =>
            Lamps.Points.Passed.Contains("acknowledged LampSwitched") && Lamps.Points.Passed.Contains("sent LampReported"));

        List<string> passed = [.. Lamps.Points.Passed];
        int committed = passed.IndexOf($"{CrashPoints.Committed} LampSwitched");
        Assert.Equal(
            [$"{CrashPoints.Received} LampSwitched", $"{CrashPoints.Decided} LampSwitched", $"{CrashPoints.Committed} LampSwitched"],
            passed.Where(p => p.EndsWith("LampSwitched", StringComparison.Ordinal)).Take(3));
        Assert.True(passed.IndexOf($"{CrashPoints.Sent} LampReported") > committed);
        Assert.True(passed.IndexOf($"{CrashPoints.Acknowledged} LampSwitched") > committed);
    }

    [Fact]
    public async Task A_queue_of_an_incarnation_comes_and_goes()
    {
        TaskCompletionSource<LampReported> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SemaphoreSlim connected = new(0);
        IBusEndpoints endpoints = Lamps.Services.GetRequiredService<IBusEndpoints>();
        IAsyncDisposable queue = await endpoints.ConnectAsync("executor.n1.abc", endpoint => endpoint.OfOneLife(TimeSpan.FromSeconds(1), () => connected.Release())
            .On<LampReported>((report, _, _) =>
            {
                heard.TrySetResult(report);
                return Task.CompletedTask;
            }));

        bool isTaken = await Lamps.Services.GetRequiredService<IBusSender>().TrySendAsync(
            new LampReported { Name = "direct", Count = 3 }, "executor.n1.abc?durable=false");
        LampReported report = await heard.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await queue.DisposeAsync();

        Assert.True(isTaken);
        Assert.Equal(3, report.Count);
        Assert.Equal(1, connected.CurrentCount);
        await AssertQueueIsGoneAsync("executor.n1.abc");
    }

    [Fact]
    public async Task Its_probe_hears_itself()
    {
        BusProbe probe = Lamps.Services.GetRequiredService<BusProbe>();

        await Eventually.HoldsAsync("a message came back", () => probe.IsAlive);

        Assert.InRange(probe.SinceRoundTrip!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(8)); // IsAlive says that it is not null
    }

    protected abstract Task AssertQueueIsGoneAsync(string queue);
}
