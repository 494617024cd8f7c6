using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Quorate.Scheduler.Service.Api;

/// <summary>
/// What the description at <c>/openapi/v1.json</c> says beside the handlers' own types. A word in a path or a query means the same wherever it stands, so
/// each is explained once; a test finds one that is not.
/// </summary>
internal sealed class ApiDescription : IOpenApiOperationTransformer
{
    /// <summary>By name, or where a name means something else, by path and name.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["after"] = "Only events behind this one: the id of an event that was told before. The header Last-Event-ID says the same.",
        ["before"] = "Only what is older: the id of the oldest row seen. The Link header with rel=\"next\" holds it.",
        ["command"] = "What to do with the service: one of the commands of this API.",
        ["domain"] = "Only services of this failover domain.",
        ["last"] = "How many of the newest, as a whole number; more than 1000 is cut to that.",
        ["name"] = "Its name. A service's name without ':' means service:NAME; slashes are percent-encoded.",
        ["node"] = "Only what has to do with this node: services that run there, commands about it, attempts to fence it.",
        ["number"] = "Only this message of the catalogue.",
        ["queue"] = "Only messages parked of this queue.",
        ["requestId"] = "Idempotence key, 1 to 200 characters: the same is never carried out twice. Made here when missing.",
        ["result"] = "Only commands that ended so: the result codes in camel case, as success or noNode. May be repeated or hold several, separated by commas.",
        ["service"] = "Only what is about this service. A name without ':' means service:NAME.",
        ["state"] = "Only those in this state. May be repeated or hold several, separated by commas; an unknown one is answered with those there are.",
        ["version"] = "The config_version of an earlier configuration; the one in force when missing.",
        ["wait"] = "How many seconds to wait for the answer, up to 600; without it the command is accepted and answered later.",
        ["GET api/operations command"] = "Only these commands. May be repeated or hold several, separated by commas.",
        ["GET api/operations state"] = "accepted, taken or answered. May be repeated or hold several, separated by commas.",
        ["GET api/operations before"] = "Only older commands: the operation of the oldest row seen. The Link header with rel=\"next\" holds it.",
        ["GET api/operations/{id} id"] = "The command's request id, or its operation.",
        ["GET api/queues/{id} id"] = "Of the parked message, as GET /api/queues shows it.",
        ["POST api/lock/{state} state"] = "on or off.",
        ["POST api/maintenance/{state} state"] = "on or off.",
        ["POST api/queues/{id}/drop id"] = "Of the parked message, as GET /api/queues shows it.",
        ["POST api/queues/{id}/replay id"] = "Of the parked message, as GET /api/queues shows it.",
    };

    /// <inheritdoc/>
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
        {
            string here = $"{context.Description.HttpMethod} {context.Description.RelativePath} {parameter.Name}";
            parameter.Description ??= Parameters.GetValueOrDefault(here) ?? Parameters.GetValueOrDefault(parameter.Name ?? "");
        }
        return Task.CompletedTask;
    }
}
