using System.Net;
using System.Text.Json;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What the API answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The JSON body; of kind Undefined when there is none.</param>
internal sealed record Reply(HttpStatusCode Status, JsonElement Body)
{
    public int Code => Body.GetProperty("code").GetInt32();

    public string? Owner => Body.GetProperty("owner").GetString();

    public string Operation => Body.GetProperty("operation").GetString()!; // every accepted command has one

    public IReadOnlyList<string> Reasons => [.. Body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!)];

    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        return new Reply(response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }
}
