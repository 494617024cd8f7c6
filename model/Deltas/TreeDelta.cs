using System.Collections.Immutable;
using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>What turns one tree of a service, as it runs, into another.</summary>
/// <remarks>Source: rgmanager.md 2.9.</remarks>
/// <param name="Down">What stops, in stop order.</param>
/// <param name="Up">What starts or is reconfigured, in start order, once everything of <paramref name="Down"/> has stopped.</param>
/// <param name="Kept">What runs in between; null where nothing does.</param>
public sealed record TreeDelta(ImmutableArray<ResourceOperation> Down, ImmutableArray<ResourceOperation> Up, ResourceNode? Kept);
