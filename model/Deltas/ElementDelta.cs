namespace Quorate.Model.Deltas;

/// <summary>A difference that stops and starts nothing by itself: a node, a failover domain, a setting, a resource that no service uses.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Element">What differs: <c>node n4</c>, <c>failover domain west</c>, <c>quorum</c>.</param>
/// <param name="Reason">What is different, and what follows from it.</param>
public sealed record ElementDelta(DeltaKind Kind, string Element, string Reason);
