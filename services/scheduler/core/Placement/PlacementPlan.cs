using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The planner's word on all services an event concerns, in service name order.</summary>
/// <param name="Services">Each concerned service once.</param>
public sealed record PlacementPlan(ImmutableArray<ServicePlan> Services)
{
    /// <summary>Those without a plan because the planner fails over them, and how; none as a rule.</summary>
    public ImmutableDictionary<ServiceName, Exception> LeftOut { get; init; } = ImmutableDictionary<ServiceName, Exception>.Empty;
}
