using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting;
using Quorate.Hosting.Access;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service.Arbiter;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Service.Fencing;
using Quorate.Quorum.Service.Maintenance;
using Quorate.Quorum.Service.Orders;
using Quorate.Quorum.Service.Restraints;

namespace Quorate.Quorum.Service;

/// <summary>Builds a quorum replica: the same for its own process and for the one-process demo.</summary>
public static class QuorumHost
{
    /// <summary>The queue of all replicas.</summary>
    public const string Queue = QueueNames.Quorum;

    /// <summary>The queue of all replicas for what is said again anyway.</summary>
    public const string HintQueue = QueueNames.QuorumHints;

    private const int Prefetch = 500;
    private const int Concurrency = 100;

    /// <summary>Adds everything a replica needs.</summary>
    /// <param name="builder">Its section <c>Quorate</c> gives the settings: ConfigurationFile, Database, Bus, Replica, TtlMilliseconds, StateDirectory.</param>
    /// <param name="database">One that several hosts of this process share; null opens <c>Quorate:Database</c>.</param>
    /// <param name="bus">One that several hosts of this process share; null connects <c>Quorate:Bus</c>.</param>
    /// <exception cref="SettingsException">A setting or the configuration cannot be used; the message says every reason.</exception>
    public static void Configure(WebApplicationBuilder builder, IDatabase? database = null, BusConnection? bus = null)
    {
        List<string> required = [nameof(QuorateOptions.ConfigurationFile)];
        if (database is null)
        {
            required.Add(nameof(QuorateOptions.Database));
        }

        QuorateOptions options = QuorateSettings.Read(builder.Configuration, required);
        ClusterConfiguration cluster = ConfigurationFile.Read(options.ConfigurationFile, out string text);
        QuorumTiming timing = QuorumTiming.For(QuorumTiming.ChooseTtl(options.TtlMilliseconds, cluster.Quorum.Token));
        if (timing.FindProblems() is { IsEmpty: false } problems)
        {
            throw new SettingsException([.. problems]);
        }

        if (options.Urls.Length > 0)
        {
            builder.WebHost.UseUrls(options.Urls);
        }

        IServiceCollection services = builder.Services;
        ApiAccess.Add(services, options);
        services.AddQuorateDatabase(options, QuorumTables.Prefix, QuorumTables.Migrations, database);
        services.AddQuorateEndpoint(Queue, static endpoint => endpoint
            .Consumer<AcknowledgeFenceConsumer, AcknowledgeFence>()
            .Consumer<FenceNodeConsumer, FenceNode>()
            .Consumer<SetMaintenanceConsumer, SetMaintenance>()
            .Consumer<LockServicesConsumer, LockServices>()
            .Consumer<UnlockServicesConsumer, UnlockServices>()
            .Consumer<DrainNodeConsumer, DrainNode>()
            .Consumer<UndrainNodeConsumer, UndrainNode>()
            .Consumer<ConfigurationConsumer, ConfigurationPublished>()
            .Consumer<AcceptArbiterConsumer, AcceptArbiter>());
        services.AddQuorateEndpoint(HintQueue, static endpoint => endpoint
            .Hints()
            .Handler<HeartbeatHandler, NodeHeartbeat>()
            .Handler<RequestMembershipHandler, RequestMembership>()
            .Bounds(Prefetch, Concurrency));
        services.AddQuorateFanOut("quorum.arbiter", endpoint => endpoint.Handler<ArbiterSeenHandler, ArbiterSeen>());
        services.AddSingleton(new ConfigurationInForce(cluster, text));
        services.AddHostedService<ConfigurationStartup>();
        services.AddSingleton(timing);
        ArbiterFile file = new(options.StateDirectory);
        ArbiterSight remembered = file.Read();
        services.AddSingleton(file);
        services.AddSingleton(_ =>
        {
            ReplicaView view = new();
            view.Note(remembered);
            return view;
        });
        services.AddSingleton<ArbiterKeeper>();
        services.AddSingleton<IDegradation>(static provider => provider.GetRequiredService<ArbiterKeeper>());
        services.AddSingleton<IGaugeSource, QuorumGauges>();
        services.AddSingleton<HeartbeatIntake>();
        services.AddSingleton(new FenceAgentSettings(options.FenceAgentDirectoryList(), TimeSpan.FromSeconds(options.FenceTimeoutSeconds)));
        services.AddSingleton<FenceAgents>();
        services.AddSingleton<FencingWorker>();
        services.AddSingleton<MaintenanceAnswers>();
        services.AddSingleton<OrderKeeper>();
        services.AddSingleton<RestraintKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<HeartbeatIntake>());
        services.AddHostedService(provider => provider.GetRequiredService<FencingWorker>());
        services.AddHostedService<MembershipTicker>();
        services.AddHostedService<MembershipRepublisher>();
        services.AddHostedService<RecordCleaning>();
        services.AddHostedService(provider => provider.GetRequiredService<ArbiterKeeper>());
        services.AddQuorateBus(options, QuorumTables.Prefix, bus);
    }

    /// <summary>Maps <c>POST /heartbeats</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
    public static void Map(WebApplication app)
    {
        ApiAccess.Use(app);
        app.MapQuorateMetrics();
        app.MapQuorateHealth(static services =>
            services.GetRequiredService<ReplicaView>().Membership is null ? "the membership was not read yet" : null);
        app.MapPost("/heartbeats", static async (NodeHeartbeat heartbeat, HeartbeatIntake intake, CancellationToken cancellationToken) =>
        {
            try
            {
                return await intake.AskAsync(heartbeat, cancellationToken) is { } answer
                    ? Results.Ok(answer)
                    : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }
            catch (TimeoutException)
            {
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }
        }).RequireAuthorization(ApiRole.Node);
    }
}
