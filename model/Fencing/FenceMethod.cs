using System.Collections.Immutable;

namespace Quorate.Model.Fencing;

/// <summary>One way to cut a node off: all its devices have to be off together, as for a machine with two power supplies.</summary>
/// <param name="Name"><c>method/@name</c>; its place from 1 where it has none.</param>
/// <param name="Devices">One or more, in document order.</param>
/// <remarks>Source: DESIGN 3, S6; cluster.conf as fenced(8) reads it.</remarks>
public sealed record FenceMethod(string Name, ImmutableArray<FenceDevice> Devices);
