using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>Everything the planner may look at.</summary>
public sealed record PlacementSituation
{
    public required ClusterConfiguration Configuration { get; init; }

    public required MembershipView Membership { get; init; }

    /// <summary>Every service's record, in any order: those the event does not concern give load, exclusivity and dependencies.</summary>
    public required ImmutableArray<ServiceRecord> Services { get; init; }

    /// <summary>
    /// Those that nothing moves until an operator has looked. What their records say may run counts like that of any other, or somebody would be
    /// put beside it; but no plan is made for them.
    /// </summary>
    public ImmutableHashSet<ServiceName> Parked { get; init; } = [];

    /// <summary>What the configuration in force wants of services that run by an older one; those it leaves as they are have no entry.</summary>
    public ImmutableDictionary<ServiceName, ServiceChange> Changes { get; init; } = ImmutableDictionary<ServiceName, ServiceChange>.Empty;

    public required DateTimeOffset Now { get; init; }
}
