using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>A service in a search.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Bonds">Its bonds.</param>
/// <param name="Choices">Where it may be, the best first.</param>
internal sealed record Piece(ServiceName Service, IReadOnlyList<Bond> Bonds, ImmutableArray<Choice> Choices);

/// <summary>A place for a service, or none, and what that costs.</summary>
internal readonly record struct Choice(NodeName? Node, Cost Cost);
