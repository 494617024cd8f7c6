using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of the cluster: what it is doing, why, and commands. Any replica answers.</summary>
/// <remarks>Source: DESIGN 5; the commands are clusvcadm's, rgmanager.md 5.1.</remarks>
internal static class SchedulerApi
{
    private const int HistoryRowsMax = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api").AddEndpointFilter<RouteGroupBuilder, Outages>();
        api.MapGet("/cluster", (ClusterQueries queries, CancellationToken ct) => queries.ClusterAsync(ct))
            .WithSummary("The cluster at a glance: quorum, nodes, services.");
        api.MapGet("/nodes", async (ClusterQueries queries, CancellationToken ct) => (await queries.ClusterAsync(ct)).Nodes)
            .WithSummary("Every configured node.");
        api.MapGet("/services", async (ClusterQueries queries, CancellationToken ct) => (await queries.ClusterAsync(ct)).Services)
            .WithSummary("Every configured service.");
        // A service's name may hold slashes; a client percent-encodes them and routing keeps the segment whole.
        api.MapGet("/services/{name}", GetServiceAsync).WithSummary("One service. A name without ':' means service:NAME.");
        api.MapGet("/services/{name}/history", GetHistoryAsync).WithSummary("Every transition of one service, newest last.");
        api.MapGet("/services/{name}/why", GetWhyAsync)
            .WithSummary("Why one service is where it is, or runs nowhere: what the planner would do with it now, and every node's score and objection.");
        api.MapPost("/services/{name}/{command}", PostCommandAsync)
            .WithSummary("enable, disable, stop, stop-hold, restart, relocate, migrate, freeze, unfreeze or convalesce a service, confirm-stopped or unpark; ?wait=SECONDS waits for the answer.");
        NodesApi.Map(api);
        ConfigurationApi.Map(api);
        MessagesApi.Map(api);
        EventsApi.Map(api);
        QueuesApi.Map(api);
        ArbiterApi.Map(api);
    }

    private static ServiceName NameOf(HttpRequest http, string segment) => ServiceName.Parse(ApiInput.Decoded(http, segment));

    private static async Task<Results<Ok<ServiceView>, NotFound<ProblemDetails>>> GetServiceAsync(
        string name, HttpRequest http, ClusterQueries queries, CancellationToken ct) =>
        await queries.ServiceAsync(NameOf(http, name), ct) is { } service ? TypedResults.Ok(service) : UnknownService(NameOf(http, name));

    private static async Task<Results<Ok<IReadOnlyList<TransitionView>>, NotFound<ProblemDetails>, BadRequest<ProblemDetails>>> GetHistoryAsync(
        string name, HttpRequest http, ClusterQueries queries, CancellationToken ct, string? last = null)
    {
        ServiceName service = NameOf(http, name);
        if (ApiInput.NumberOf(last, HistoryRowsMax) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (await queries.ServiceAsync(service, ct) is null)
        {
            return UnknownService(service);
        }
        return TypedResults.Ok(await queries.HistoryAsync(service, (int)Math.Clamp(rows, 1, HistoryRowsMax), ct));
    }

    private static async Task<Results<Ok<PlacementView>, NotFound<ProblemDetails>>> GetWhyAsync(
        string name, HttpRequest http, ClusterQueries queries, PlacementQueries placement, CancellationToken ct)
    {
        ServiceName service = NameOf(http, name);
        return await queries.ServiceAsync(service, ct) is not null && await placement.WhyAsync(service, ct) is { } why
            ? TypedResults.Ok(why)
            : UnknownService(service);
    }

    private static NotFound<ProblemDetails> UnknownService(ServiceName service) => TypedResults.NotFound(new ProblemDetails
    {
        Title = ResultCodeText.Of(ResultCode.NoService),
        Detail = $"no service {service} is configured; GET /api/services lists them",
        Status = StatusCodes.Status404NotFound,
    });

    private static async Task<IResult> PostCommandAsync(
        string name,
        string command,
        HttpRequest http,
        CommandIntake intake,
        ClusterQueries queries,
        CancellationToken ct,
        string? wait = null)
    {
        ServiceName service = NameOf(http, name);
        if (await queries.ServiceAsync(service, ct) is null)
        {
            return UnknownService(service);
        }
        if (!ServiceCommands.IsKnown(command))
        {
            return TypedResults.NotFound(new ProblemDetails
            {
                Title = "no such command",
                Detail = $"'{command}' is not a command; use one of {string.Join(", ", ServiceCommands.Names)}",
                Status = StatusCodes.Status404NotFound,
            });
        }
        if (ApiInput.NumberOf(wait, 0) is not { } seconds)
        {
            return ApiInput.BadRequest(ApiInput.WaitExpected);
        }
        if (await ApiInput.ReadBodyAsync(http, ct) is not { } body)
        {
            return ApiInput.BadRequest(ApiInput.BodyExpected);
        }
        if (body.Node is { Length: > 0 } node && queries.FindNode(new NodeName(node)) is null)
        {
            return TypedResults.Conflict(CommandResponse.Refused(
                ResultCode.NoNode, [$"{node}: no such node is configured; GET /api/nodes lists them"]));
        }
        return await RunAsync(intake, service, command, body, seconds, ct);
    }

    private static async Task<IResult> RunAsync(
        CommandIntake intake, ServiceName service, string command, CommandRequest body, double wait, CancellationToken ct)
    {
        NodeName? node = string.IsNullOrEmpty(body.Node) ? null : new NodeName(body.Node);
        string requestId = string.IsNullOrEmpty(body.RequestId) ? CommandIntake.NewRequestId() : body.RequestId;
        if (await intake.AcceptAsync(requestId, service, command, node, ct) is not { } operation)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Again, [CommandIntake.TooManyWait]));
        }
        if (operation.Service != service.Value || operation.Command != command || operation.Node != node?.Value)
        {
            return TypedResults.Conflict(CommandResponse.Refused(
                ResultCode.Invalid, [CommandIntake.UsedForAnother(operation)]));
        }
        if (wait <= 0)
        {
            return TypedResults.Accepted($"/api/services/{Uri.EscapeDataString(service.Value)}", new OperationAccepted(operation.Operation));
        }
        TimeSpan patience = TimeSpan.FromSeconds(Math.Min(wait, ApiInput.WaitSecondsMax));
        return await intake.AnswerAsync(requestId, patience, ct) switch
        {
            null => TypedResults.Accepted($"/api/services/{Uri.EscapeDataString(service.Value)}", new OperationAccepted(operation.Operation)),
            { } answer when IsRefusal(answer) => TypedResults.Conflict(CommandResponse.From(answer)),
            { } answer => TypedResults.Ok(CommandResponse.From(answer)),
        };
    }

    /// <summary>Refused: nothing was tried. A command that was tried and failed is answered 200 with its code.</summary>
    private static bool IsRefusal(CommandAnswered answer) => answer.IsRefused || answer.Result is ResultCode.Invalid or ResultCode.Frozen or ResultCode.NoNode
        or ResultCode.Domain or ResultCode.Exclusive or ResultCode.Depend or ResultCode.Again or ResultCode.Quorum
        or ResultCode.Deadlock or ResultCode.Permission or ResultCode.FencePending or ResultCode.NoService;
}
