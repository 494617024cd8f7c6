using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of fencing (cut a node off, say that it is off, see what its devices answered) and of maintenance.</summary>
internal static class NodesApi
{
    private const int AttemptsMax = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/nodes/{name}/acknowledge-fence", PostAcknowledgeFenceAsync)
            .WithSummary("An operator's word that a lost node runs nothing any more.")
            .AnswersCommandAbout().HasBody<CommandRequest>("May be missing.");
        api.MapPost("/nodes/{name}/fence", PostFenceAsync)
            .WithSummary("Cut a node off by its fence devices now; answered when that is accepted or refused.")
            .AnswersCommandAbout().HasBody<CommandRequest>("May be missing.");
        api.MapPost("/maintenance/{state}", PostMaintenanceAsync)
            .WithSummary("Switch maintenance of the whole cluster on or off; answered when every node that is online has confirmed it.")
            .AnswersCommand().HasBody<CommandRequest>("May be missing.");
        api.MapPost("/lock/{state}", PostLockAsync)
            .WithSummary("Lock the cluster, so that nothing is started until it is unlocked: on or off.")
            .AnswersCommand().HasBody<CommandRequest>("May be missing.");
        api.MapPost("/nodes/{name}/drain", PostDrainAsync)
            .WithSummary("Take a node out of use: its services leave it, and nothing is started there until it is undrained.")
            .AnswersCommandAbout().HasBody<CommandRequest>("May be missing.");
        api.MapPost("/nodes/{name}/undrain", PostUndrainAsync)
            .WithSummary("Put a drained node into use again.")
            .AnswersCommandAbout().HasBody<CommandRequest>("May be missing.");
        api.MapGet("/fencing", GetFencingAsync)
            .WithSummary("What fence agents were told and came to, oldest first; ?node=NAME for one node, ?last=N for the last N.");
    }

    private static Task<IResult> PostAcknowledgeFenceAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, CancellationToken ct, string? wait = null) =>
        OrderAsync(name, http, intake, queries, wait, CommandIntake.AcknowledgeFence, ct);

    private static Task<IResult> PostFenceAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, CancellationToken ct, string? wait = null) =>
        OrderAsync(name, http, intake, queries, wait, CommandIntake.Fence, ct);

    private static Task<IResult> PostDrainAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, CancellationToken ct, string? wait = null) =>
        OrderAsync(name, http, intake, queries, wait, CommandIntake.Drain, ct);

    private static Task<IResult> PostUndrainAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, CancellationToken ct, string? wait = null) =>
        OrderAsync(name, http, intake, queries, wait, CommandIntake.Undrain, ct);

    private static Task<IResult> PostMaintenanceAsync(string state, HttpRequest http, CommandIntake intake, CancellationToken ct, string? wait = null) =>
        SwitchAsync(
            "maintenance", state, CommandIntake.MaintenanceOn, CommandIntake.MaintenanceOff, http, intake, wait, intake.SetMaintenanceAsync, ct);

    private static Task<IResult> PostLockAsync(string state, HttpRequest http, CommandIntake intake, CancellationToken ct, string? wait = null) =>
        SwitchAsync("lock", state, CommandIntake.Lock, CommandIntake.Unlock, http, intake, wait, intake.SetLockAsync, ct);

    /// <summary>Something of the whole cluster that is switched on or off, which the quorum service does and answers.</summary>
    private static async Task<IResult> SwitchAsync(
        string what, string state, string on, string off, HttpRequest http, CommandIntake intake, string? wait,
        Func<string, bool, CancellationToken, Task<OperationRow?>> send, CancellationToken ct)
    {
        if (state is not ("on" or "off"))
        {
            return ApiInput.BadRequest($"{what} is switched on or off: POST /api/{what}/on or /api/{what}/off");
        }
        if (ApiInput.NumberOf(wait, 0) is not { } seconds)
        {
            return ApiInput.BadRequest(ApiInput.WaitExpected);
        }
        if (await ApiInput.ReadBodyAsync(http, ct) is not { } body)
        {
            return ApiInput.BadRequest(ApiInput.BodyExpected);
        }
        string requestId = string.IsNullOrEmpty(body.RequestId) ? CommandIntake.NewRequestId() : body.RequestId;
        if (await send(requestId, state == "on", ct) is not { } stored)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Again, [CommandIntake.TooManyWait]));
        }
        return stored.Command == (state == "on" ? on : off)
            ? await AnswerAsync(intake, requestId, seconds, ct)
            : TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [CommandIntake.UsedForAnother(stored)]));
    }

    private static async Task<Results<Ok<IReadOnlyList<FenceAttempted>>, BadRequest<ProblemDetails>>> GetFencingAsync(
        IDatabase database, CancellationToken ct, string? node = null, string? last = null)
    {
        if (ApiInput.NumberOf(last, AttemptsMax) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (node is not null && !CommandIntake.IsText(node))
        {
            return ApiInput.BadRequest("node is the name of a node, without control characters");
        }
        await using DbConnection connection = await database.OpenAsync(ct);
        NodeName? named = string.IsNullOrEmpty(node) ? null : new NodeName(node);
        return TypedResults.Ok(await FenceAttemptStore.ReadAsync(connection, named, (int)Math.Clamp(rows, 1, AttemptsMax), ct));
    }

    /// <summary>An order about a node, which the quorum service carries out and answers.</summary>
    private static async Task<IResult> OrderAsync(
        string name, HttpRequest http, CommandIntake intake, ClusterQueries queries, string? wait, string command, CancellationToken ct)
    {
        NodeName node = new(ApiInput.Decoded(http, name));
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
        if (ApiInput.NumberOf(wait, 0) is not { } seconds)
        {
            return ApiInput.BadRequest(ApiInput.WaitExpected);
        }
        if (await ApiInput.ReadBodyAsync(http, ct) is not { } body)
        {
            return ApiInput.BadRequest(ApiInput.BodyExpected);
        }
        if (body.Incarnation is { Length: > 0 } life && !CommandIntake.IsUsable(life))
        {
            return ApiInput.BadRequest("incarnation is one that GET /api/nodes shows, without control characters");
        }
        if (Refusal(command, node, body, member) is { } refusal)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [refusal]));
        }
        string requestId = string.IsNullOrEmpty(body.RequestId) ? CommandIntake.NewRequestId() : body.RequestId;
        if (await SendAsync(intake, command, requestId, node, IncarnationMeant(body, member), ct) is not { } stored)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Again, [CommandIntake.TooManyWait]));
        }
        if (stored.Command != command || stored.Node != node.Value)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [CommandIntake.UsedForAnother(stored)]));
        }
        return await AnswerAsync(intake, requestId, seconds, ct);
    }

    /// <summary>The order counts for the life of the node that the operator looked at, however late it arrives (rule S5).</summary>
    private static Incarnation? IncarnationMeant(CommandRequest body, MemberNode? member) =>
        body.Incarnation is { Length: > 0 } named ? new Incarnation(named) : member?.Incarnation;

    private static string? Refusal(string command, NodeName node, CommandRequest body, MemberNode? member)
    {
        bool mayBeAcknowledged = body.Incarnation is { Length: > 0 }
            || member is { State: NodeState.Lost or NodeState.Fenced or NodeState.Left, Incarnation: not null };
        return command == CommandIntake.AcknowledgeFence && !mayBeAcknowledged
            ? $"{node} is {member?.State.ToString().ToLowerInvariant() ?? "absent"}: only a lost node can be acknowledged as fenced"
            : null;
    }

    private static Task<OperationRow?> SendAsync(
        CommandIntake intake, string command, string requestId, NodeName node, Incarnation? incarnation, CancellationToken ct) =>
        command switch
        {
            CommandIntake.Fence => intake.FenceAsync(requestId, node, incarnation, ct),
            CommandIntake.Drain or CommandIntake.Undrain => intake.SetDrainAsync(requestId, node, command == CommandIntake.Drain, ct),
            _ => intake.AcknowledgeFenceAsync(requestId, node, incarnation, ct),
        };

    private static async Task<IResult> AnswerAsync(CommandIntake intake, string requestId, double wait, CancellationToken ct)
    {
        TimeSpan patience = TimeSpan.FromSeconds(Math.Min(wait, ApiInput.WaitSecondsMax));
        return (wait <= 0 ? null : await intake.AnswerAsync(requestId, patience, ct)) switch
        {
            null => TypedResults.Accepted("/api/nodes", new OperationAccepted(requestId)),
            { Result: ResultCode.Success } answer => TypedResults.Ok(CommandResponse.From(answer)),
            { } answer => TypedResults.Conflict(CommandResponse.From(answer)),
        };
    }
}
