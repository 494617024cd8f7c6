using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What would become of one service, and why.</summary>
public sealed record ServiceForecast
{
    /// <summary>Its record as it is.</summary>
    public required ServiceRecord Before { get; init; }

    /// <summary>Its record once all had come to rest.</summary>
    public required ServiceRecord After { get; init; }

    public required ForecastAction Action { get; init; }

    /// <summary>Where it would run; null for nowhere.</summary>
    public required NodeName? Node { get; init; }

    /// <summary>Why, in a sentence: the planner's words.</summary>
    public required string Reason { get; init; }

    /// <summary>Every configured node as the planner would see it, in the configured order; empty for one that is not planned.</summary>
    public required ImmutableArray<NodeScore> Scores { get; init; }
}
