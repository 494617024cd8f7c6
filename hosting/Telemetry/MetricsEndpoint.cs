using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Hosting.Telemetry;

/// <summary>What a Prometheus server scrapes.</summary>
public static class MetricsEndpoint
{
    /// <summary>
    /// Maps <c>/metrics</c>: the metrics of this host as Prometheus text, version 0.0.4. It answers within two seconds whatever is away; what
    /// cannot be looked up is then missing from it. Open to everybody, as Prometheus comes without a token.
    /// </summary>
    public static void MapQuorateMetrics(this IEndpointRouteBuilder routes)
    {
        // Made now, before the host starts: what is counted before somebody looks counts too.
        Exposition exposition = routes.ServiceProvider.GetRequiredService<Exposition>();
        routes.MapGet("/metrics", async () => Results.Text(await exposition.PageAsync(), ExpositionText.ContentType)).AllowAnonymous().ExcludeFromDescription();
    }
}
