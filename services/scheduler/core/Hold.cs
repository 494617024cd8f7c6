using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>
/// A stop that nobody proved: the service may still run there, so it may start only there (rule S11), until a probe proves it
/// stopped or that incarnation ends.
/// </summary>
/// <param name="Node">Where it may still run.</param>
/// <param name="Incarnation">In which life of that node.</param>
public sealed record Hold(NodeName Node, Incarnation Incarnation);
