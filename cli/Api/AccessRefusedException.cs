using System.Net;

namespace Quorate.Cli.Api;

/// <summary>The cluster answered that this caller may not: no token, one that does not count, or one of another role. Exit status 1.</summary>
internal sealed class AccessRefusedException : NoAnswerException
{
    public AccessRefusedException()
    {
    }

    public AccessRefusedException(string message)
        : base(message)
    {
    }

    public AccessRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Throws for an answer that is a refusal of the caller; it is disposed then.</summary>
    /// <param name="response">What came.</param>
    /// <param name="hasToken">Whether a token was shown.</param>
    /// <param name="cancellation">Ends the wait for its body.</param>
    public static async Task ThrowIfRefusedAsync(HttpResponseMessage response, bool hasToken, CancellationToken cancellation)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return;
        }

        using HttpResponseMessage refusal = response;
        string said = ClusterApi.Excerpt(ClusterApi.Said(await refusal.Content.ReadAsStringAsync(cancellation)));
        string what = refusal.StatusCode == HttpStatusCode.Forbidden ? "does not allow that"
            : hasToken ? "does not take this token"
            : $"asks for a token and none was given: set {ApiToken.Variable} or {ApiToken.FileVariable}, or add --token-file FILE";
        throw new AccessRefusedException(
            $"{refusal.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} {what}{(said.Length > 0 ? $" ({said})" : "")}");
    }
}
