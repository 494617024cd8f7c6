using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of the numbered messages that were raised in this cluster.</summary>
internal static class MessagesApi
{
    private const int RowsMax = 1000;

    public static void Map(RouteGroupBuilder api) => api.MapGet("/messages", GetAsync)
        .WithSummary("The numbered messages that were raised, oldest first; ?number=N, ?service=NAME, ?last=N for the last N.");

    private static async Task<Results<Ok<IReadOnlyList<MessageView>>, BadRequest<ProblemDetails>>> GetAsync(
        IDatabase database, CancellationToken ct, string? number = null, string? service = null, string? last = null)
    {
        if (ApiInput.NumberOf(last, RowsMax) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (ApiInput.NumberOf(number, 0) is not { } wanted || wanted != Math.Floor(wanted) || wanted is < 0 or > int.MaxValue)
        {
            return ApiInput.BadRequest("number must be that of a message, such as ?number=33");
        }
        if (service is not null && !CommandIntake.IsText(service))
        {
            return ApiInput.BadRequest("service is the name of a service, without control characters");
        }
        await using DbConnection connection = await database.OpenAsync(ct);
        return TypedResults.Ok(await MessageStore.ReadAsync(
            connection,
            wanted == 0 ? null : (int)wanted,
            string.IsNullOrEmpty(service) ? null : ServiceName.Parse(service),
            (int)Math.Clamp(rows, 1, RowsMax),
            ct));
    }
}
