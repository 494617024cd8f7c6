using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What is asked of <see cref="Forecast"/>.</summary>
public sealed record ForecastInquiry
{
    /// <summary>The cluster as if what is asked about had happened. Its <see cref="PlacementSituation.Changes"/> are made from <see cref="ChangeOf"/>.</summary>
    public required PlacementSituation Situation { get; init; }

    /// <summary>Why the planner would be asked, the weightiest cause first.</summary>
    public required ImmutableArray<PlacementEvent> Causes { get; init; }

    /// <summary>What the configuration of the situation wants of a service that runs by an older one; null for nothing.</summary>
    public required Func<ServiceRecord, ServiceChange?> ChangeOf { get; init; }

    /// <summary>What an operator would order then, once all of that had come to rest.</summary>
    public ImmutableArray<(CommandKind Command, ServiceName Service)> Commands { get; init; } = [];
}
