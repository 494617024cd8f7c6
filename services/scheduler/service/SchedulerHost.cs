using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting;
using Quorate.Hosting.Access;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Consumers;
using Quorate.Scheduler.Service.Deadlines;
using Quorate.Scheduler.Service.Deliveries;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Events;
using Quorate.Scheduler.Service.Sagas;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service;

/// <summary>Builds a scheduler; the process of its own and the demo's one process share it.</summary>
public static class SchedulerHost
{
    /// <summary>The queue that all replicas of the scheduler consume together.</summary>
    public const string Queue = QueueNames.Scheduler;

    /// <summary>The queue of all replicas for what is said again anyway.</summary>
    public const string HintQueue = QueueNames.SchedulerHints;

    /// <summary>The queue of all replicas for questions: what waits in it for long is not wanted any more.</summary>
    public const string QueryQueue = QueueNames.SchedulerQueries;

    /// <summary>Adds everything a scheduler is made of.</summary>
    /// <param name="builder">The host to add it to.</param>
    /// <param name="bus">A bus shared with other hosts of this process; null makes one.</param>
    /// <param name="database">A database shared with other hosts of this process; null makes one.</param>
    /// <exception cref="SettingsException">A setting is missing or wrong, or the configuration cannot be read (#6).</exception>
    public static void Configure(WebApplicationBuilder builder, BusConnection? bus = null, IDatabase? database = null)
    {
        List<string> required = [nameof(QuorateOptions.ConfigurationFile)];
        if (database is null)
        {
            required.Add(nameof(QuorateOptions.Database));
        }
        QuorateOptions options = QuorateSettings.Read(builder.Configuration, required);
        if (options.Urls.Length > 0)
        {
            builder.WebHost.UseUrls(options.Urls);
        }
        IServiceCollection services = builder.Services;
        services.AddSingleton(SchedulerTiming.From(options, ConfigurationLoader.ReadFile(options.ConfigurationFile).Configuration!));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        ApiAccess.Add(services, options);
        services.AddOpenApi(static openApi => openApi.AddOperationTransformer<ApiDescription>());
        services.AddQuorateDatabase(options, SchedulerSchema.Owner, SchedulerSchema.Migrations, database);
        services.AddHostedService<SqlInterface>();
        services.AddHostedService<ConfigurationStartup>();
        AddDecisions(services);
        AddQueues(services);
        services.AddQuorateBus(options, "scheduler", bus);
        services.AddQuorateParkedMessages(
            "scheduler", static (provider, token) => QueuesApi.NamesAsync(provider.GetRequiredService<UnitOfWorkFactory>(), token));
        services.AddSingleton<IGaugeSource, ServiceGauges>();
        services.AddHostedService<Evaluator>();
        services.AddHostedService<DeadlineTicker>();
        services.AddHostedService<CommandSweep>();
        services.AddHostedService<HistoryCleaning>();
        services.AddSingleton<EventBell>();
        services.AddHostedService(static provider => provider.GetRequiredService<EventBell>());
        services.AddHostedService<MembershipRequest>();
    }

    /// <summary>Maps the HTTP API, its description, the metrics and the health endpoints.</summary>
    public static void Map(WebApplication app)
    {
        ApiAccess.Use(app);
        SchedulerApi.Map(app);
        app.MapOpenApi();
        app.MapQuorateMetrics();
        app.MapQuorateHealth(services =>
            services.GetRequiredService<ConfigurationHolder>().IsLoaded ? null : "the configuration was not loaded yet");
    }

    private static void AddDecisions(IServiceCollection services)
    {
        services.AddSingleton<ConfigurationHolder>();
        services.AddSingleton<ConfigurationLoader>();
        services.AddSingleton<ConfigurationChange>();
        services.AddSingleton<ConfigurationDifferences>();
        services.AddSingleton<EvaluationSignals>();
        services.AddSingleton<ArbiterLooks>();
        services.AddSingleton<UnsafeSecondOwner>();
        services.AddSingleton<DecisionWriter>();
        services.AddSingleton<RowFailures>();
        services.AddSingleton<Parking>();
        services.AddSingleton<ServiceDecisions>();
        services.AddSingleton<PlanApplier>();
        services.AddSingleton<AnswerWaiters>();
        services.AddSingleton<ClusterQueries>();
        services.AddSingleton<PlacementQueries>();
        services.AddSingleton<Simulation>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<CommandIntake>();
        services.AddSingleton<QueuesApi>();
        services.AddSingleton<IUndeliveredMessages, UnreachedNodes>();
        services.AddSingleton<ArbiterSights>();
        services.AddScoped(typeof(DecideActivity<>));
    }

    private static void AddQueues(IServiceCollection services)
    {
        services.AddQuorateEndpoint(Queue, endpoint => endpoint
            .Saga<ServiceStateMachine, ServiceSaga, ServiceSagaStore>()
            .Consumer<ConfigurationConsumer, RequestConfiguration>()
            .Consumer<ApplyConfigurationConsumer, ApplyConfiguration>()
            .Consumer<ForeignAnswerConsumer, CommandAnswered>()
            .Consumer<MessageRaisedConsumer, MessageRaised>()
            .Consumer<FenceAttemptConsumer, FenceAttempted>());
        services.AddQuorateEndpoint(HintQueue, static endpoint => endpoint
            .Hints()
            .Consumer<MembershipConsumer, MembershipChanged>()
            .Handler<InventoryConsumer, NodeInventory>());
        services.AddQuorateEndpoint(QueryQueue, static endpoint => endpoint
            .Hints()
            .Query<BusQueries, GetCluster>()
            .Query<BusQueries, GetService>()
            .Query<BusQueries, GetHistory>());
        services.AddQuorateFanOut("scheduler.answers", endpoint => endpoint.Handler<AnswerAnnouncer, CommandAnswered>().Handler<ArbiterSights, ArbiterSeen>()
            .Handler<ConfigurationAnnouncer, ConfigurationPublished>());
    }
}
