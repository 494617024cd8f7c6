using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The answer of <see cref="Forecast"/>.</summary>
/// <param name="Services">One for each record, in service name order.</param>
/// <param name="Answers">What the commands would be answered, in the order they were given.</param>
public sealed record ForecastOutcome(ImmutableArray<ServiceForecast> Services, ImmutableArray<ForecastAnswer> Answers)
{
    /// <summary>False when it had not come to rest after <see cref="Forecast.RoundsMax"/> looks of the planner.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Those that nothing would move, because they are set aside or would be after an error of our own, and why.</summary>
    public required ImmutableDictionary<ServiceName, string> SetAside { get; init; }
}
