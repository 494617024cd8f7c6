using System.Net;
using System.Text.Json;

using Quorate.Contracts.Views;

namespace Quorate.Cli.Api;

/// <remarks>Questions that may be refused with a sentence: the caller shows it.</remarks>
internal sealed partial class ClusterApi
{
    /// <summary>Every service may have to be planned, several times.</summary>
    private static readonly TimeSpan SimulationTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Commands with their answers, newest first.</summary>
    /// <param name="filter">What is asked for, as pairs of a query.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The commands and whether there are older ones; or why the question makes no sense.</returns>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<(IReadOnlyList<OperationView>? Operations, bool AreMore, string Problem)> GetOperationsAsync(
        IEnumerable<KeyValuePair<string, string>> filter, CancellationToken cancellation)
    {
        string query = string.Join('&', filter.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"api/operations?{query}", null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (Read(body, ApiJson.Default.IReadOnlyListOperationView, response), response.Headers.Contains("Link"), ""),
            HttpStatusCode.BadRequest => (null, false, Excerpt(Said(body))),
            _ => throw Unexpected(response, body),
        };
    }

    /// <summary>What would happen.</summary>
    /// <returns>The answer; or why there is none, and whether that is because of a name that the cluster does not know.</returns>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such answer.</exception>
    public async Task<(SimulationView? View, string Problem, bool IsUnknownName)> SimulateAsync(SimulationRequest request, CancellationToken cancellation)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.SimulationRequest);
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "api/simulate", content, SimulationTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (Read(body, ApiJson.Default.SimulationView, response), "", false),
            HttpStatusCode.NotFound => (null, Excerpt(Said(body)), true),
            HttpStatusCode.BadRequest => (null, Excerpt(Said(body)), false),
            _ => throw Unexpected(response, body),
        };
    }
}
