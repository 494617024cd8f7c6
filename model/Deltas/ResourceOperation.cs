using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>One resource that a new configuration stops, starts or reconfigures.</summary>
/// <param name="Kind">What happens to it.</param>
/// <param name="Node">Its place in the old tree for a stop, in the new one otherwise.</param>
/// <param name="Reason">Why, as a sentence continues after the resource's name.</param>
public sealed record ResourceOperation(OperationKind Kind, ResourceNode Node, string Reason);
