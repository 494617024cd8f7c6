using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Hosting.Access;
using Quorate.Quorum.Service;
using Quorate.Scheduler.Service;

namespace Quorate.Tests.Integration.Access;

/// <summary>A scheduler and a quorum replica, each alone on a bus in memory, that ask for tokens.</summary>
public sealed class ApisUnderTokens : IAsyncLifetime
{
    private const string Configuration = """
        <cluster name="test" config_version="1">
          <clusternodes><clusternode name="n1" nodeid="1" votes="1"/></clusternodes>
          <rm><service name="web" autostart="0"/></rm>
        </cluster>
        """;

    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, WebApplication> _hosts = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("quorate-tokens-").FullName;

    public string TokensFile => Path.Combine(Root, "tokens");

    internal Everything Log { get; } = new();

    /// <summary>Every secret that was made.</summary>
    public IReadOnlyCollection<string> Secrets => _tokens.Values;

    public string TokenOf(string role) => _tokens[role];

    public Uri AddressOf(string host) => new(_hosts[host].Urls.Single());

    /// <summary>Every way into a host: method and path, with something for each parameter.</summary>
    public IReadOnlyList<(string Method, string Path)> WaysInto(string host) =>
        [.. _hosts[host].Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, PathOf(endpoint.RoutePattern.RawText!))))]; // mapped by text

    public async Task<HttpResponseMessage> AskAsync(string host, string method, string path, string? token)
    {
        using HttpClient http = new() { BaseAddress = AddressOf(host) };
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (method != "GET")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }
        return await http.SendAsync(request);
    }

    /// <summary>Puts a message aside at the scheduler.</summary>
    public async Task ParkAsync(string body)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(Root, "scheduler")}.db");
        await connection.ExecuteAsync(
            """
            INSERT INTO scheduler_outbox (message_id, message_type, ordering_key, body, written_at, attempts, is_parked, failure)
            VALUES (@id, 'ConfigurationPublished', 'configuration', @body, 1, 5, 1, 'refused')
            """,
            new { id = Guid.NewGuid().ToString(), body });
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Root, "cluster.conf"), Configuration);
        await File.WriteAllTextAsync(TokensFile, "# who may do what\n\n");
        foreach (string role in ApiRole.All)
        {
            _tokens[role] = AccessToken.NewSecret();
            await File.AppendAllTextAsync(TokensFile, $"{new AccessToken(role, $"{role}s-name", AccessToken.HashOf(_tokens[role])).Line}\n");
        }
        await StartAsync("scheduler", builder => SchedulerHost.Configure(builder), SchedulerHost.Map);
        await StartAsync("quorum", builder => QuorumHost.Configure(builder), QuorumHost.Map);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (WebApplication host in _hosts.Values)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }
        Directory.Delete(Root, recursive: true);
    }

    private static string PathOf(string pattern) => "/" + string.Join('/', pattern.TrimStart('/').Split('/')
        .Select(part => part switch
        {
            "{documentName}.json" => "v1.json",
            "{state}" => "neither",
            "{command}" => "no-command",
            _ when part.StartsWith('{') => "nobody",
            _ => part,
        }));

    private async Task StartAsync(string name, Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = Path.Combine(Root, "cluster.conf"),
            ["Quorate:Database"] = $"sqlite:{Path.Combine(Root, name)}.db",
            ["Quorate:Urls"] = "http://127.0.0.1:0",
            ["Quorate:TokensFile"] = TokensFile,
        });
        configure(builder);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync();
        _hosts[name] = app;
    }
}
