using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Quorate.Hosting.Access;

/// <summary>The caller has a role: the named one, or the one that the request's method asks for.</summary>
/// <param name="Role">One of <see cref="ApiRole"/>; null follows the method: looking is an observer's, everything else an operator's.</param>
internal sealed record RoleRequirement(string? Role) : IAuthorizationRequirement
{
    /// <summary>The role that this request needs.</summary>
    public string For(HttpRequest request) =>
        Role ?? (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? ApiRole.Observer : ApiRole.Operator);
}
