using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Events;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of events: a list, or a stream that goes on (server-sent events).</summary>
internal static class EventsApi
{
    private const int EventsShown = 100;
    private const string EventStreamType = "text/event-stream";

    public static void Map(RouteGroupBuilder api) => api.MapGet("/events", GetAsync)
        .WithSummary("What happened, oldest first: ?last=N, ?after=ID, ?service=NAME. With Accept: text/event-stream it goes on, and is resumed by Last-Event-ID.");

    private static async Task<Results<Ok<IReadOnlyList<EventView>>, ServerSentEventsResult<EventView?>, BadRequest<ProblemDetails>, JsonHttpResult<ProblemDetails>>> GetAsync(
        HttpRequest http, EventStream stream, IDatabase database, CancellationToken ct, string? service = null, string? last = null, string? after = null)
    {
        if (ApiInput.NumberOf(last, 0) is not { } wanted || wanted < 0)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (service is not null && !CommandIntake.IsText(service))
        {
            return ApiInput.BadRequest("service is the name of a service, without control characters");
        }
        string resumed = http.Headers["Last-Event-ID"] is [{ Length: > 0 } header] ? header : after ?? "";
        EventPosition? known = EventPosition.Parse(resumed);
        if (resumed.Length > 0 && known is null)
        {
            return ApiInput.BadRequest("after, or Last-Event-ID, is the id of an event that was told before");
        }
        ServiceName? about = string.IsNullOrEmpty(service) ? null : ServiceName.Parse(service);
        int rows = (int)Math.Min(wanted, EventStore.PageMax - 1);
        if (!http.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == EventStreamType))
        {
            return TypedResults.Ok(known is { } position
                ? await EventStore.AfterAsync(database, position, about, ct)
                : await EventStore.LastAsync(database, rows == 0 ? EventsShown : rows, about, ct));
        }
        if (!stream.HasRoom)
        {
            return TypedResults.Json(
                new ProblemDetails { Title = "too many listeners", Detail = $"{EventStream.ListenersMax} listen here already: ask another scheduler, or end one", Status = StatusCodes.Status503ServiceUnavailable },
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        IAsyncEnumerable<SseItem<EventView?>> events = stream.FollowAsync(known ?? await BeforeLastAsync(database, rows, about, ct), about, ct);
        return TypedResults.ServerSentEvents(events);
    }

    /// <summary>Behind this, so many have happened; null for none.</summary>
    private static async Task<EventPosition?> BeforeLastAsync(IDatabase database, int rows, ServiceName? about, CancellationToken ct)
    {
        if (rows == 0)
        {
            return null;
        }
        IReadOnlyList<EventView> newest = await EventStore.LastAsync(database, rows + 1, about, ct);
        return newest.Count > rows ? EventPosition.Parse(newest[0].Id) : EventPosition.Start;
    }
}
