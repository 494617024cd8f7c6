using System.Data.Common;
using Microsoft.AspNetCore.Mvc;
using Quorate.Hosting.Database;

namespace Quorate.Scheduler.Service.Api;

/// <summary>Says in words that the database is away, where a caller would otherwise get an empty 500.</summary>
internal sealed class Outages(ILogger<Outages> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            logger.RequestWithoutDatabase(context.HttpContext.Request.Path, failure.Message);
            return TypedResults.Json(
                new ProblemDetails
                {
                    Title = "the database does not answer",
                    Detail = $"{failure.Message}. Services go on as they are. Try again in a moment; a command sent again with the same requestId is carried out once",
                    Status = StatusCodes.Status503ServiceUnavailable,
                },
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
