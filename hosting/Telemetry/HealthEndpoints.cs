using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Telemetry;

/// <summary>The two questions an orchestrator asks.</summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan DatabaseWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Maps <c>/health/live</c> (200 while the process serves HTTP) and <c>/health/ready</c> (200 when messages come back over the bus
    /// and the database answers; with the status <c>degraded</c> and reasons where somebody should look; 503 with the reasons otherwise).
    /// </summary>
    /// <param name="routes">The web application.</param>
    /// <param name="alsoReady">A further condition of the service: null when ready, otherwise why not.</param>
    public static void MapQuorateHealth(this IEndpointRouteBuilder routes, Func<IServiceProvider, string?>? alsoReady = null)
    {
        // Open: an orchestrator and a balancer ask without a token, and the answer tells nothing that helps an intruder.
        routes.MapGet("/health/live", static () => Results.Ok(new { status = "live" })).AllowAnonymous();
        routes.MapGet("/health/ready", async (HttpContext context) =>
        {
            List<string> reasons = await ReasonsAsync(context.RequestServices, context.RequestAborted);
            if (alsoReady?.Invoke(context.RequestServices) is { } reason)
            {
                reasons.Add(reason);
            }
            string[] degradations = [.. context.RequestServices.GetServices<IDegradation>().SelectMany(static part => part.Degradations)];
            return reasons.Count == 0 && degradations.Length == 0 ? Results.Ok(new { status = "ready" })
                : reasons.Count == 0 ? Results.Ok(new { status = "degraded", reasons = degradations })
                : Results.Json(new { status = "not ready", reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
    }

    private static async Task<List<string>> ReasonsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        if (services.GetService<BusProbe>() is { IsAlive: false } probe)
        {
            reasons.Add(probe.SinceRoundTrip is { } since
                ? $"no message came back over the bus for {since.TotalSeconds:0} s"
                : "no message came back over the bus yet");
        }
        if (services.GetService<IDatabase>() is { } database && await DatabaseFailureAsync(database, cancellationToken) is { } failure)
        {
            reasons.Add($"the database does not answer: {failure}");
        }
        return reasons;
    }

    private static async Task<string?> DatabaseFailureAsync(IDatabase database, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DatabaseWait);
        try
        {
            await using DbConnection connection = await database.OpenAsync(limit.Token);
            await connection.ExecuteScalarAsync(new CommandDefinition("SELECT 1", cancellationToken: limit.Token));
            return null;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or OperationCanceledException or DatabaseForgetsException)
        {
            return failure.Message;
        }
    }
}
