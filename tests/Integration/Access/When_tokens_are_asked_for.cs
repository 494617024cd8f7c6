using System.Net;
using System.Text.Json;
using Quorate.Hosting.Access;
using Quorate.Tests.Integration.Cli;

namespace Quorate.Tests.Integration.Access;

/// <summary>Every way into the two programs that serve HTTP, tried with every token: a new endpoint is in here without anybody's doing.</summary>
public sealed class When_tokens_are_asked_for(ApisUnderTokens apis) : IClassFixture<ApisUnderTokens>
{
    /// <summary>What everybody may ask: orchestrators, balancers and collectors of metrics come without a token.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready", "/metrics"];

    /// <summary>What is looked at, and holds more than an observer may know.</summary>
    private static readonly string[] LookedAtByOperators = ["/api/config", "/api/queues/nobody"];

    /// <summary>What is posted for its body alone, and changes nothing.</summary>
    private const string AskedByObservers = "/api/simulate";

    public static TheoryData<string> Hosts => ["scheduler", "quorum"];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Whatever_is_not_open_asks_for_one(string host)
    {
        foreach ((string method, string path) in apis.WaysInto(host))
        {
            foreach (string? token in (string?[])[null, "nonsense", AccessToken.NewSecret()])
            {
                using HttpResponseMessage response = await apis.AskAsync(host, method, path, token);

                Assert.True(Open.Contains(path) != (response.StatusCode == HttpStatusCode.Unauthorized), $"{method} {path}: {response.StatusCode}");
            }
        }
        Assert.Contains(apis.WaysInto(host), way => way.Path == "/health/live");
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Each_role_may_do_what_it_is_for(string host)
    {
        foreach ((string method, string path) in apis.WaysInto(host).Where(way => !Open.Contains(way.Path)))
        {
            foreach (string role in ApiRole.All)
            {
                using HttpResponseMessage response = await apis.AskAsync(host, method, path, apis.TokenOf(role));

                Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.True(MayDo(role, method, path) == (response.StatusCode != HttpStatusCode.Forbidden), $"{role}: {method} {path}: {response.StatusCode}");
            }
        }
    }

    [Fact]
    public void There_are_as_many_ways_in_as_it_seems()
    {
        Assert.Contains(("POST", "/heartbeats"), apis.WaysInto("quorum"));
        Assert.Contains(("GET", "/openapi/v1.json"), apis.WaysInto("scheduler"));
        Assert.Contains(("POST", "/api/services/nobody/no-command"), apis.WaysInto("scheduler"));
        Assert.True(apis.WaysInto("scheduler").Count > 20);
    }

    /// <summary>A body may be a configuration, with the passwords of fence devices.</summary>
    [Fact]
    public async Task An_observer_sees_that_a_message_is_parked_and_not_what_is_in_it()
    {
        await apis.ParkAsync("""{"text":"passwd=hunter2"}""");

        using HttpResponseMessage looked = await apis.AskAsync("scheduler", "GET", "/api/queues", apis.TokenOf(ApiRole.Observer));
        using HttpResponseMessage read = await apis.AskAsync("scheduler", "GET", "/api/queues", apis.TokenOf(ApiRole.Operator));

        string seen = await looked.Content.ReadAsStringAsync();
        Assert.Contains("ConfigurationPublished", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", seen, StringComparison.Ordinal);
        Assert.Contains("hunter2", await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_is_told_what_to_do()
    {
        (HttpStatusCode status, string detail) = await ProblemAsync("GET", "/api/cluster", null);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("Authorization: Bearer TOKEN", detail, StringComparison.Ordinal);
        Assert.Contains("role observer", detail, StringComparison.Ordinal);

        (status, detail) = await ProblemAsync("GET", "/api/cluster", "nonsense");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("not known here", detail, StringComparison.Ordinal);

        (status, detail) = await ProblemAsync("POST", "/api/services/web/enable", apis.TokenOf(ApiRole.Observer));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("takes a token of role operator; the one of observers-name has role observer", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_names_who_asked_for_something_and_never_a_token()
    {
        using HttpResponseMessage response = await apis.AskAsync("scheduler", "POST", "/api/services/web/no-such", apis.TokenOf(ApiRole.Operator));
        using HttpResponseMessage looked = await apis.AskAsync("scheduler", "GET", "/api/cluster", apis.TokenOf(ApiRole.Observer));
        using HttpResponseMessage unknown = await apis.AskAsync("scheduler", "GET", "/api/cluster", "a-token-that-nobody-knows");

        Assert.Contains(apis.Log.Lines, line => line.Contains("1533 POST /api/services/web/no-such is asked for by operators-name", StringComparison.Ordinal));
        Assert.All(apis.Secrets.Append("a-token-that-nobody-knows"), secret =>
            Assert.DoesNotContain(apis.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_command_line_shows_the_token_it_was_given()
    {
        string file = Path.Combine(apis.Root, "observers-token");
        await File.WriteAllTextAsync(file, $"{apis.TokenOf(ApiRole.Observer)}\n");

        CommandEnd bare = await QuorateAsync([], "status");
        CommandEnd wrong = await QuorateAsync([("QUORATE_TOKEN", "nonsense")], "status");
        CommandEnd typed = await QuorateAsync([("QUORATE_TOKEN", "nonsense")], "status", "--token-file", file);
        CommandEnd named = await QuorateAsync([("QUORATE_TOKEN_FILE", file)], "status");
        CommandEnd refused = await QuorateAsync([("QUORATE_TOKEN_FILE", file)], "enable", "web");
        CommandEnd absent = await QuorateAsync([("QUORATE_TOKEN_FILE", $"{file}-not")], "status");
        CommandEnd face = await QuorateAsync([], "clustat");

        Assert.Equal([1, 1, 0, 0, 1, 1, 1], (int[])[bare.Code, wrong.Code, typed.Code, named.Code, refused.Code, absent.Code, face.Code]);
        Assert.Contains("asks for a token and none was given: set QUORATE_TOKEN or QUORATE_TOKEN_FILE, or add --token-file FILE", bare.Error, StringComparison.Ordinal);
        Assert.Contains("does not take this token", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("takes a token of role operator", refused.Error, StringComparison.Ordinal);
        Assert.Contains("observers-token-not cannot be read", absent.Error, StringComparison.Ordinal);
        Assert.Contains("asks for a token", face.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", wrong.Error, StringComparison.Ordinal);
    }

    private static bool MayDo(string role, string method, string path) => path == "/heartbeats"
        ? role == ApiRole.Node
        : role == ApiRole.Operator || (role == ApiRole.Observer && (method == "GET" || path == AskedByObservers) && !LookedAtByOperators.Contains(path));

    private Task<CommandEnd> QuorateAsync((string Name, string Value)[] environment, params string[] words)
    {
        Dictionary<string, string> all = new() { ["QUORATE_API"] = apis.AddressOf("scheduler").AbsoluteUri };
        foreach ((string name, string value) in environment)
        {
            all[name] = value;
        }
        return CommandProcess.RunAsync(all, words);
    }

    private async Task<(HttpStatusCode Status, string Detail)> ProblemAsync(string method, string path, string? token)
    {
        using HttpResponseMessage response = await apis.AskAsync("scheduler", method, path, token);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, problem.RootElement.GetProperty("detail").GetString() ?? "");
    }
}
