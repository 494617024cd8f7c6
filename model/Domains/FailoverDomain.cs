using System.Collections.Immutable;

namespace Quorate.Model.Domains;

/// <summary>Which nodes a service prefers or is confined to.</summary>
/// <remarks>Source: rgmanager.md 1.2.</remarks>
/// <param name="Name">As written.</param>
/// <param name="IsOrdered">Priorities count.</param>
/// <param name="IsRestricted">Only members may run the service.</param>
/// <param name="IsNoFailback">A running service stays where it is when a better member comes back.</param>
/// <param name="Members">In document order, each node once.</param>
public sealed record FailoverDomain(string Name, bool IsOrdered, bool IsRestricted, bool IsNoFailback, ImmutableArray<FailoverDomainMember> Members);
