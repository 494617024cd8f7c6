using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Cli.Api;
using Quorate.Contracts;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Quorum.Service;
using Quorate.Scheduler.Service;

namespace Quorate.Cli.Demo;

/// <summary>
/// A whole cluster in this process: one quorum, one scheduler and an executor for each node, built by the same code as in production,
/// on a bus in memory and a database in a file. Guards and agents are real processes.
/// </summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    /// <summary>Threads that may block at once before the pool hesitates: two for each guard's pipes, and SQLite, which knows no waiting without blocking.</summary>
    private const int BlockingThreads = 32;

    private static readonly TimeSpan HostStopTimeMax = TimeSpan.FromSeconds(10);

    private readonly DemoDirectory _directory;
    private readonly DemoLog _log;
    private readonly LoggerFactory _busLoggers;
    private readonly BusConnection _bus;
    private readonly IDatabase _database;
    private readonly PowerSwitch _power;
    private readonly List<IAsyncDisposable> _listeners = [];
    private WebApplication? _quorum;
    private WebApplication? _scheduler;
    private ClusterApi? _api;

    private DemoCluster(DemoDirectory directory, DemoLog log, string guardProgram)
    {
        _directory = directory;
        _log = log;
        Feed = new EventFeed(log);
        _power = new PowerSwitch(Feed);
        _busLoggers = new LoggerFactory([log.For("bus")]);
        _bus = BusConnection.Create(new QuorateOptions { Bus = "memory" }, _busLoggers);
        _database = DatabaseFactory.Create($"sqlite:{directory.Database}");
        Configuration =
            ClusterConfigurationReader.Read(File.ReadAllText(directory.ConfigurationFile), ResourceTypeCatalog.BuiltIn).Configuration
            ?? throw new InvalidDataException($"{directory.ConfigurationFile} is no cluster's configuration");
        Nodes = [.. Configuration.Nodes.Select(node => new DemoNode(node.Name, directory, log, _bus, guardProgram))];
    }

    /// <summary>The cluster as configured.</summary>
    public ClusterConfiguration Configuration { get; }

    /// <summary>In the order of the configuration.</summary>
    public ImmutableArray<DemoNode> Nodes { get; }

    /// <summary>What happens, in words.</summary>
    public EventFeed Feed { get; }

    /// <summary>Commands and queries, as any client sends them.</summary>
    public ClusterApi Api => _api ?? throw new InvalidOperationException("the cluster is not started");

    /// <summary>Where <see cref="Api"/> is served, for other terminals.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts quorum and scheduler, then all nodes at once. Services start when the nodes have their leases.</summary>
    /// <exception cref="FileNotFoundException">The guard is not built.</exception>
    public static async Task<DemoCluster> StartAsync(DemoDirectory directory, DemoLog log, CancellationToken cancellation)
    {
        string guard = GuardStart.BesideThisProgram() ?? throw new FileNotFoundException("quorate-guard is not beside this program; ./quorate builds it");
        // The pool begins with as many threads as there are processors, and adds one or two a second: with five hosts in one process a
        // heartbeat would wait behind blocked reads for longer than its lease.
        ThreadPool.SetMinThreads(BlockingThreads, BlockingThreads);
        DemoCluster cluster = new(directory, log, guard);
        try
        {
            await cluster.StartAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node of that name.</summary>
    public DemoNode NodeOf(string name) => Nodes.Single(node => node.Name.Value == name);

    /// <summary>Cuts the power of a node and lets the power switch know.</summary>
    public async Task CutPowerAsync(DemoNode node)
    {
        Feed.Tell($"{node.Name} loses its power: its guard and every process it ran are killed");
        if (await node.CutPowerAsync() is { } incarnation)
        {
            _power.SwitchedOff(node.Name, incarnation);
        }
    }

    /// <summary>Gives a node its power back.</summary>
    public async Task ReviveAsync(DemoNode node, CancellationToken cancellation)
    {
        Feed.Tell($"{node.Name} gets its power back: a new guard clears up after the old one, then joins");
        await node.StartAsync(cancellation);
    }

    /// <summary>Lets all nodes leave cleanly, at once.</summary>
    /// <returns>The names of those that did not prove everything stopped.</returns>
    public async Task<IReadOnlyList<string>> LeaveAsync()
    {
        bool[] clean = await Task.WhenAll(Nodes.Select(node => node.LeaveAsync()));
        return [.. Nodes.Where((_, index) => !clean[index]).Select(node => node.Name.Value)];
    }

    /// <summary>Ends everything; what could not be ended is thrown, after the rest has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        }
        finally
        {
            _api?.Dispose();
            foreach (IAsyncDisposable listener in _listeners)
            {
                await listener.DisposeAsync();
            }

            await StopAsync(_scheduler);
            await StopAsync(_quorum);
            await _bus.DisposeAsync();
            await _database.DisposeAsync();
            _busLoggers.Dispose();
        }
    }

    private static async Task StopAsync(WebApplication? host)
    {
        if (host is not null)
        {
            using CancellationTokenSource limit = new(HostStopTimeMax);
            await host.StopAsync(limit.Token);
            await host.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        WebApplicationBuilder quorum = NewBuilder("quorum");
        QuorumHost.Configure(quorum, database: _database, bus: _bus);
        _quorum = quorum.Build();
        QuorumHost.Map(_quorum);

        WebApplicationBuilder scheduler = NewBuilder("scheduler");
        SchedulerHost.Configure(scheduler, _bus, _database);
        _scheduler = scheduler.Build();
        SchedulerHost.Map(_scheduler);

        await _quorum.StartAsync(cancellation);
        await _scheduler.StartAsync(cancellation);
        Address = _scheduler.Urls.First();
        _api = new ClusterApi([new Uri(Address)], new SocketsHttpHandler { UseProxy = false });

        IBusEndpoints endpoints = _scheduler.Services.GetRequiredService<IBusEndpoints>();
        _listeners.Add(await Feed.ConnectAsync(endpoints, cancellation));
        _listeners.Add(await _power.ConnectAsync(endpoints, _scheduler.Services.GetRequiredService<IBusSender>(), cancellation));
        await Task.WhenAll(Nodes.Select(node => node.StartAsync(cancellation)));
    }

    private WebApplicationBuilder NewBuilder(string host)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = host,
            ContentRootPath = _directory.Root,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = _directory.ConfigurationFile,
            ["Quorate:Replica"] = "demo",
            ["Quorate:Urls"] = "http://127.0.0.1:0",
        });
        if (host != "quorum")
        {
            // One host sends the spans of all of this process; a second would send each of them again.
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_SDK_DISABLED"] = "true" });
        }

        builder.Logging.ClearProviders().AddProvider(_log.For(host));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        return builder;
    }
}
