using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Scheduler.Service.Api;

/// <summary>Lists that are read page by page, from the newest to the oldest.</summary>
/// <remarks>Source: RFC 8288; the next page is named in a header, so that a list stays the list it was.</remarks>
internal static class ApiPage
{
    private const string Before = "before";

    /// <summary>Names the page of what is older.</summary>
    /// <param name="http">The request for this page; the next one asks for the same otherwise.</param>
    /// <param name="before">The id of the oldest row of this page.</param>
    public static void LinkNext(HttpRequest http, string before)
    {
        // The path as it was sent: decoded and encoded again, a slash within a name would be one of the path.
        string path = (http.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? http.GetEncodedPathAndQuery()).Split('?')[0];
        QueryBuilder query = new(http.Query.Where(pair => pair.Key != Before).SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")))
        {
            { Before, before },
        };
        http.HttpContext.Response.Headers.Link = $"<{path}{query}>; rel=\"next\"";
    }
}
