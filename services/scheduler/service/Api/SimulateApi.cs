using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts.Views;
using Quorate.Hosting.Access;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Evaluation;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of simulation: what would happen, from live state, changing nothing.</summary>
internal static class SimulateApi
{
    private const string BodyExpected = "the body must be a JSON object such as {\"down\": [\"n2\"], \"enable\": [\"web\"], \"disable\": [], \"relocate\": [], "
        + "\"configuration\": \"<cluster ...>\"}; every field may be missing";

    /// <summary>Names in one list; a cluster has fewer nodes, and whoever asks about more services asks about all.</summary>
    private const int NamesMax = 1000;

    public static void Map(RouteGroupBuilder api) => api.MapPost("/simulate", PostAsync)
        .WithSummary("What would happen if nodes went down, services were enabled, disabled or relocated, or a configuration came into force. Changes nothing.")
        .HasBody<SimulationRequest>("What would have happened; every field may be missing, and all count together.")
        // It is posted for its body alone, and reads.
        .RequireAuthorization(ApiRole.Observer);

    private static async Task<Results<Ok<SimulationView>, BadRequest<ProblemDetails>, NotFound<ProblemDetails>>> PostAsync(
        HttpRequest http, Simulation simulation, CancellationToken ct)
    {
        if (await ReadAsync(http, ct) is not { } request)
        {
            return ApiInput.BadRequest(BodyExpected);
        }
        if (request.Configuration is { Length: > ConfigurationChange.TextLengthMax })
        {
            return ApiInput.BadRequest($"the configuration is longer than {ConfigurationChange.TextLengthMax} characters");
        }
        (SimulationView? view, string problem, bool isUnknownName) = await simulation.RunAsync(request, ct);
        return view is not null ? TypedResults.Ok(view)
            : isUnknownName ? TypedResults.NotFound(new ProblemDetails { Title = "no such name", Detail = problem, Status = StatusCodes.Status404NotFound })
            : ApiInput.BadRequest(problem);
    }

    private static async Task<SimulationRequest?> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        try
        {
            SimulationRequest? read = await JsonSerializer.DeserializeAsync<SimulationRequest>(http.Body, JsonSerializerOptions.Web, ct);
            return read is not null && new[] { read.Down, read.Enable, read.Disable, read.Relocate }.All(IsUsable) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsUsable(IReadOnlyList<string>? names) =>
        names is null || (names.Count <= NamesMax && names.All(name => name is { Length: > 0 } && CommandIntake.IsText(name)));
}
