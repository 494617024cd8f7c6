using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.V1;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Scheduler.Service;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>One scheduler as <see cref="SchedulerHost"/> builds it, on a free port of its own.</summary>
internal sealed class SchedulerReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SchedulerReplica(WebApplication app, LogBook logs)
    {
        _app = app;
        Logs = logs;
    }

    public IServiceProvider Services => _app.Services;

    public HttpClient Http { get; } = new();

    public IBusSender Bus => Services.GetRequiredService<IBusSender>();

    public IBusEndpoints Endpoints => Services.GetRequiredService<IBusEndpoints>();

    public FaultLog Faults { get; } = new();

    public LogBook Logs { get; }

    public static async Task<SchedulerReplica> StartAsync(
        QuorateOptions engines, TimeProvider time, BusConnection? bus, IDatabase? database, QuorumDouble quorum, Action<IServiceCollection>? change = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        LogBook logs = new();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = engines.ConfigurationFile,
            ["Quorate:Database"] = engines.Database,
            ["Quorate:Bus"] = engines.Bus,
            ["Quorate:BusPrefix"] = engines.BusPrefix,
            ["Quorate:Urls"] = "http://127.0.0.1:0",
            ["Quorate:TtlMilliseconds"] = "1000",
        });
        builder.Services.AddSingleton(time);
        change?.Invoke(builder.Services);
        SchedulerHost.Configure(builder, bus, database);
        builder.Services.AddSingleton(quorum);
        builder.Services.AddQuorateEndpoint("quorum.double", static endpoint => endpoint.Handler<QuorumDoubleHandler, RequestMembership>());
        WebApplication app = builder.Build();
        SchedulerHost.Map(app);
        SchedulerReplica replica = new(app, logs);
        app.Services.GetRequiredService<BusConnection>().Observe(replica.Faults);
        await app.StartAsync();
        replica.Http.BaseAddress = new Uri(app.Urls.Single());
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
