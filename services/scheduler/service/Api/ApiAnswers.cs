using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace Quorate.Scheduler.Service.Api;

/// <summary>What a route takes and answers, for its description, where its handler's type does not say so.</summary>
internal static class ApiAnswers
{
    /// <summary>A command: done or tried, accepted, not understood, about nothing known, refused.</summary>
    public static RouteHandlerBuilder AnswersCommand(this RouteHandlerBuilder route) => route
        .Produces<CommandResponse>()
        .Produces<OperationAccepted>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .Produces<CommandResponse>(StatusCodes.Status409Conflict);

    /// <summary>The same about something that has a name.</summary>
    public static RouteHandlerBuilder AnswersCommandAbout(this RouteHandlerBuilder route) =>
        route.AnswersCommand().ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>A JSON body that the handler reads itself, so that it is answered with a sentence whatever is wrong with it.</summary>
    public static RouteHandlerBuilder HasBody<T>(this RouteHandlerBuilder route, string description) => route.AddOpenApiOperationTransformer(
        async (operation, context, cancellationToken) => operation.RequestBody = new OpenApiRequestBody
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken) },
            },
        });
}
