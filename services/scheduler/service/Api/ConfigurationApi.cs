using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Access;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of the configuration: what is in force, what was, and a new one.</summary>
internal static class ConfigurationApi
{
    private const int HistoryRowsMax = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        // The text holds the passwords of fence devices, and who has those can do more than an operator.
        api.MapGet("/config", GetAsync).WithSummary("The configuration in force with its text; ?version=N for an earlier one.")
            .RequireAuthorization(ApiRole.Operator);
        api.MapGet("/config/history", GetHistoryAsync).WithSummary("Every configuration that was in force, newest first; ?last=N.");
        api.MapPost("/config", PostAsync)
            .WithSummary("Put a cluster.conf into force: the file itself as the body (?requestId=ID), or JSON {\"requestId\", \"text\"}. Answered at once.")
            .AnswersCommand().HasBody<ConfigurationRequest>("The file itself, or this.");
    }

    /// <summary>Why a command cannot be one; null where it can.</summary>
    public static string? FaultOf(ApplyConfiguration command) =>
        !CommandIntake.IsUsable(command.RequestId) ? $"requestId must have 1 to {CommandIntake.RequestIdLengthMax} characters, none of them a control character"
        : string.IsNullOrWhiteSpace(command.Text) ? "text must be a whole cluster.conf"
        : command.Text.Length > ConfigurationChange.TextLengthMax ? $"the file is longer than {ConfigurationChange.TextLengthMax} characters"
        : command.Text.Contains('\0', StringComparison.Ordinal) ? "the file holds a NUL character: it is no text"
        : null;

    private static async Task<Results<Ok<ConfigurationView>, NotFound<ProblemDetails>, BadRequest<ProblemDetails>>> GetAsync(
        UnitOfWorkFactory units, CancellationToken ct, string? version = null)
    {
        if (ApiInput.NumberOf(version, 0) is not { } number || number != Math.Floor(number) || number is < 0 or > int.MaxValue)
        {
            return ApiInput.BadRequest("version must be a config_version, such as ?version=7");
        }
        (StoredConfiguration? found, string inForce) = await units.Create().RunAsync(
            async (work, token) => (
                number == 0 ? await ConfigurationStore.NewestAsync(work, token) : await ConfigurationStore.FindAsync(work, (int)number, token),
                await ConfigurationStore.NewestDigestAsync(work, token) ?? ""),
            ct);
        return found is null
            ? TypedResults.NotFound(new ProblemDetails
            {
                Title = "no such version",
                Detail = $"version {number} was never in force; GET /api/config/history lists those that were",
                Status = StatusCodes.Status404NotFound,
            })
            : TypedResults.Ok(found.View(inForce, withText: true));
    }

    private static async Task<Results<Ok<IReadOnlyList<ConfigurationView>>, BadRequest<ProblemDetails>>> GetHistoryAsync(
        UnitOfWorkFactory units, CancellationToken ct, string? last = null)
    {
        if (ApiInput.NumberOf(last, HistoryRowsMax) is not { } rows)
        {
            return ApiInput.BadRequest(ApiInput.LastExpected);
        }
        IReadOnlyList<StoredConfiguration> history = await units.Create().RunAsync(
            (work, token) => ConfigurationStore.HistoryAsync(work, (int)Math.Clamp(rows, 1, HistoryRowsMax), token), ct);
        return TypedResults.Ok<IReadOnlyList<ConfigurationView>>(
            [.. history.Select(stored => stored.View(history[0].Digest, withText: false))]);
    }

    private static async Task<IResult> PostAsync(
        HttpRequest http, UnitOfWorkFactory units, ConfigurationChange change, CancellationToken ct, string? requestId = null)
    {
        if (await ReadAsync(http, requestId, ct) is not { } command)
        {
            return ApiInput.BadRequest("the body must be a cluster.conf, or JSON such as {\"requestId\": \"my-id\", \"text\": \"<cluster ...>\"}");
        }
        if (FaultOf(command) is { } fault)
        {
            return ApiInput.BadRequest(fault);
        }
        (OperationRow row, _) = await units.Create().RunAsync((work, token) => change.ApplyAsync(work, command, token), ct);
        return row.Command != ConfigurationChange.Command
            ? TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [CommandIntake.UsedForAnother(row)]))
            : OperationStore.AnswerIn(row) switch
            {
                { IsRefused: true } refused => TypedResults.Conflict(CommandResponse.From(refused)),
                { } answer => TypedResults.Ok(CommandResponse.From(answer)),
                null => throw new InvariantViolation($"request {command.RequestId} was carried out and has no answer"),
            };
    }

    private static async Task<ApplyConfiguration?> ReadAsync(HttpRequest http, string? requestId, CancellationToken ct)
    {
        try
        {
            if (http.HasJsonContentType())
            {
                ConfigurationRequest? body = await JsonSerializer.DeserializeAsync<ConfigurationRequest>(http.Body, JsonSerializerOptions.Web, ct);
                return body?.Text is { } given
                    ? new ApplyConfiguration { RequestId = body.RequestId ?? requestId ?? CommandIntake.NewRequestId(), Text = given }
                    : null;
            }
            using StreamReader reader = new(http.Body);
            string text = await reader.ReadToEndAsync(ct);
            return new ApplyConfiguration { RequestId = requestId ?? CommandIntake.NewRequestId(), Text = text };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record ConfigurationRequest(string? RequestId, string? Text);
}
