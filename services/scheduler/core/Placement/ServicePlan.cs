using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The planner's word on one service.</summary>
public sealed record ServicePlan
{
    public required ServiceName Service { get; init; }

    public required PlacementAction Action { get; init; }

    /// <summary>Where it shall run: the target of a start, takeover or relocation, the owner of one that stays; null otherwise.</summary>
    public NodeName? Node { get; init; }

    /// <summary>Every configured node, in the configured order.</summary>
    public required ImmutableArray<NodeScore> Scores { get; init; }

    /// <summary>Why, in plain words.</summary>
    public required string Reason { get; init; }

    /// <summary>The nodes that are still to be looked at once it is at rest; null when nothing changes about that.</summary>
    public ImmutableArray<NodeName>? Newcomers { get; init; }

    /// <summary>True for a move because it may not stay: what cannot be moved while it runs is then stopped and started elsewhere.</summary>
    public bool MustLeave { get; init; }

    /// <summary>For <see cref="PlacementAction.GiveUp"/>: what the waiting commands are told.</summary>
    public ResultCode Result { get; init; } = ResultCode.Fail;
}
