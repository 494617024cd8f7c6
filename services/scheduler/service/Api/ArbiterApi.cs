using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The HTTP face of rule S14: has the database gone back, and an operator's word that it is the truth all the same.</summary>
internal static class ArbiterApi
{
    private const string BodyExpected = "the body must be a JSON object such as {\"era\": 1, \"requestId\": \"my-id\"}; GET /api/arbiter shows the era";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/arbiter", (ArbiterSights sights) => sights.View())
            .WithSummary("Whether the database may have forgotten something, as each quorum replica sees it.");
        api.MapPost("/arbiter/accept", PostAcceptAsync)
            .WithSummary("Take a database that went back for the truth: a new era begins, and every node joins anew.")
            .AnswersCommand().HasBody<ArbiterRequest>("The era, as GET /api/arbiter shows it.");
    }

    private static async Task<IResult> PostAcceptAsync(HttpRequest http, CommandIntake intake, CancellationToken ct, string? wait = null)
    {
        if (ApiInput.NumberOf(wait, 0) is not { } seconds)
        {
            return ApiInput.BadRequest(ApiInput.WaitExpected);
        }
        if (await ReadAsync(http, ct) is not { Era: > 0 } body || (body.RequestId is { Length: > 0 } given && !CommandIntake.IsUsable(given)))
        {
            return ApiInput.BadRequest(BodyExpected);
        }
        string requestId = string.IsNullOrEmpty(body.RequestId) ? CommandIntake.NewRequestId() : body.RequestId;
        if (await intake.AcceptArbiterAsync(requestId, body.Era, ct) is not { } stored)
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Again, [CommandIntake.TooManyWait]));
        }
        if (!CommandIntake.IsAcceptance(stored, body.Era))
        {
            return TypedResults.Conflict(CommandResponse.Refused(ResultCode.Invalid, [CommandIntake.UsedForAnother(stored)]));
        }
        TimeSpan patience = TimeSpan.FromSeconds(Math.Min(seconds, ApiInput.WaitSecondsMax));
        return (seconds <= 0 ? null : await intake.AnswerAsync(requestId, patience, ct)) switch
        {
            null => TypedResults.Accepted("/api/arbiter", new OperationAccepted(requestId)),
            { Result: ResultCode.Success } answer => TypedResults.Ok(CommandResponse.From(answer)),
            { } answer => TypedResults.Conflict(CommandResponse.From(answer)),
        };
    }

    private static async Task<ArbiterRequest?> ReadAsync(HttpRequest http, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<ArbiterRequest>(http.Body, JsonSerializerOptions.Web, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
