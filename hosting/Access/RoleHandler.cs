using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Quorate.Hosting.Access;

/// <summary>Lets a caller through who has the role. Operators may do what observers may; a node may do neither.</summary>
internal sealed class RoleHandler : AuthorizationHandler<RoleRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (context.Resource is HttpContext http && requirement.For(http.Request) is var role
            && (context.User.IsInRole(role) || (role == ApiRole.Observer && context.User.IsInRole(ApiRole.Operator))))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
