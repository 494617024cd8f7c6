using System.Collections.Immutable;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>One metric as operators know it: its name, labels and unit stay from release to release.</summary>
/// <param name="Name">The instrument's name with dots, as OTLP sends it: <c>quorate.lease_margin</c>.</param>
/// <param name="Kind">How its values are read.</param>
/// <param name="Unit"><c>s</c>, or what is counted in braces, or empty; as OpenTelemetry spells units.</param>
/// <param name="Help">One line that says what it is, without a full stop.</param>
/// <param name="Labels">Its labels in the order in which they are shown. Each has as many values as the configuration names, or fewer.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Help, ImmutableArray<string> Labels)
{
    private const string Seconds = "s";

    /// <summary>The upper bounds of a histogram's buckets, growing, without infinity; empty for the other kinds.</summary>
    public ImmutableArray<double> Bounds { get; init; } = [];

    /// <summary>The name on a scrape page, made as collectors make it from the name, unit and kind that OTLP sends.</summary>
    /// <remarks>Source: OpenTelemetry, "Prometheus and OpenMetrics compatibility": dots become underscores, then the unit, then <c>_total</c>.</remarks>
    public string PrometheusName =>
        $"{Name.Replace('.', '_')}{(Unit == Seconds ? "_seconds" : "")}{(Kind == MetricKind.Counter ? "_total" : "")}";
}
