using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Quorum.Service;

/// <summary>When leases run out, as one look of this replica had it.</summary>
/// <param name="Begun">The timestamp that the replica's monotonic clock counts from.</param>
/// <param name="LookedAt">When, on that clock.</param>
/// <param name="Ends">By node, on that clock.</param>
internal sealed record SeenLeases(long Begun, TimeSpan LookedAt, ImmutableSortedDictionary<NodeName, TimeSpan> Ends);
