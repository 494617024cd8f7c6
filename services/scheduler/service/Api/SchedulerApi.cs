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
    /// <summary>No caller waits longer than this; a longer wish is cut.</summary>
    private const int WaitSecondsMax = 600;

    private const int HistoryRowsMax = 1000;

    private static readonly string BodyExpected = "the body must be empty or a JSON object such as {\"node\": \"n2\", \"requestId\": "
        + $"\"my-id\"}}, with a requestId of at most {CommandIntake.RequestIdLengthMax} characters, none of them a control character";

    private const string WaitExpected = "wait must be a number of seconds, such as ?wait=30";

    private const string LastExpected = "last must be a whole number, such as ?last=20";

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
        api.MapPost("/services/{name}/{command}", PostCommandAsync)
            .WithSummary("enable, disable, stop, restart or relocate a service; ?wait=SECONDS waits for the answer.");
        api.MapPost("/nodes/{name}/acknowledge-fence", PostAcknowledgeFenceAsync)
            .WithSummary("An operator's word that a lost node runs nothing any more.");
    }

    /// <summary>A segment comes decoded, but for its slashes: one of a name must not look like one of the path.</summary>
    private static string Decoded(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static ServiceName NameOf(string segment) => ServiceName.Parse(Decoded(segment));

    private static async Task<Results<Ok<ServiceView>, NotFound<ProblemDetails>>> GetServiceAsync(
        string name, ClusterQueries queries, CancellationToken ct) =>
        await queries.ServiceAsync(NameOf(name), ct) is { } service ? TypedResults.Ok(service) : UnknownService(name);

    private static async Task<Results<Ok<IReadOnlyList<TransitionView>>, NotFound<ProblemDetails>, BadRequest<ProblemDetails>>> GetHistoryAsync(
        string name, ClusterQueries queries, CancellationToken ct, string? last = null)
    {
        ServiceName service = NameOf(name);
        if (NumberOf(last, HistoryRowsMax) is not { } rows)
        {
            return BadRequest(LastExpected);
        }
        if (await queries.ServiceAsync(service, ct) is null)
        {
            return UnknownService(name);
        }
        return TypedResults.Ok(await queries.HistoryAsync(service, (int)Math.Clamp(rows, 1, HistoryRowsMax), ct));
    }

    private static NotFound<ProblemDetails> UnknownService(string name) => TypedResults.NotFound(new ProblemDetails
    {
        Title = ResultCodeText.Of(ResultCode.NoService),
        Detail = $"no service {NameOf(name)} is configured; GET /api/services lists them",
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
        ServiceName service = NameOf(name);
        if (await queries.ServiceAsync(service, ct) is null)
        {
            return UnknownService(name);
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
        if (NumberOf(wait, 0) is not { } seconds)
        {
            return BadRequest(WaitExpected);
        }
        if (await ReadBodyAsync(http, ct) is not { } body)
        {
            return BadRequest(BodyExpected);
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
        OperationRow operation = await intake.AcceptAsync(requestId, service, command, node, ct);
        if (operation.Service != service.Value || operation.Command != command || operation.Node != node?.Value)
        {
            return TypedResults.Conflict(CommandResponse.Refused(
                ResultCode.Invalid, [CommandIntake.UsedForAnother(operation)]));
        }
        if (wait <= 0)
        {
            return TypedResults.Accepted($"/api/services/{Uri.EscapeDataString(service.Value)}", new OperationAccepted(operation.Operation));
        }
        TimeSpan patience = TimeSpan.FromSeconds(Math.Min(wait, WaitSecondsMax));
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

    private static async Task<IResult> PostAcknowledgeFenceAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, CancellationToken ct, string? wait = null)
    {
        NodeName node = new(Decoded(name));
        // A node that was taken out of the configuration while it was lost is still a member to be acknowledged.
        MemberNode? member = await queries.MemberAsync(node, ct);
        if (member is null && queries.FindNode(node) is null)
        {
            return TypedResults.NotFound(new ProblemDetails
            {
                Title = ResultCodeText.Of(ResultCode.NoNode),
                Detail = $"no node {node} is configured or a member; GET /api/nodes lists them",
                Status = StatusCodes.Status404NotFound,
            });
        }
        if (NumberOf(wait, 0) is not { } seconds)
        {
            return BadRequest(WaitExpected);
        }
        if (await ReadBodyAsync(http, ct) is not { } body)
        {
            return BadRequest(BodyExpected);
        }
        // The word counts for the life of the node that the operator looked at, however late it arrives (rule S5).
        if (IncarnationMeant(body, member) is not { } incarnation)
        {
            string state = member?.State.ToString().ToLowerInvariant() ?? "absent";
            return TypedResults.Conflict(CommandResponse.Refused(
                ResultCode.Invalid, [$"{node} is {state}: only a lost node can be acknowledged as fenced"]));
        }
        string requestId = string.IsNullOrEmpty(body.RequestId) ? CommandIntake.NewRequestId() : body.RequestId;
        OperationRow stored = await intake.AcknowledgeFenceAsync(requestId, node, incarnation, ct);
        if (stored.Command != CommandIntake.AcknowledgeFence || stored.Node != node.Value)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [CommandIntake.UsedForAnother(stored)]));
        }
        if (seconds <= 0)
        {
            return TypedResults.Accepted($"/api/nodes", new OperationAccepted(requestId));
        }
        TimeSpan patience = TimeSpan.FromSeconds(Math.Min(seconds, WaitSecondsMax));
        return await intake.AnswerAsync(requestId, patience, ct) switch
        {
            null => TypedResults.Accepted($"/api/nodes", new OperationAccepted(requestId)),
            { Result: ResultCode.Success } answer => TypedResults.Ok(CommandResponse.From(answer)),
            { } answer => TypedResults.Conflict(CommandResponse.From(answer)),
        };
    }

    private static Incarnation? IncarnationMeant(CommandRequest body, MemberNode? member) => (body.Incarnation, member) switch
    {
        ({ Length: > 0 } named, _) => new Incarnation(named),
        (_, { State: NodeState.Lost or NodeState.Fenced or NodeState.Left, Incarnation: { } present }) => present,
        _ => null,
    };

    /// <summary>A number from a query, however large; null for what is none. Read here, so that a wrong one is answered with a sentence.</summary>
    private static double? NumberOf(string? text, double missing) => string.IsNullOrEmpty(text) ? missing
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number) ? number
        : null;

    private static async Task<CommandRequest?> ReadBodyAsync(HttpRequest http, CancellationToken ct)
    {
        if (http.ContentLength is 0 || (http.ContentLength is null && !http.Headers.ContainsKey("Transfer-Encoding")))
        {
            return new CommandRequest(null, null);
        }
        try
        {
            CommandRequest? body = await System.Text.Json.JsonSerializer.DeserializeAsync<CommandRequest>(
                http.Body, System.Text.Json.JsonSerializerOptions.Web, ct);
            return body is { RequestId: { Length: > 0 } requestId } && !CommandIntake.IsUsable(requestId) ? null : body;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static BadRequest<ProblemDetails> BadRequest(string detail) => TypedResults.BadRequest(new ProblemDetails
    {
        Title = "bad request",
        Detail = detail,
        Status = StatusCodes.Status400BadRequest,
    });
}
