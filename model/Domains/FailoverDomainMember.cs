using Quorate.Contracts;

namespace Quorate.Model.Domains;

/// <summary>One <c>failoverdomainnode</c>.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Priority">1 (first) to 100; null where none is given or it is out of range: ranks last (DESIGN 9).</param>
public sealed record FailoverDomainMember(NodeName Node, int? Priority);
