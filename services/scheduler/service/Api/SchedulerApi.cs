using System.Globalization;
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
        RouteGroupBuilder api = app.MapGroup("/api").AddEndpointFilter<RouteGroupBuilder, Outages>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/cluster", (ClusterQueries queries, CancellationToken ct) => queries.ClusterAsync(ct))
            .WithSummary("The cluster at a glance: quorum, nodes, services.");
        api.MapGet("/nodes", GetNodesAsync).WithSummary("Every configured node; ?state=lost,left for those in one of these states.");
        api.MapGet("/services", GetServicesAsync)
            .WithSummary("Every configured service; ?state=failed,stopped for those in one of these states, ?node=NAME for those that run there, ?domain=NAME for those of a failover domain.");
        // A service's name may hold slashes; a client percent-encodes them and routing keeps the segment whole.
        api.MapGet("/services/{name}", GetServiceAsync).WithSummary("One service. A name without ':' means service:NAME.");
        api.MapGet("/services/{name}/history", GetHistoryAsync)
            .WithSummary("The transitions of one service, newest last; ?last=N of the newest, ?before=ID of those before that one. A Link header names the page of older ones.");
        api.MapGet("/services/{name}/why", GetWhyAsync)
            .WithSummary("Why one service is where it is, or runs nowhere: what the planner would do with it now, and every node's score and objection.");
        api.MapPost("/services/{name}/{command}", PostCommandAsync)
            .WithSummary("enable, disable, stop, stop-hold, restart, relocate, migrate, freeze, unfreeze or convalesce a service, confirm-stopped or unpark; ?wait=SECONDS waits for the answer.")
            .AnswersCommandAbout().HasBody<CommandRequest>("May be missing.");
        OperationsApi.Map(api);
        SimulateApi.Map(api);
        NodesApi.Map(api);
        ConfigurationApi.Map(api);
        MessagesApi.Map(api);
        EventsApi.Map(api);
        QueuesApi.Map(api);
        ArbiterApi.Map(api);
    }

    private static ServiceName NameOf(HttpRequest http, string segment) => ServiceName.Parse(ApiInput.Decoded(http, segment));

    private static async Task<Results<Ok<IReadOnlyList<NodeView>>, BadRequest<ProblemDetails>>> GetNodesAsync(
        ClusterQueries queries, CancellationToken ct, string[]? state = null)
    {
        (IReadOnlyList<string> states, string? problem) = ApiInput.WordsOf(nameof(state), state, ApiInput.WordsOf<NodeState>());
        return problem is not null
            ? ApiInput.BadRequest(problem)
            : TypedResults.Ok<IReadOnlyList<NodeView>>(
                [.. (await queries.ClusterAsync(ct)).Nodes.Where(node => states.Count == 0 || states.Contains(ApiInput.WordOf(node.State)))]);
    }

    private static async Task<Results<Ok<IReadOnlyList<ServiceView>>, BadRequest<ProblemDetails>>> GetServicesAsync(
        ClusterQueries queries, CancellationToken ct, string[]? state = null, string? node = null, string? domain = null)
    {
        (IReadOnlyList<string> states, string? problem) = ApiInput.WordsOf(nameof(state), state, ApiInput.WordsOf<ServiceState>());
        ClusterView cluster = await queries.ClusterAsync(ct);
        NodeName? owner = string.IsNullOrEmpty(node) ? null : new NodeName(node);
        problem ??= owner is { } named && cluster.Nodes.All(known => known.Name != named) && cluster.Services.All(service => service.Owner != named)
            ? $"'{node}' is no node; it is one of {string.Join(", ", cluster.Nodes.Select(known => known.Name))}"
            : null;
        if (!string.IsNullOrEmpty(domain))
        {
            problem ??= ApiInput.WordsOf("failover domain", [domain], queries.Domains).Problem;
        }
        return problem is not null
            ? ApiInput.BadRequest(problem)
            : TypedResults.Ok<IReadOnlyList<ServiceView>>(
            [
                .. cluster.Services.Where(service => (states.Count == 0 || states.Contains(ApiInput.WordOf(service.State)))
                    && (owner is null || service.Owner == owner)
                    && (string.IsNullOrEmpty(domain) || domain.Equals(queries.DomainOf(service.Name), StringComparison.OrdinalIgnoreCase))),
            ]);
    }

    private static async Task<Results<Ok<ServiceView>, NotFound<ProblemDetails>>> GetServiceAsync(
        string name, HttpRequest http, ClusterQueries queries, CancellationToken ct) =>
        await queries.ServiceAsync(NameOf(http, name), ct) is { } service ? TypedResults.Ok(service) : UnknownService(NameOf(http, name));

    private static async Task<Results<Ok<IReadOnlyList<TransitionView>>, NotFound<ProblemDetails>, BadRequest<ProblemDetails>>> GetHistoryAsync(
        string name, HttpRequest http, ClusterQueries queries, CancellationToken ct, string? last = null, string? before = null)
    {
        ServiceName service = NameOf(http, name);
        if (ApiInput.NumberOf(last, HistoryRowsMax) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (ApiInput.NumberOf(before, long.MaxValue) is not { } oldest || oldest != Math.Floor(oldest))
        {
            return ApiInput.BadRequest("before must be the id of a transition, such as ?before=1234");
        }
        if (await queries.ServiceAsync(service, ct) is null)
        {
            return UnknownService(service);
        }
        int wanted = (int)Math.Clamp(rows, 1, HistoryRowsMax);
        // One more than is shown tells whether there is another page.
        IReadOnlyList<TransitionView> found = await queries.HistoryAsync(service, wanted + 1, oldest >= long.MaxValue ? long.MaxValue : (long)oldest, ct);
        IReadOnlyList<TransitionView> shown = [.. found.TakeLast(wanted)];
        if (found.Count > wanted)
        {
            ApiPage.LinkNext(http, shown[0].Id.ToString(CultureInfo.InvariantCulture));
        }
        return TypedResults.Ok(shown);
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
