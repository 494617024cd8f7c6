using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Quorate.Hosting.Access;

/// <summary>
/// Knows a caller by the header <c>Authorization: Bearer TOKEN</c>. Where no tokens are configured everybody is let in with every role, so that
/// there is one way through, open or not.
/// </summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiAccess access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (access.Tokens is not { } file)
        {
            return Task.FromResult(Success("", ApiRole.All));
        }
        // Without a token as well: what is wrong with the file is logged also while nobody calls but the health checks.
        TokenTable tokens = file.Current(Logger);
        return Task.FromResult(
            Sent() is not { Length: > 0 } secret ? AuthenticateResult.NoResult()
            : tokens.Find(secret) is { } token ? Success(token.Name, [token.Role])
            : AuthenticateResult.Fail("the token is not known"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.Append(HeaderNames.WWWAuthenticate, SchemeName);
        return ApiProblem.WriteAsync(
            Context, StatusCodes.Status401Unauthorized, "a token is needed",
            Sent() is { Length: > 0 }
                ? "this token is not known here: it may have been replaced. Ask whoever keeps Quorate:TokensFile for one; quorate token new makes it"
                : $"send a token, Authorization: Bearer TOKEN. It takes one of role {RoleNeeded()}; quorate token new makes it, "
                    + "and quorate sends the one of QUORATE_TOKEN, QUORATE_TOKEN_FILE or --token-file");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblem.WriteAsync(
        Context, StatusCodes.Status403Forbidden, "not allowed",
        $"{Request.Method} {Request.Path} takes a token of role {RoleNeeded()}; the one of {Context.User.Identity?.Name} has role "
            + $"{string.Join(", ", Context.User.FindAll(ClaimTypes.Role).Select(static role => role.Value))}");

    private static AuthenticateResult Success(string name, IReadOnlyList<string> roles) => AuthenticateResult.Success(new AuthenticationTicket(
        new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), .. roles.Select(static role => new Claim(ClaimTypes.Role, role))], SchemeName)),
        SchemeName));

    private string? Sent() =>
        Request.Headers.Authorization is [{ } header] && header.StartsWith($"{SchemeName} ", StringComparison.OrdinalIgnoreCase)
            ? header[(SchemeName.Length + 1)..].Trim()
            : null;

    private string RoleNeeded() => new RoleRequirement(Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy).For(Request);
}
