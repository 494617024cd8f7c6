using System.Net;

using Quorate.Contracts.Views;

namespace Quorate.Cli.Api;

/// <remarks>Questions that may be refused with a sentence: the caller shows it.</remarks>
internal sealed partial class ClusterApi
{
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
}
