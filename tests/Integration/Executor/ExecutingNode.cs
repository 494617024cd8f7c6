using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Service;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Executor;

/// <summary>
/// A real executor and a real guard over a temporary directory, on a bus in memory. The test plays quorum and scheduler: it answers
/// heartbeats, sends orders and keeps what comes back.
/// </summary>
internal sealed class ExecutingNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Executable = 0b111_101_101;
    private static readonly ServiceName Web = new("service:web");

    private readonly BusConnection _bus = BusConnection.Create(new QuorateOptions());
    private readonly ConcurrentDictionary<string, string> _configurations = new();
    private IHost? _peer;
    private IHost? _executor;
    private GuardProcess? _guard;
    private RelayedGuard? _relayed;

    public ExecutingNode()
    {
        Root = Directory.CreateTempSubdirectory("quorate-executor-").FullName;
        Directory.CreateDirectory(Path.Combine(Root, "agents", "test"));
    }

    public string Root { get; }

    public bool GrantsLeases { get; set; } = true;

    /// <summary>False: the arbiter is not there.</summary>
    public bool AnswersHeartbeats { get; init; } = true;

    /// <summary>False: the executor is not expected to come as far as a lease.</summary>
    public bool CanServe { get; init; } = true;

    /// <summary>What each lease lasts.</summary>
    public int TtlMilliseconds { get; init; } = 10_000;

    /// <summary>The guard's file, or a program that becomes the guard.</summary>
    public string GuardFile { get; set; } = GuardStart.BesideThisProgram() ?? throw new InvalidOperationException("quorate-guard is not built");

    /// <summary>Where agents are looked for beside the test's own and the examples'.</summary>
    public IReadOnlyList<string> MoreAgents { get; init; } = [];

    /// <summary>With it the guard is the executor's parent, and <see cref="KillExecutorAsync"/> and <see cref="HangExecutorAsync"/> work.</summary>
    public bool IsGuardParent { get; init; }

    /// <summary>The guard's process id.</summary>
    public int GuardId => _guard?.Id ?? _relayed!.Id;

    public ConcurrentQueue<OperationEnded> Answers { get; } = new();

    public ConcurrentQueue<ServiceStatusFailed> Failures { get; } = new();

    public ConcurrentQueue<NodeInventory> Inventories { get; } = new();

    public ConcurrentQueue<MessageRaised> Raised { get; } = new();

    public ConcurrentQueue<string> Log { get; } = new();

    public ExecutorView View => ExecutorHost.ViewOf(_executor!.Services);

    /// <summary>What a Prometheus server would see; counts from the first call on, since this host serves no HTTP.</summary>
    public async Task<ScrapedPage> ScrapeAsync() => ScrapedPage.Read(await _executor!.Services.GetRequiredService<Exposition>().PageAsync());

    /// <summary>The lines the Witness agent wrote: time, node, event, name.</summary>
    public string[] Witnessed => File.Exists(Path.Combine(Root, "witness")) ? File.ReadAllLines(Path.Combine(Root, "witness")) : [];

    public void Agent(string type, string body, string provider = "test")
    {
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "agents", provider)).FullName, type);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)Executable);
        }
    }

    /// <summary>Starts the peer, the guard and the executor, and waits for the first hello.</summary>
    public async Task StartAsync()
    {
        _peer = PeerHost();
        await _peer.StartAsync();
        GuardStart start = new()
        {
            Executable = GuardFile,
            StateDirectory = Path.Combine(Root, "state"),
            Node = new NodeName("n1"),
            AgentDirectories = [Path.Combine(Root, "agents"), ExampleAgents(), .. MoreAgents],
            StopDeadline = TimeSpan.FromSeconds(10),
        };
        if (IsGuardParent)
        {
            _relayed = new RelayedGuard(start, Log.Enqueue);
            await StartExecutorAsync(await _relayed.AcceptAsync(Patience));
        }
        else
        {
            _guard = GuardProcess.Start(start, Log.Enqueue);
            await StartExecutorAsync(_guard.Client);
        }
    }

    /// <summary>kill -9 of the executor; its guard then starts the next one, and this returns once that has its lease.</summary>
    public Task KillExecutorAsync()
    {
        _relayed!.SignalExecutor("KILL");
        return ReplaceExecutorAsync();
    }

    /// <summary>Stops the executor as a hang would; its guard ends the incarnation by the lease, and this returns once the next one has its own.</summary>
    public Task HangExecutorAsync()
    {
        _relayed!.SignalExecutor("STOP");
        return ReplaceExecutorAsync();
    }

    private async Task ReplaceExecutorAsync()
    {
        IHost dead = _executor!;
        await UntilAsync(() => dead.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, "the executor noticed");
        await dead.StopAsync();
        dead.Dispose();
        await StartExecutorAsync(await _relayed!.AcceptAsync(Patience));
    }

    private async Task StartExecutorAsync(GuardClient guard)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration["Quorate:Node"] = "n1";
        builder.Configuration["Quorate:StateDirectory"] = Path.Combine(Root, "executor");
        builder.Logging.ClearProviders();
        ExecutorHost.Configure(builder, guard, _bus);
        _executor = builder.Build();
        await _executor.StartAsync();
        await UntilAsync(() => !CanServe || (View.Incarnation is not null && (!GrantsLeases || !AnswersHeartbeats || View.HasLease)), "the executor has its lease");
    }

    /// <summary>One service, web, of these resources; the text is kept to be asked for.</summary>
    public string Configure(string resources) => ConfigureServices($"<service name=\"web\">{resources}</service>");

    /// <summary>Any services; the text is kept to be asked for.</summary>
    public string ConfigureServices(string services)
    {
        string text = $"""
            <?xml version="1.0"?>
            <cluster name="test" config_version="1">
              <clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>
              <rm status_poll_interval="1">{services}</rm>
            </cluster>
            """;
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        _configurations[digest] = text;
        return digest;
    }

    public async Task<OperationEnded> OrderAsync(NodeAction action, long epoch, string digest, int attempt = 1, ServiceName? service = null)
    {
        int before = Answers.Count;
        await SendOrderAsync(service ?? Web, action, epoch, digest, attempt);
        await UntilAsync(() => Answers.Count > before, $"an answer to {action}, epoch {epoch}");
        return Answers.ToArray()[before];
    }

    /// <summary>Sends an order and does not wait for its answer.</summary>
    public Task SendOrderAsync(ServiceName service, NodeAction action, long epoch, string digest, int attempt = 1) => SendAsync(new OperateService
    {
        Service = service,
        Epoch = epoch,
        Attempt = attempt,
        Action = action,
        Node = new NodeName("n1"),
        Incarnation = View.Incarnation!.Value,
        ConfigurationDigest = digest,
        ConfigurationVersion = 1,
    });

    /// <summary>Quorum dissolves in a generation after that of the leases.</summary>
    public Task DissolveAsync() => SendAsync(new QuorumDissolved { Generation = 2 });

    /// <summary>Waits until a message of that number was raised on the bus.</summary>
    public async Task<string> RaisedAsync(int number)
    {
        await UntilAsync(() => Raised.Any(raised => raised.Number == number), $"message #{number} was raised");
        return Raised.First(raised => raised.Number == number).Text;
    }

    /// <summary>True once the executor ends, or was told to.</summary>
    public bool IsEnding => _executor!.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>Stops the executor as a clean leave.</summary>
    public async Task<int> LeaveAsync()
    {
        await _executor!.StopAsync();
        return ExecutorHost.ExitCodeOf(_executor.Services);
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"waited in vain until {what}; the guard said: {string.Join('\n', Log.TakeLast(20))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_executor is not null)
        {
            await _executor.StopAsync();
            _executor.Dispose();
        }

        if (_guard is not null)
        {
            await _guard.DisposeAsync();
        }

        if (_relayed is not null)
        {
            await _relayed.DisposeAsync();
        }

        if (_peer is not null)
        {
            await _peer.StopAsync();
            _peer.Dispose();
        }

        await _bus.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private IHost PeerHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        QuorateOptions options = new();
        builder.Services.AddQuorateEndpoint("peer.v1", endpoint => endpoint
            .On<NodeHeartbeat>((heartbeat, _, _) => AnswerAsync(heartbeat))
            .On<RequestConfiguration>((request, _, _) => AnswerAsync(request))
            .On<OperationEnded>((answer, _, _) => Keep(Answers, answer))
            .On<ServiceStatusFailed>((failure, _, _) => Keep(Failures, failure))
            .On<NodeInventory>((inventory, _, _) => Keep(Inventories, inventory))
            .On<MessageRaised>((raised, _, _) => Keep(Raised, raised)));
        builder.Services.AddQuorateBus(options, "test", _bus);
        return builder.Build();
    }

    private Task AnswerAsync(NodeHeartbeat heartbeat) => !AnswersHeartbeats ? Task.CompletedTask : SendAsync(
        new HeartbeatAnswer
        {
            Node = heartbeat.Node,
            Incarnation = heartbeat.Incarnation,
            Sequence = heartbeat.Sequence,
            Verdict = GrantsLeases ? HeartbeatVerdict.Granted : HeartbeatVerdict.Present,
            TtlMilliseconds = GrantsLeases ? TtlMilliseconds : 0,
            Generation = 1,
            IsQuorate = GrantsLeases,
        },
        heartbeat.Incarnation);

    private Task AnswerAsync(RequestConfiguration request) => _configurations.TryGetValue(request.Digest, out string? text)
        ? SendAsync(new ConfigurationPublished { Version = 1, Digest = request.Digest, Text = text }, request.Incarnation)
        : Task.CompletedTask;

    private static Task Keep<T>(ConcurrentQueue<T> kept, T message)
    {
        kept.Enqueue(message);
        return Task.CompletedTask;
    }

    private Task SendAsync<T>(T message, Incarnation? incarnation = null) where T : class =>
        _peer!.Services.GetRequiredService<IBusSender>().TrySendAsync(message, $"executor.n1.{incarnation ?? View.Incarnation}?durable=false");

    private static string ExampleAgents()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string agents = Path.Combine(folder.FullName, "examples", "agents");
            if (Directory.Exists(agents))
            {
                return agents;
            }
        }

        throw new InvalidOperationException("examples/agents is not above the tests");
    }
}
