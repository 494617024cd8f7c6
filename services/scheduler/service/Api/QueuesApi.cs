using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Access;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Parked;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of the queues: what waits, what is parked, and what becomes of it. Operators have the API and nothing else.</summary>
internal sealed class QueuesApi(ParkedMessages parked, UnitOfWorkFactory units)
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/queues", (QueuesApi queues, ClaimsPrincipal asking, CancellationToken ct) => AnswerAsync(
                async () => TypedResults.Ok(await queues.ListAsync(mayReadBodies: asking.IsInRole(ApiRole.Operator), ct))))
            .WithSummary("Every queue of the cluster's services, every outbox, and what is parked; bodies are for operators.")
            .Produces<QueuesView>();
        api.MapGet("/queues/{id}", (string id, QueuesApi queues, CancellationToken ct) => AnswerAsync(
                async () => await queues.FindAsync(id, ct) is { } message ? TypedResults.Ok(message) : NotParked(id)))
            .WithSummary("One parked message with its body.")
            // Which may be a whole cluster.conf, with the passwords of fence devices.
            .RequireAuthorization(ApiRole.Operator)
            .Produces<ParkedMessageView>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/queues/{id}/replay", (string id, QueuesApi queues, CancellationToken ct) => AnswerAsync(
                () => queues.ActAsync(id, isReplay: true, ct)))
            .WithSummary("Put a parked message back where it failed, with the same message id.")
            .Produces<ParkedActionView>().ProducesProblem(StatusCodes.Status404NotFound).Produces<ParkedActionView>(StatusCodes.Status409Conflict);
        api.MapPost("/queues/{id}/drop", (string id, QueuesApi queues, CancellationToken ct) => AnswerAsync(
                () => queues.ActAsync(id, isReplay: false, ct)))
            .WithSummary("Remove a parked message for good.")
            .Produces<ParkedActionView>().ProducesProblem(StatusCodes.Status404NotFound).Produces<ParkedActionView>(StatusCodes.Status409Conflict);
        api.MapPost("/queues/replay", (QueuesApi queues, CancellationToken ct, string? queue = null) => AnswerAsync(
                () => queues.ReplayAllAsync(queue, ct)))
            .WithSummary("Put all parked messages back where they failed; ?queue=NAME for those of one queue.")
            .Produces<ParkedActionView>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The queues that are there because of what the cluster is now: an older incarnation's expire by themselves.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(UnitOfWorkFactory units, CancellationToken ct)
    {
        MembershipChanged? membership = await units.Create().RunAsync((work, token) => MembershipStore.NewestAsync(work, token), ct);
        return [QueueNames.Scheduler, QueueNames.SchedulerHints, QueueNames.SchedulerQueries, QueueNames.Quorum, QueueNames.QuorumHints, .. (membership?.Nodes ?? [])
            .Where(node => node.Incarnation is not null)
            .Select(node => QueueNames.Executor(node.Name, node.Incarnation!.Value))]; // set: the line before
    }

    private async Task<QueuesView> ListAsync(bool mayReadBodies, CancellationToken ct)
    {
        QueuesView view = await parked.ListAsync(await NamesAsync(units, ct), ct);
        return mayReadBodies ? view : view with { Parked = [.. view.Parked.Select(static message => message with { Body = "" })] };
    }

    private async Task<ParkedMessageView?> FindAsync(string id, CancellationToken ct) => await parked.FindAsync(await NamesAsync(units, ct), id, ct);

    private async Task<IResult> ReplayAllAsync(string? queue, CancellationToken ct)
    {
        IReadOnlyList<string> names = await NamesAsync(units, ct);
        // A mistyped name must not read like "nothing is parked there". What is parked of a queue that is no more is shown with it, and so known.
        if (!string.IsNullOrEmpty(queue) && !names.Contains(queue) && !(await parked.CountAsync(names, ct)).Queues.Any(known => known.Name == queue))
        {
            return TypedResults.NotFound(new ProblemDetails
            {
                Title = "no such queue",
                Detail = $"there is no queue '{queue}', and nothing was put back; GET /api/queues lists them",
                Status = StatusCodes.Status404NotFound,
            });
        }

        return TypedResults.Ok(await parked.ActAsync(names, message => string.IsNullOrEmpty(queue) || message.Queue == queue, isReplay: true, ct));
    }

    private async Task<IResult> ActAsync(string id, bool isReplay, CancellationToken ct)
    {
        ParkedActionView outcome = await parked.ActAsync(await NamesAsync(units, ct), message => message.Id == id, isReplay, ct);
        return (outcome.Done.Count, outcome.Problems.Count) switch
        {
            (0, 0) => NotParked(id),
            (0, _) => TypedResults.Conflict(outcome),
            _ => TypedResults.Ok(outcome),
        };
    }

    private static IResult NotParked(string id) => TypedResults.NotFound(new ProblemDetails
    {
        Title = "no such parked message",
        Detail = $"no parked message has the id '{id}'; GET /api/queues lists them. It may have been put back or dropped already",
        Status = StatusCodes.Status404NotFound,
    });

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (BusUnavailableException away)
        {
            return Unavailable("the broker does not answer", $"{away.Message}. Nothing was lost; what was not put back stays parked. Try again in a moment");
        }
        catch (TimeoutException busy)
        {
            return Unavailable("somebody else is at the queues", $"{busy.Message}. Try again in a moment");
        }
    }

    private static IResult Unavailable(string title, string detail) => TypedResults.Json(
        new ProblemDetails { Title = title, Detail = detail, Status = StatusCodes.Status503ServiceUnavailable },
        statusCode: StatusCodes.Status503ServiceUnavailable);
}
