using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What happens in the cluster can be listed, and followed without a gap.</summary>
public abstract class When_events_are_followed(RealEngines? servers) : A_scheduler(servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_failover_of_one_service_is_told_in_at_most_eight_lines()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        EventView before = (await UntilListedAsync("", events => events.Any(told => IsStart(told, "n1"))))[^1];

        await Cluster.SetAsync("n1", NodeState.Lost);
        // One that comes after a newer one is no news.
        await UntilListedAsync($"?after={before.Id}", events => events.Any(told => told.Text == "n1 is lost"));
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        IReadOnlyList<EventView> failover = await UntilListedAsync($"?after={before.Id}", events => events.Any(told => IsStart(told, "n2")));

        Assert.InRange(failover.Count, 4, 8);
        Assert.Equal(["n1 is lost", "n1 is fenced"], failover.Where(told => told.Kind == "membership").Select(told => told.Text));
        Assert.Equal("service:web is starting on n2 (was stopped): starting on n2 (best)", failover.Last(told => told.Text.Contains("is starting", StringComparison.Ordinal)).Text);
        Assert.All(failover, told => Assert.NotNull(told.Details));
    }

    [Fact]
    public async Task Whoever_comes_back_hears_what_happened_meanwhile_once()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        List<EventView> heard = [];
        await using (Listener first = await ListenAsync("?last=999", null))
        {
            await first.ReadAsync(heard, told => IsStart(told, "n1"));
            await Cluster.PostAsync("web", "relocate", "n2", wait: 30);
            await first.ReadAsync(heard, told => told.Text.Contains("is stopping", StringComparison.Ordinal));
        }

        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await using (Listener second = await ListenAsync("", heard[^1].Id))
        {
            await second.ReadAsync(heard, told => IsStart(told, "n2"));
        }

        IReadOnlyList<EventView> all = await UntilListedAsync("?last=999", events => events.Any(told => IsStart(told, "n2")));
        Assert.Equal(all.Take(heard.Count).Select(told => told.Id), heard.Select(told => told.Id));
    }

    /// <summary>A database that was set back, or events that were cleaned away: said, never passed over.</summary>
    [Theory]
    [InlineData("999999999-7")]
    [InlineData("0-999999999")]
    public async Task Whoever_asks_for_what_is_not_known_is_told_so(string unknown)
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await using Listener listener = await ListenAsync("", unknown);
        List<EventView> heard = [];
        await listener.ReadAsync(heard, told => told.Kind == "gap");
        await Cluster.FormAsync();

        await listener.ReadAsync(heard, told => IsStart(told, "n1"));

        Assert.Equal(unknown, heard[0].Id);
    }

    [Fact]
    public async Task Only_those_about_one_service_are_told_to_whoever_wants_no_others()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="other"/>""");
        await using Listener listener = await ListenAsync("?service=web", null);
        await Cluster.FormAsync();
        List<EventView> heard = [];

        await listener.ReadAsync(heard, told => IsStart(told, "n1"));

        Assert.All(heard, told => Assert.Equal("service:web", told.Service?.Value));
    }

    [Theory]
    [InlineData("?last=many")]
    [InlineData("?last=-1")]
    [InlineData("?after=yesterday")]
    [InlineData("?service=a%00")]
    public async Task A_question_that_makes_no_sense_is_answered_with_a_sentence(string query)
    {
        await StartAsync("""<service name="web" domain="order"/>""");

        using HttpResponseMessage response = await Cluster.First.Http.GetAsync($"/api/events{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"detail\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static bool IsStart(EventView told, string node) => told.Text.StartsWith($"service:web is started on {node}", StringComparison.Ordinal);

    private async Task<IReadOnlyList<EventView>> UntilListedAsync(string query, Func<IReadOnlyList<EventView>, bool> isSo)
    {
        IReadOnlyList<EventView> events = [];
        await Eventually.HoldsAsync("the events are told", async () =>
        {
            events = await Cluster.First.Http.GetFromJsonAsync<List<EventView>>($"/api/events{query}", JsonSerializerOptions.Web) ?? [];
            return isSo(events);
        });
        return events;
    }

    private async Task<Listener> ListenAsync(string query, string? after)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/events{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        HttpResponseMessage response = await Cluster.First.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return new Listener(response, await response.Content.ReadAsStreamAsync(), Cluster.Time);
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly CancellationTokenSource _patience = new(Patience);
        private readonly IAsyncEnumerator<SseItem<EventView?>> _items;

        private readonly ManualTimeProvider _time;

        public Listener(HttpResponseMessage response, Stream stream, ManualTimeProvider time)
        {
            (_response, _time) = (response, time);
            _items = SseParser.Create(stream, static (_, data) => data.IsEmpty ? null : JsonSerializer.Deserialize<EventView?>(data, JsonSerializerOptions.Web))
                .EnumerateAsync(_patience.Token).GetAsyncEnumerator(_patience.Token);
        }

        /// <summary>Reads on until one comes that is meant.</summary>
        public async Task ReadAsync(List<EventView> heard, Func<EventView, bool> isMeant)
        {
            while (await NextAsync())
            {
                if (_items.Current.Data is { } told)
                {
                    heard.Add(told);
                    if (isMeant(told))
                    {
                        return;
                    }
                }
            }

            Assert.Fail("the stream ended");
        }

        /// <summary>Time passes meanwhile: an event beside another transaction of the server is looked for again a little later.</summary>
        private async Task<bool> NextAsync()
        {
            Task<bool> next = _items.MoveNextAsync().AsTask();
            await Eventually.HoldsAsync("there is more", () =>
            {
                if (!next.IsCompleted)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(50));
                }
                return next.IsCompleted;
            }, Patience);
            return await next;
        }

        public async ValueTask DisposeAsync()
        {
            await _items.DisposeAsync();
            _patience.Dispose();
            _response.Dispose();
        }
    }
}

public sealed class When_events_are_followed_in_memory() : When_events_are_followed(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_events_are_followed_on_real_engines(RealEngines servers) : When_events_are_followed(servers);
