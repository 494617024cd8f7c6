using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>
/// A stop that nobody proved: the service may still run there, so it may start only there (rule S11), until a probe proves it
/// stopped or that incarnation ends.
/// </summary>
/// <param name="Node">Where it may still run.</param>
/// <param name="Incarnation">In which life of that node.</param>
public sealed record Hold(NodeName Node, Incarnation Incarnation)
{
    /// <summary>How many probes in a row have not proven it stopped; each next one comes later (rule S13).</summary>
    public int Unproven { get; init; }

    /// <summary>No probe is ordered before; null when none has failed yet.</summary>
    public DateTimeOffset? ProbeAt { get; init; }
}
