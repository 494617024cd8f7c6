using Quorate.Contracts;
using Quorate.Executor.Service.Bus;
using Quorate.Executor.Service.Configuration;
using Quorate.Executor.Service.Guard;
using Quorate.Executor.Service.Leases;
using Quorate.Executor.Service.Operations;
using Quorate.Executor.Service.Sessions;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Executor.Service;

/// <summary>Builds the executor of one node, for the program of its own and for the demo alike.</summary>
public static class ExecutorHost
{
    /// <summary>The longest time a host gives an executor to leave; the guard's stop deadline ends it earlier as a rule.</summary>
    private static readonly TimeSpan ShutdownTimeMax = TimeSpan.FromMinutes(5);

    /// <summary>Puts an executor into a host.</summary>
    /// <param name="builder">Of a web application or a plain host; its configuration holds the section <c>Quorate</c>.</param>
    /// <param name="guard">The connection to this node's guard, not started yet. The caller disposes it after the host has ended.</param>
    /// <param name="bus">A bus that several hosts of one process share; null makes one from the settings.</param>
    /// <exception cref="SettingsException">A setting is missing or wrong.</exception>
    public static void Configure(IHostApplicationBuilder builder, GuardClient guard, BusConnection? bus = null)
    {
        QuorateOptions options = QuorateSettings.Read(builder.Configuration, nameof(QuorateOptions.Node), nameof(QuorateOptions.StateDirectory));
        ExecutorSettings settings = new()
        {
            Node = new NodeName(options.Node),
            StateDirectory = Path.GetFullPath(options.StateDirectory),
            QuorumUrls = [.. options.QuorumAddresses()],
            TokenFile = options.TokenFile.Length == 0 ? null : Path.GetFullPath(options.TokenFile),
        };

        if (settings.TokenFile is { } tokenFile)
        {
            // A file that is not there is a sentence at start, not a lease that is never granted over HTTP.
            SecretFile.Read(tokenFile);
        }

        IServiceCollection services = builder.Services;
        services.AddSingleton(settings);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeMax);
        services.AddSingleton<ExecutorBus>();
        services.AddSingleton<IExecutorBus>(provider => provider.GetRequiredService<ExecutorBus>());
        services.AddSingleton(provider => new QuorumEndpoints(settings.QuorumUrls, settings.TokenFile));
        services.AddSingleton(provider => PartsOf(provider, settings, guard));
        services.AddSingleton<ExecutorLoop>();
        services.AddSingleton<IGaugeSource, LeaseGauge>();

        // Services stop in the reverse order: the loop leaves the cluster while its bus still carries the goodbye. And they start in
        // this one: a broker that is away must not hold up heartbeats over HTTP.
        services.AddHostedService(provider => provider.GetRequiredService<ExecutorBus>());
        services.AddHostedService(provider => provider.GetRequiredService<ExecutorLoop>());
        services.AddQuorateBus(options, "executor", bus);
    }

    /// <summary>After the host has ended: 0 where the node left cleanly, else 1.</summary>
    public static int ExitCodeOf(IServiceProvider services) => services.GetRequiredService<ExecutorLoop>().ExitCode;

    /// <summary>What an executor holds right now, for tests and the demo's display.</summary>
    public static ExecutorView ViewOf(IServiceProvider services) => services.GetRequiredService<ExecutorLoop>().Current is { } session
        ? new ExecutorView(session.Incarnation, session.Lease.IsValidAt(Clocks.BootClock.Milliseconds), session.MayRun)
        : new ExecutorView(null, HasLease: false, []);

    private static SessionParts PartsOf(IServiceProvider provider, ExecutorSettings settings, GuardClient guard)
    {
        ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Quorate.Executor.{settings.Node}");
        IExecutorBus bus = provider.GetRequiredService<IExecutorBus>();
        Instruments instruments = provider.GetRequiredService<Instruments>();
        return new SessionParts
        {
            Settings = settings,
            Guard = guard,
            Agents = new AgentRuns(guard, instruments),
            Bus = bus,
            Quorum = provider.GetRequiredService<QuorumEndpoints>(),
            Configurations = new ConfigurationCache(settings.StateDirectory, logger),
            Messages = new MessageRaiser(settings.Node, bus, instruments, provider.GetRequiredService<TimeProvider>(), logger),
            Crash = provider.GetRequiredService<ICrashPoint>(),
            Logger = logger,
        };
    }
}
