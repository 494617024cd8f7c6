using Quorate.Contracts;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>A replica's wish to fence; it comes true only if the row is still as it was seen.</summary>
/// <param name="Node">Whom.</param>
/// <param name="Incarnation">Which life of it, and no other (rule S5).</param>
/// <param name="Seen">The row as it was; null when there was none.</param>
/// <param name="Round">The round to begin with, from 1.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record FencingClaim(NodeName Node, Incarnation Incarnation, FenceRow? Seen, int Round, string Reason);
