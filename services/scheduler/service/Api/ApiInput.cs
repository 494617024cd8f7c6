using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Quorate.Scheduler.Service.Api;

/// <summary>What comes in over HTTP, read so that everything wrong is answered with a sentence.</summary>
internal static class ApiInput
{
    /// <summary>No caller waits longer than this; a longer wish is cut.</summary>
    public const int WaitSecondsMax = 600;

    /// <summary>For a <c>wait</c> that is no number.</summary>
    public const string WaitExpected = "wait must be a number of seconds, such as ?wait=30";

    /// <summary>For a <c>last</c> that is no number.</summary>
    public const string LastExpected = "last must be a whole number, such as ?last=20";

    /// <summary>For a body that cannot be used.</summary>
    public static readonly string BodyExpected = "the body must be empty or a JSON object such as {\"node\": \"n2\", \"requestId\": "
        + $"\"my-id\"}}, with a requestId of at most {CommandIntake.RequestIdLengthMax} characters, none of them a control character";

    /// <summary>
    /// A segment of the path as it was meant. It comes decoded, but for its slashes, so that one of a name does not look like one of the path; then
    /// "a/b" and "a%2Fb" are the same, and only the request as it was sent tells them apart.
    /// </summary>
    public static string Decoded(HttpRequest http, string segment)
    {
        string sent = http.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        string? own = Array.Find(sent.Split('?')[0].Split('/'), part => WithoutSlashes(part) == segment);
        return own is null ? segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : Uri.UnescapeDataString(own);
    }

    /// <summary>What the server makes of a part of the path.</summary>
    private static string WithoutSlashes(string sent) =>
        Uri.UnescapeDataString(sent.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));

    /// <summary>A number from a query, however large; null for what is none.</summary>
    public static double? NumberOf(string? text, double missing) => string.IsNullOrEmpty(text) ? missing
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number) ? number
        : null;

    /// <summary>The words of a parameter that may be repeated or hold several, separated by commas.</summary>
    /// <param name="name">Of the parameter.</param>
    /// <param name="given">As they came; null for none.</param>
    /// <param name="allowed">The words there are; letters of another case are taken for the same.</param>
    /// <returns>Those that were given, as they are written; and a sentence when one is none of them.</returns>
    public static (IReadOnlyList<string> Words, string? Problem) WordsOf(string name, string[]? given, IReadOnlyList<string> allowed)
    {
        string[] typed = [.. (given ?? []).SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        return Array.Find(typed, word => !allowed.Contains(word, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? ([], $"'{unknown}' is no {name}; it is one of {string.Join(", ", allowed)}")
            : ([.. allowed.Where(word => typed.Contains(word, StringComparer.OrdinalIgnoreCase))], null);
    }

    /// <summary>The words of an enumeration as every interface writes them, from 0 on; the negative ones of the original's codes by their size.</summary>
    public static IReadOnlyList<string> WordsOf<T>() where T : struct, Enum =>
        [.. Enum.GetValues<T>().OrderBy(value => Math.Abs(Convert.ToInt32(value, CultureInfo.InvariantCulture))).Select(WordOf)];

    /// <summary>One of them.</summary>
    public static string WordOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The body of a command; null when it cannot be used.</summary>
    public static async Task<CommandRequest?> ReadBodyAsync(HttpRequest http, CancellationToken ct)
    {
        if (http.ContentLength is 0 || (http.ContentLength is null && !http.Headers.ContainsKey("Transfer-Encoding")))
        {
            return new CommandRequest(null, null);
        }
        try
        {
            CommandRequest? body = await JsonSerializer.DeserializeAsync<CommandRequest>(http.Body, JsonSerializerOptions.Web, ct);
            return body is { RequestId: { Length: > 0 } requestId } && !CommandIntake.IsUsable(requestId) ? null : body;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>400 with the sentence.</summary>
    public static BadRequest<ProblemDetails> BadRequest(string detail) => TypedResults.BadRequest(new ProblemDetails
    {
        Title = "bad request",
        Detail = detail,
        Status = StatusCodes.Status400BadRequest,
    });
}
