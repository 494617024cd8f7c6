using System.Collections.Immutable;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>One value of a gauge.</summary>
/// <param name="Metric">Which gauge.</param>
/// <param name="Value">In the metric's unit.</param>
/// <param name="Labels">One for each label of the metric, in its order.</param>
public sealed record GaugeValue(MetricDefinition Metric, double Value, params ImmutableArray<string> Labels);
