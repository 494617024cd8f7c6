using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.V1;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>A service that keeps lamps, made from the same parts as the real ones.</summary>
internal sealed class LampHost : IAsyncDisposable
{
    public const string Queue = "lamp.v1";

    private readonly IHost _host;

    private LampHost(IHost host, RecordingCrashPoint points, ConcurrentQueue<LampReported> reports, ConcurrentQueue<MessageRaised> raised)
    {
        _host = host;
        Points = points;
        Reports = reports;
        Raised = raised;
    }

    public RecordingCrashPoint Points { get; }

    /// <summary>What this host heard from all lamps, in order.</summary>
    public ConcurrentQueue<LampReported> Reports { get; }

    public ConcurrentQueue<MessageRaised> Raised { get; }

    public IServiceProvider Services => _host.Services;

    public BusConnection Bus => Services.GetRequiredService<BusConnection>();

    public IDatabase Database => Services.GetRequiredService<IDatabase>();

    public static async Task<LampHost> StartAsync(
        QuorateOptions options, IDatabase? database = null, BusConnection? bus = null, bool keepsLamps = true, ILoggerProvider? logs = null)
    {
        RecordingCrashPoint points = new();
        ConcurrentQueue<LampReported> reports = new();
        ConcurrentQueue<MessageRaised> raised = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }
        builder.Services.AddSingleton<ICrashPoint>(points);
        builder.Services.AddQuorateDatabase(options, "lamp", LampStore.Tables, database);
        if (keepsLamps)
        {
            builder.Services.AddQuorateEndpoint(Queue, endpoint => endpoint.Saga<LampMachine, Lamp, LampStore>());
        }
        builder.Services.AddQuorateFanOut("watch", endpoint => endpoint.Bounds(1, 1)
            .On<LampReported>((report, _, _) => Add(reports, report))
            .On<MessageRaised>((message, _, _) => Add(raised, message)));
        builder.Services.AddQuorateBus(options, "lamp", bus);
        IHost host = builder.Build();
        await host.StartAsync();
        return new LampHost(host, points, reports, raised);
    }

    public UnitOfWork Work() => Services.GetRequiredService<UnitOfWorkFactory>().Create();

    public Task SwitchAsync(string name, Guid? messageId = null) =>
        Bus.DeliverAsync(
            new LampSwitched { Name = name }, typeof(LampSwitched), messageId ?? Guid.NewGuid(), null, TimeSpan.FromSeconds(10), default);

    public async Task<int> CountAsync(string name)
    {
        await using DbConnection connection = await Database.OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COALESCE(MAX(count), 0) FROM lamps WHERE name = @name", new { name });
    }

    public async Task<int> OutboxRowsAsync()
    {
        await using DbConnection connection = await Database.OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM lamp_outbox");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static Task Add<T>(ConcurrentQueue<T> queue, T message)
    {
        queue.Enqueue(message);
        return Task.CompletedTask;
    }
}
