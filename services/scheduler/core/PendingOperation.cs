using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>An operation ordered and not yet answered. As a rule its epoch is the record's <see cref="ServiceRecord.Epoch"/>.</summary>
/// <param name="Action">What was ordered.</param>
/// <param name="Node">Of whom.</param>
/// <param name="Incarnation">Of which life of that node; only its answer counts (rule S8).</param>
/// <param name="Attempt">From 1; how often it was sent.</param>
/// <param name="Deadline">When it is sent again. A deadline never replaces an owner (rule S8).</param>
public sealed record PendingOperation(NodeAction Action, NodeName Node, Incarnation Incarnation, int Attempt, DateTimeOffset Deadline)
{
    /// <summary>The configuration that was named, and is named again with each repetition: the same operation is the same order (rules S8 and S10). Null in rows of before this was kept.</summary>
    public string? ConfigurationDigest { get; init; }

    /// <summary>Its epoch where that is not the record's: that of an order to a node beside the owner, whose reports go on with the record's.</summary>
    public long? Epoch { get; init; }

    /// <summary>The other node of a migration; null for all else.</summary>
    public NodeName? Peer { get; init; }

    /// <summary>Its version.</summary>
    public int ConfigurationVersion { get; init; }

    /// <summary>
    /// True for a stop that failed and whose node is being fenced for it: nothing is asked of the node any more, the deadline asks for the
    /// fencing again, and the end of the incarnation is what it waits for.
    /// </summary>
    public bool AwaitsFencing { get; init; }

    /// <summary>How often in a row its node refused it; each time it is asked again later than before (rule S13).</summary>
    public int Refusals { get; init; }
}
