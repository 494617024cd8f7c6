using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Quorate.Hosting.Settings;

namespace Quorate.Hosting.Access;

/// <summary>
/// Who may do what over HTTP. Every endpoint is protected by the fallback policy (looking is an observer's, everything else an operator's) unless
/// it names another role, or says <c>AllowAnonymous</c>.
/// </summary>
public sealed class ApiAccess
{
    private ApiAccess(TokensFile? tokens) => Tokens = tokens;

    /// <summary>False while everybody who reaches the API may do everything.</summary>
    public bool IsProtected => Tokens is not null;

    /// <summary>Null where no tokens are configured.</summary>
    internal TokensFile? Tokens { get; }

    /// <summary>Adds authentication by the tokens of <c>Quorate:TokensFile</c>, the policies, and a warning for an open API that listens to the network.</summary>
    /// <exception cref="SettingsException">The tokens file cannot be used; the message says every reason.</exception>
    public static void Add(IServiceCollection services, QuorateOptions options)
    {
        try
        {
            services.AddSingleton(new ApiAccess(options.TokensFile.Length == 0 ? null : new TokensFile(options.TokensFile, TimeProvider.System)));
        }
        catch (SettingsException failure)
        {
            throw new SettingsException([.. failure.Problems.Select(static problem => $"Quorate:TokensFile: {problem}")]);
        }
        // The core alone: the rest would make keys for cookies, and write them into the home directory.
        services.AddAuthenticationCore(static schemes =>
        {
            schemes.DefaultScheme = TokenHandler.SchemeName;
            schemes.AddScheme<TokenHandler>(TokenHandler.SchemeName, displayName: null);
        });
        services.AddWebEncoders();
        AuthorizationBuilder policies = services.AddAuthorizationBuilder().SetFallbackPolicy(Policy(null)).SetDefaultPolicy(Policy(null));
        foreach (string role in ApiRole.All)
        {
            policies.AddPolicy(role, Policy(role));
        }
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, RoleHandler>());
        services.AddHostedService<OpenApiWarning>();
    }

    /// <summary>Puts authentication and authorization before the endpoints, and the name of whoever asks for something into the log.</summary>
    public static void Use(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        ILogger logger = app.Services.GetRequiredService<ILogger<ApiAccess>>();
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            // Said before it is done, so that nothing is done without it; and never of a node, whose heartbeats would bury the rest.
            if (context.User.Identity?.Name is { Length: > 0 } name && !HttpMethods.IsGet(context.Request.Method) && context.User.IsInRole(ApiRole.Operator))
            {
                logger.AskedFor(context.Request.Method, context.Request.Path, name);
            }
            return next(context);
        });
    }

    private static AuthorizationPolicy Policy(string? role) =>
        new AuthorizationPolicyBuilder(TokenHandler.SchemeName).AddRequirements(new RoleRequirement(role)).Build();
}
