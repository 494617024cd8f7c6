using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Parked;
using Quorate.Hosting.Queries;
using Quorate.Hosting.Refusals;
using Quorate.Hosting.Replies;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Hosting;

/// <summary>
/// What the shells put into their containers. Hosted services start in the order of registration: call
/// <see cref="AddQuorateDatabase"/> first, then <see cref="AddQuorateEndpoint"/> and <see cref="AddQuorateBus"/>, then the service's own.
/// </summary>
public static class QuorateServices
{
    /// <summary>Adds database, locks, unit of work, outbox and its dispatcher; tables are brought up to date at start.</summary>
    /// <param name="services">The container.</param>
    /// <param name="options">The settings; <c>Database</c> is used unless <paramref name="shared"/> is given.</param>
    /// <param name="prefix">The service's table prefix, e.g. <c>scheduler</c>.</param>
    /// <param name="migrations">The service's own tables, forward only.</param>
    /// <param name="shared">A database that several hosts of one process use; its maker disposes it.</param>
    public static IServiceCollection AddQuorateDatabase(
        this IServiceCollection services, QuorateOptions options, string prefix, IReadOnlyList<string> migrations, IDatabase? shared = null)
    {
        AddCommon(services, options);
        TablePrefix tables = new(prefix);
        services.AddSingleton(tables);
        if (shared is not null)
        {
            // Given as an instance, the container does not dispose it.
            services.AddSingleton(shared);
        }
        else
        {
            services.AddSingleton(provider => DatabaseFactory.Create(options.Database, provider.GetRequiredService<TimeProvider>()));
        }
        services.AddSingleton<IDistributedLockProvider>(static provider => provider.GetRequiredService<IDatabase>().Locks);
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton(static provider => new UnitOfWorkFactory(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<TablePrefix>(), provider.GetRequiredService<OutboxSignal>(),
            provider.GetRequiredService<ICrashPoint>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(static provider => provider.GetRequiredService<UnitOfWorkFactory>().Create());
        services.AddSingleton(new MigrationSet($"{prefix} bus", tables.Migrations));
        services.AddSingleton(new MigrationSet(prefix, migrations));
        services.AddHostedService<DatabaseStartup>();
        services.AddHostedService<OutboxDispatcher>();
        services.AddHostedService<ReplyDispatcher>();
        services.AddSingleton<IGaugeSource, OutboxGauges>();
        return services;
    }

    /// <summary>Adds the bus, senders, run-time endpoints, the probe, what is measured, and OTLP export where configured.</summary>
    /// <param name="services">The container.</param>
    /// <param name="options">The settings.</param>
    /// <param name="component">The service's name in telemetry: <c>quorum scheduler executor cli</c>.</param>
    /// <param name="shared">A bus that several hosts of one process use; its maker disposes it.</param>
    public static IServiceCollection AddQuorateBus(
        this IServiceCollection services, QuorateOptions options, string component, BusConnection? shared = null)
    {
        AddCommon(services, options);
        if (shared is not null)
        {
            services.AddSingleton(shared);
        }
        else
        {
            services.AddSingleton(provider => BusConnection.Create(options, provider.GetRequiredService<ILoggerFactory>()));
        }
        services.AddMetrics();
        services.AddSingleton(provider => new Instruments(provider.GetRequiredService<IMeterFactory>(), component));
        services.AddSingleton<Gauges>();
        services.AddSingleton<Exposition>();
        services.AddSingleton<IBusSender, BusSender>();
        services.AddSingleton<IBusEndpoints, BusEndpoints>();
        services.AddSingleton(static provider => new MessageRaiser(
            provider.GetRequiredService<IBusSender>(), provider.GetRequiredService<Instruments>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RefusalFilter(
            provider.GetRequiredService<BusConnection>(), provider.GetRequiredService<MessageRaiser>(), component,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RefusalFilter>>()));
        services.AddSingleton<QueryAnswering>();
        services.AddHostedService(provider => new BusHostedService(
            provider.GetRequiredService<BusConnection>(), provider.GetServices<EndpointRegistration>(), provider.GetRequiredService<MessageRaiser>(), component,
            provider, provider.GetRequiredService<ICrashPoint>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BusHostedService>>()));
        services.AddSingleton(static provider => new BusProbe(
            provider.GetRequiredService<BusConnection>(), provider, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BusProbe>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<BusProbe>());
        services.AddHostedService<OtlpExport>();
        return services;
    }

    /// <summary>Adds what looks after parked messages, and the watch over them. Needs database and bus.</summary>
    /// <param name="services">The container.</param>
    /// <param name="component">Who raises it when messages are parked.</param>
    /// <param name="queues">The cluster's queues at this moment, without prefix.</param>
    public static IServiceCollection AddQuorateParkedMessages(
        this IServiceCollection services, string component, Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<string>>> queues)
    {
        services.AddSingleton(static provider => new ParkedMessages(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<QuorateOptions>(), provider.GetRequiredService<ILogger<ParkedMessages>>()));
        services.AddSingleton(provider => new ParkedWatch(
            provider.GetRequiredService<ParkedMessages>(), token => queues(provider, token), provider.GetRequiredService<MessageRaiser>(), component,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ParkedWatch>>()));
        services.AddSingleton<IDegradation>(static provider => provider.GetRequiredService<ParkedWatch>());
        services.AddSingleton<IGaugeSource>(static provider => provider.GetRequiredService<ParkedWatch>());
        services.AddHostedService(static provider => provider.GetRequiredService<ParkedWatch>());
        return services;
    }

    /// <summary>Adds a queue that this host consumes from the start; its handlers, machines and stores are registered with it.</summary>
    /// <param name="services">The container.</param>
    /// <param name="queue">Name without prefix, with version: <c>scheduler.v1</c>.</param>
    /// <param name="configure">What it consumes.</param>
    public static IServiceCollection AddQuorateEndpoint(this IServiceCollection services, string queue, Action<EndpointBuilder> configure)
    {
        EndpointBuilder builder = new(queue);
        configure(builder);
        foreach (Type type in builder.Services)
        {
            bool isMachine = typeof(MassTransit.StateMachine).IsAssignableFrom(type);
            services.TryAdd(new ServiceDescriptor(type, type, isMachine ? ServiceLifetime.Singleton : ServiceLifetime.Scoped));
        }
        services.AddSingleton(new EndpointRegistration(builder));
        return services;
    }

    /// <summary>Adds a queue of this process alone, so that every replica gets each event; it ends with the process.</summary>
    public static IServiceCollection AddQuorateFanOut(this IServiceCollection services, string name, Action<EndpointBuilder> configure) =>
        services.AddQuorateEndpoint($"{name}.{Guid.NewGuid():N}", builder => configure(builder.Temporary()));

    /// <summary>One line for each log event, UTC, with the event's number: made to be searched.</summary>
    public static ILoggingBuilder AddQuorateConsole(this ILoggingBuilder logging)
    {
        // A line for each request (a heartbeat is one) would bury what an operator looks for.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.IncludeScopes = false;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        return logging;
    }

    private static void AddCommon(IServiceCollection services, QuorateOptions options)
    {
        QuorateSettings.Check(options);
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICrashPoint>(
            _ => options.CrashAt.Length == 0 ? new NoCrashPoint() : new KillingCrashPoint(options.CrashAt, options.CrashMarker));
    }
}
