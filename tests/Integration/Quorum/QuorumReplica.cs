using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Quorum.Service;
using Quorate.Tests.Integration.Support;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>A whole quorum replica on the embedded database and the in-memory bus, ttl 1 s, nodes n1 to n3, and time by hand.</summary>
internal sealed class QuorumReplica : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly ManualTimeProvider _time = new();
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<object> _heard = new();
    private readonly ConcurrentQueue<int> _logged = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Dictionary<string, long> _answered = [];

    private QuorumReplica(string directory, string? agents, Action<IServiceCollection>? change, string? database, string? state, (string Address, string Prefix) bus)
    {
        _directory = directory;
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new EventIds(_logged));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = Path.Combine(directory, "cluster.conf"),
            ["Quorate:Database"] = database ?? $"sqlite:{Path.Combine(directory, "quorum.db")}",
            ["Quorate:StateDirectory"] = state ?? "",
            ["Quorate:Bus"] = bus.Address,
            ["Quorate:BusPrefix"] = bus.Prefix,
            ["Quorate:Urls"] = "http://127.0.0.1:0",
            ["Quorate:TtlMilliseconds"] = "1000",
            ["Quorate:Replica"] = "quorum1",
            ["Quorate:FenceAgentDirectories"] = agents ?? directory,
            ["Quorate:FenceTimeoutSeconds"] = "2",
        });
        builder.Services.AddSingleton<TimeProvider>(_time);
        QuorumHost.Configure(builder);
        change?.Invoke(builder.Services);
        _app = builder.Build();
        QuorumHost.Map(_app);
    }

    /// <summary>For a second life on the same database: the time of each begins anew, and nodes count on.</summary>
    public long SequenceOffset { get; set; }

    /// <summary>What heartbeats say that their nodes do when their leases run out; null says nothing, as executors once did.</summary>
    public OnLeaseLoss? OnLeaseLoss { get; set; }

    public IBusSender Bus => _app.Services.GetRequiredService<IBusSender>();

    /// <param name="n3">What stands in the <c>clusternode</c> of n3, such as its fence methods.</param>
    /// <param name="cluster">What stands beside <c>clusternodes</c>, such as fence devices.</param>
    /// <param name="agents">Where fence agents are; null for none.</param>
    /// <param name="change">Further services of the replica's container.</param>
    /// <param name="database">One that outlives the replica; null for one of its own.</param>
    /// <param name="state">Where it remembers the arbiter; null for in memory only.</param>
    /// <param name="bus">A real broker; null for one in memory.</param>
    /// <param name="text">Another file altogether; null for the one of three nodes.</param>
    public static async Task<QuorumReplica> StartAsync(
        string n3 = "", string cluster = "", string? agents = null, Action<IServiceCollection>? change = null,
        string? database = null, string? state = null, string? text = null, (string Address, string Prefix)? bus = null)
    {
        string directory = Directory.CreateTempSubdirectory("quorum-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "cluster.conf"), text ?? $"""
            <cluster name="test" config_version="1">
              <clusternodes>
                <clusternode name="n1" nodeid="1" votes="1"/><clusternode name="n2" nodeid="2" votes="1"/>
                <clusternode name="n3" nodeid="3" votes="1">{n3}</clusternode>
              </clusternodes>
              {cluster}
              <rm/>
            </cluster>
            """);
        QuorumReplica replica = new(directory, agents, change, database, state, bus ?? ("memory", ""));
        await replica._app.StartAsync();
        replica._http.BaseAddress = new Uri(replica._app.Urls.Single());
        await replica._app.Services.GetRequiredService<IBusEndpoints>().ConnectAsync("test.events", endpoint => endpoint.Temporary()
            .On<MembershipChanged>(replica.HearAsync)
            .On<QuorumFormed>(replica.HearAsync)
            .On<QuorumDissolved>(replica.HearAsync)
            .On<MessageRaised>(replica.HearAsync)
            .On<CommandAnswered>(replica.HearAsync)
            .On<FenceAttempted>(replica.HearAsync));
        return replica;
    }

    public async Task<HeartbeatAnswer> BeatAsync(string node, string incarnation, Func<NodeHeartbeat, NodeHeartbeat>? change = null)
    {
        NodeHeartbeat heartbeat = Heartbeat(node, incarnation);
        using HttpResponseMessage response = await _http.PostAsJsonAsync("/heartbeats", change?.Invoke(heartbeat) ?? heartbeat);
        response.EnsureSuccessStatusCode();
        HeartbeatAnswer answer = (await response.Content.ReadFromJsonAsync<HeartbeatAnswer>(JsonSerializerOptions.Web))!;
        _answered[incarnation] = answer.Sequence;
        return answer;
    }

    /// <summary>What a Prometheus server would see now.</summary>
    public async Task<ScrapedPage> ScrapeAsync() => ScrapedPage.Read(await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    /// <summary>Posts a body of any shape to where heartbeats go.</summary>
    public async Task<HttpStatusCode> PostAsync(string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri("/heartbeats", UriKind.Relative), content);
        return response.StatusCode;
    }

    public NodeHeartbeat Heartbeat(string node, string incarnation) => new()
    {
        Node = new NodeName(node),
        Incarnation = new Incarnation(incarnation),
        Sequence = SequenceOffset + _time.GetUtcNow().ToUnixTimeMilliseconds(),
        NewestAnswer = _answered.GetValueOrDefault(incarnation),
        NewestBusAnswer = _answered.GetValueOrDefault(incarnation),
        Promise = new NodePromise { StopDeadlineMilliseconds = 500, WatchdogMilliseconds = 200, IsSelfFencing = true, OnLeaseLoss = OnLeaseLoss },
    };

    /// <summary>Lets time pass tick by tick; each node (name, incarnation) heartbeats at every other tick.</summary>
    public async Task PassAsync(int milliseconds, params (string Node, string Incarnation)[] alive)
    {
        using CancellationTokenSource patience = new(Patience);
        for (int passed = 0; passed < milliseconds; passed += (int)Tick.TotalMilliseconds)
        {
            await PassTickAsync(patience.Token);
            foreach ((string node, string incarnation) in passed % 200 == 0 ? alive : [])
            {
                await BeatAsync(node, incarnation);
            }
        }
    }

    /// <summary>One tick, in as many steps as the replica looks in between: after a change it looks again at once.</summary>
    private async Task PassTickAsync(CancellationToken cancellationToken)
    {
        for (TimeSpan left = Tick; left > TimeSpan.Zero;)
        {
            TimeSpan next = await _time.UntilSomebodyWaitsWithinAsync(Tick, cancellationToken);
            TimeSpan step = next < left ? next : left;
            _time.Advance(step);
            left -= step;
        }

        await _time.UntilSomebodyWaitsWithinAsync(Tick, cancellationToken);
    }

    /// <summary>Waits until such a message was heard on the bus.</summary>
    public async Task<T> HeardAsync<T>(Func<T, bool> isMeant)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            if (_heard.OfType<T>().FirstOrDefault(isMeant) is { } heard)
            {
                return heard;
            }

            await _news.WaitAsync(patience.Token);
        }
    }

    /// <summary>The ids of what was logged so far.</summary>
    public IReadOnlyCollection<int> Logged => _logged;

    public bool HasHeard<T>() => _heard.OfType<T>().Any();

    /// <summary>All such messages so far, in the order they came.</summary>
    public IReadOnlyList<T> Heard<T>() => [.. _heard.OfType<T>()];

    /// <summary>Lets time pass until such a message was heard.</summary>
    public async Task<T> PassUntilHeardAsync<T>(Func<T, bool> isMeant, params (string Node, string Incarnation)[] alive)
    {
        await PassUntilAsync(() => _heard.OfType<T>().Any(isMeant), alive);
        return _heard.OfType<T>().First(isMeant);
    }

    /// <summary>Lets time pass until something is so; the real time it may take is bounded, since agents run in that one.</summary>
    public async Task PassUntilAsync(Func<bool> isSo, params (string Node, string Incarnation)[] alive)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"not so within {Patience.TotalSeconds} s");
            await PassAsync(200, alive);
        }
    }

    public async Task FormAsync()
    {
        await BeatAsync("n1", "a");
        await BeatAsync("n2", "b");
        await BeatAsync("n3", "c");
        await HeardAsync<QuorumFormed>(_ => true);
    }

    public async Task ExecuteAsync(string statement)
    {
        await using DbConnection connection = await _app.Services.GetRequiredService<IDatabase>().OpenAsync();
        await connection.ExecuteAsync(statement);
    }

    public Task<IAsyncDisposable> ListenAsync<T>(string queue, TaskCompletionSource<T> heard) where T : class =>
        _app.Services.GetRequiredService<IBusEndpoints>().ConnectAsync(queue, endpoint => endpoint.Temporary().On<T>((message, _, _) =>
        {
            heard.TrySetResult(message);
            return Task.CompletedTask;
        }));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _news.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Task HearAsync<T>(T message, Delivery delivery, CancellationToken cancellationToken) where T : class
    {
        _heard.Enqueue(message);
        _news.Release();
        return Task.CompletedTask;
    }

    private sealed class EventIds(ConcurrentQueue<int> logged) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logged.Enqueue(eventId.Id);

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
