using System.Text.Json;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary><c>/openapi/v1.json</c>: whoever writes a client needs nothing else.</summary>
public sealed class When_the_API_describes_itself() : A_scheduler(null)
{
    [Fact]
    public async Task Every_route_says_what_it_does_takes_and_answers()
    {
        await StartAsync("""<service name="web"/>""");

        using JsonDocument description = JsonDocument.Parse(await Cluster.First.Http.GetStringAsync("/openapi/v1.json"));

        List<(string Route, JsonElement Operation)> routes =
        [
            .. description.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal))
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value))),
        ];
        Assert.True(routes.Count >= 29, $"only {routes.Count} routes");
        Assert.Empty(routes.SelectMany(route => Faults(route.Route, route.Operation)));
    }

    [Fact]
    public async Task What_may_be_asked_of_the_lists_is_described()
    {
        await StartAsync("""<service name="web"/>""");

        using JsonDocument description = JsonDocument.Parse(await Cluster.First.Http.GetStringAsync("/openapi/v1.json"));
        JsonElement paths = description.RootElement.GetProperty("paths");

        Assert.Equal(["state", "node", "domain"], Parameters(paths, "/api/services"));
        Assert.Equal(["state"], Parameters(paths, "/api/nodes"));
        Assert.Equal(["name", "last", "before"], Parameters(paths, "/api/services/{name}/history"));
        Assert.Equal(["service", "node", "state", "command", "result", "last", "before"], Parameters(paths, "/api/operations"));
        Assert.Equal(["id"], Parameters(paths, "/api/operations/{id}"));
        JsonElement shape = paths.GetProperty("/api/simulate").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(["down", "enable", "disable", "relocate", "configuration"], shape.GetProperty("properties").EnumerateObject().Select(field => field.Name));
    }

    private static IEnumerable<string?> Parameters(JsonElement paths, string path) =>
        paths.GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString());

    private static IEnumerable<string> Faults(string route, JsonElement operation)
    {
        if (!operation.TryGetProperty("summary", out JsonElement summary) || summary.GetString() is not { Length: > 0 })
        {
            yield return $"{route} has no summary";
        }

        JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement all) ? [.. all.EnumerateArray()] : [];
        foreach (JsonElement parameter in parameters)
        {
            if (!parameter.TryGetProperty("description", out JsonElement text) || text.GetString() is not { Length: > 0 })
            {
                yield return $"{route}: {parameter.GetProperty("name")} is not explained";
            }
        }

        Dictionary<string, JsonElement> answers = operation.GetProperty("responses").EnumerateObject().ToDictionary(answer => answer.Name, answer => answer.Value);
        if (!answers.TryGetValue("200", out JsonElement done) || !done.TryGetProperty("content", out _))
        {
            yield return $"{route} does not say what it answers";
        }

        if (!IsProblem(answers, "503"))
        {
            yield return $"{route} does not say that the database may be away";
        }

        if (parameters.Length > 0 && !IsProblem(answers, "400") && !IsProblem(answers, "404"))
        {
            yield return $"{route} does not say what is answered to what makes no sense";
        }
    }

    private static bool IsProblem(Dictionary<string, JsonElement> answers, string status) => answers.TryGetValue(status, out JsonElement answer)
        && answer.TryGetProperty("content", out JsonElement content)
        && content.EnumerateObject().Any(media => media.Value.GetProperty("schema").ToString().Contains("ProblemDetails", StringComparison.Ordinal));
}
