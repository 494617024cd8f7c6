using System.Collections.Immutable;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The answer of <see cref="WhatIf"/>.</summary>
/// <param name="IsQuorate">Whether the nodes that are up have enough votes.</param>
/// <param name="Services">One plan for each configured service, in document order.</param>
public sealed record WhatIfPlan(bool IsQuorate, ImmutableArray<ServicePlan> Services);
