using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Executor.Service;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting.Access;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Quorum.Service;
using Quorate.Scheduler.Service;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Access;

/// <summary>
/// A whole cluster of one node with a real guard, on a real broker: each program comes to it as its own user, out of the file of its secret,
/// and to the others over HTTP with its own token.
/// </summary>
internal sealed class ClusterOfUsers : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(40);

    private readonly BrokerWithUsers _broker;
    private readonly string _directory;
    private readonly IDatabase _database;
    private readonly HttpClient _http = new();
    private readonly List<string> _tokens = [];
    private WebApplication? _quorum;
    private WebApplication? _scheduler;
    private IHost? _executor;
    private GuardProcess? _guard;

    private ClusterOfUsers(BrokerWithUsers broker)
    {
        _broker = broker;
        _directory = Directory.CreateTempSubdirectory("quorate-users-").FullName;
        _database = DatabaseFactory.Create($"sqlite:{_directory}/cluster.db");
    }

    public Everything Log { get; } = new();

    /// <summary>Every token that was made.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    public IBusSender ExecutorsBus => _executor!.Services.GetRequiredService<IBusSender>();

    public static async Task<ClusterOfUsers> StartAsync(BrokerWithUsers broker)
    {
        ClusterOfUsers cluster = new(broker);
        await cluster.StartAsync();
        return cluster;
    }

    public async Task<ServiceView> GetAsync(string service) =>
        (await _http.GetFromJsonAsync<ServiceView>($"/api/services/{service}", JsonSerializerOptions.Web))!; // an answer has a body

    public async Task<QueuesView> QueuesAsync() => (await _http.GetFromJsonAsync<QueuesView>("/api/queues", JsonSerializerOptions.Web))!;

    public async Task<string> PostAsync(string path)
    {
        using HttpResponseMessage response = await _http.PostAsync(new Uri(path, UriKind.Relative), null);
        return await response.Content.ReadAsStringAsync();
    }

    public Task UntilAsync(string service, ServiceState state) => Eventually.HoldsAsync(
        $"{service} is {state}; {string.Join('\n', Log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal) || line.Contains("REFUSED", StringComparison.Ordinal)).TakeLast(30))}",
        async () => (await GetAsync(service)).State == state, StartTimeMax);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_executor is not null)
        {
            await _executor.StopAsync();
            _executor.Dispose();
        }
        if (_guard is not null)
        {
            await _guard.DisposeAsync();
        }
        foreach (WebApplication? host in (WebApplication?[])[_scheduler, _quorum])
        {
            if (host is not null)
            {
                await host.StopAsync();
                await host.DisposeAsync();
            }
        }
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartAsync()
    {
        string node = Token(ApiRole.Node, "n1");
        string person = Token(ApiRole.Operator, "oncall");
        await File.WriteAllTextAsync($"{_directory}/token", node);

        WebApplicationBuilder quorum = Web("quorum");
        QuorumHost.Configure(quorum, _database);
        _quorum = quorum.Build();
        QuorumHost.Map(_quorum);
        await _quorum.StartAsync();

        WebApplicationBuilder scheduler = Web("scheduler");
        SchedulerHost.Configure(scheduler, database: _database);
        _scheduler = scheduler.Build();
        SchedulerHost.Map(_scheduler);
        await _scheduler.StartAsync();
        _http.BaseAddress = new Uri(_scheduler.Urls.Single());
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", person);

        await StartNodeAsync(_quorum.Urls.Single());
    }

    private async Task StartNodeAsync(string quorum)
    {
        _guard = GuardProcess.Start(
            new GuardStart
            {
                Executable = GuardStart.BesideThisProgram() ?? throw new InvalidOperationException("quorate-guard is not built"),
                StateDirectory = $"{_directory}/guard",
                Node = new NodeName("n1"),
                AgentDirectories = [ExampleAgents()],
                StopDeadline = TimeSpan.FromSeconds(5),
            },
            Log.Write);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(Settings("executor.n1"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:Node"] = "n1",
            ["Quorate:StateDirectory"] = $"{_directory}/executor",
            ["Quorate:QuorumUrls"] = quorum,
            ["Quorate:TokenFile"] = $"{_directory}/token",
        });
        Listen(builder.Logging);
        ExecutorHost.Configure(builder, _guard.Client);
        _executor = builder.Build();
        await _executor.StartAsync();
    }

    private string Token(string role, string name)
    {
        string secret = AccessToken.NewSecret();
        _tokens.Add(secret);
        File.AppendAllText($"{_directory}/tokens", $"{new AccessToken(role, name, AccessToken.HashOf(secret)).Line}\n");
        return secret;
    }

    private WebApplicationBuilder Web(string user)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(Settings(user));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = _broker.ConfigurationFile,
            ["Quorate:Urls"] = "http://127.0.0.1:0",
            ["Quorate:TokensFile"] = $"{_directory}/tokens",
            ["Quorate:TtlMilliseconds"] = "4000",
        });
        Listen(builder.Logging);
        return builder;
    }

    private Dictionary<string, string?> Settings(string user)
    {
        string file = $"{_directory}/bus.{user}";
        File.WriteAllText(file, _broker.AddressOf(user));
        return new Dictionary<string, string?> { ["Quorate:BusFile"] = file, ["Quorate:BusPrefix"] = BrokerWithUsers.Prefix, ["Quorate:Replica"] = user };
    }

    private void Listen(ILoggingBuilder logging) => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Log);

    private static string ExampleAgents()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "examples", "agents")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("examples/agents is not above the tests"), "examples", "agents");
    }
}
