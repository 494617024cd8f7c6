using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Quorate.Hosting.Access;

/// <summary>What a caller without the right is told: a problem document that says what to do.</summary>
internal static class ApiProblem
{
    private const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Title = title, Detail = detail, Status = status }, options: null, ContentType, context.RequestAborted);
    }
}
