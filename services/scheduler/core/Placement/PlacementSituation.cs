using System.Collections.Immutable;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>Everything the planner may look at.</summary>
public sealed record PlacementSituation
{
    public required ClusterConfiguration Configuration { get; init; }

    public required MembershipView Membership { get; init; }

    /// <summary>Every service's record, in any order: those the event does not concern give load, exclusivity and dependencies.</summary>
    public required ImmutableArray<ServiceRecord> Services { get; init; }

    public required DateTimeOffset Now { get; init; }
}
