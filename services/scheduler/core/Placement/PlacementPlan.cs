using System.Collections.Immutable;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The planner's word on all services an event concerns, in service name order.</summary>
/// <param name="Services">Each concerned service once.</param>
public sealed record PlacementPlan(ImmutableArray<ServicePlan> Services);
