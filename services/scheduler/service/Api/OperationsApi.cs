using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of the commands and their answers.</summary>
internal static class OperationsApi
{
    private const int RowsShown = 100;
    private const int RowsMax = 1000;

    /// <summary>Every command there is, as the history calls them.</summary>
    public static readonly IReadOnlyList<string> Commands =
    [
        .. ServiceCommands.Names, CommandIntake.Fence, CommandIntake.AcknowledgeFence, CommandIntake.Drain, CommandIntake.Undrain,
        CommandIntake.MaintenanceOn, CommandIntake.MaintenanceOff, CommandIntake.Lock, CommandIntake.Unlock, CommandIntake.AcceptArbiter, ConfigurationChange.Command,
    ];

    private static readonly IReadOnlyList<string> States = [OperationRow.Accepted, OperationRow.Taken, OperationRow.Answered];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/operations", GetAllAsync)
            .WithSummary("The commands with their answers, newest first; a Link header names the page of older ones. Answered ones are kept for 30 days.");
        api.MapGet("/operations/{id}", GetAsync).WithSummary("One command by its request id or its operation.");
    }

    private static async Task<Results<Ok<IReadOnlyList<OperationView>>, BadRequest<ProblemDetails>>> GetAllAsync(
        HttpRequest http, IDatabase database, CancellationToken ct, string? service = null, string? node = null, string[]? state = null,
        string[]? command = null, string[]? result = null, string? last = null, string? before = null)
    {
        if (ApiInput.NumberOf(last, RowsShown) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        if (new[] { service, node, before }.Any(text => text is not null && !CommandIntake.IsText(text)))
        {
            return ApiInput.BadRequest("service, node and before are names, without control characters");
        }
        (IReadOnlyList<string> states, string? stateProblem) = ApiInput.WordsOf(nameof(state), state, States);
        (IReadOnlyList<string> commands, string? commandProblem) = ApiInput.WordsOf(nameof(command), command, Commands);
        (IReadOnlyList<string> results, string? resultProblem) = ApiInput.WordsOf(nameof(result), result, ApiInput.WordsOf<ResultCode>());
        if ((stateProblem ?? commandProblem ?? resultProblem) is { } problem)
        {
            return ApiInput.BadRequest(problem);
        }
        OperationFilter filter = new()
        {
            Service = string.IsNullOrEmpty(service) ? null : ServiceName.Parse(service),
            Node = string.IsNullOrEmpty(node) ? null : new NodeName(node),
            States = states,
            Commands = commands,
            Results = [.. results.Select(word => Enum.Parse<ResultCode>(word, ignoreCase: true))],
            Before = string.IsNullOrEmpty(before) ? null : before,
        };
        int wanted = (int)Math.Clamp(rows, 1, RowsMax);
        // One more than is shown tells whether there is another page.
        if (await OperationList.ReadAsync(database, filter, wanted + 1, ct) is not { } found)
        {
            return ApiInput.BadRequest($"before is the operation of a command that was listed; there is none '{before}', or not any more");
        }
        if (found.Count > wanted)
        {
            ApiPage.LinkNext(http, found[wanted - 1].Operation);
        }
        return TypedResults.Ok<IReadOnlyList<OperationView>>([.. found.Take(wanted)]);
    }

    private static async Task<Results<Ok<OperationView>, NotFound<ProblemDetails>>> GetAsync(string id, HttpRequest http, IDatabase database, CancellationToken ct)
    {
        string wanted = ApiInput.Decoded(http, id);
        return CommandIntake.IsUsable(wanted) && await OperationList.FindAsync(database, wanted, ct) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.NotFound(new ProblemDetails
            {
                Title = "no such command",
                Detail = $"no command has the request id or operation '{wanted}'; GET /api/operations lists them, and those answered more than {HistoryCleaning.AnswerRetention.TotalDays} days ago are forgotten",
                Status = StatusCodes.Status404NotFound,
            });
    }
}
