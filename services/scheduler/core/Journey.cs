using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>
/// What a service is in the midst of, from the first decision to the last answer. A record with a journey and without a pending
/// operation waits for the planner.
/// </summary>
/// <param name="Intent">Where it leads.</param>
public sealed record Journey(Intent Intent)
{
    /// <summary>So many commands wait for one journey at most; more are told to try again.</summary>
    public const int RequestsMax = 100;

    /// <summary>The node to try first; null lets the planner choose.</summary>
    public NodeName? Target { get; init; }

    /// <summary>Where a relocation or failback began: the last node to try.</summary>
    public NodeName? Origin { get; init; }

    /// <summary>Nodes whose start failed on this journey, or where it must not start again; each is tried once.</summary>
    public ImmutableArray<NodeName> Tried { get; init; } = [];

    /// <summary>How many starts failed on this journey.</summary>
    public int StartsFailed { get; init; }

    /// <summary>True for a stop that lasts until an operator enables the service, whatever nodes come and go.</summary>
    public bool KeepsStopped { get; init; }

    /// <summary>True for a migration because it may not stay where it is: refused, it is stopped and started elsewhere.</summary>
    public bool MustLeave { get; init; }

    /// <summary>What went wrong so far, per node, for the answer.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The commands to answer when it ends; empty for what the cluster does by itself.</summary>
    public ImmutableArray<string> RequestIds { get; init; } = [];

    /// <summary>True when the node was tried on this journey.</summary>
    public bool HasTried(NodeName node) => Tried.Contains(node);
}
