using System.Collections.Immutable;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>The gauges of one host, from whatever sources it has.</summary>
internal sealed class Gauges
{
    private readonly ImmutableArray<GaugeReading> _readings;

    public Gauges(Instruments instruments, IEnumerable<IGaugeSource> sources, TimeProvider time)
    {
        ImmutableArray<(IGaugeSource Source, GaugeReading Reading)> all = [.. sources.Select(source => (source, new GaugeReading(source, time)))];
        _readings = [.. all.Select(static pair => pair.Reading)];
        foreach (IGrouping<MetricDefinition, GaugeReading> gauge in all
            .SelectMany(static pair => pair.Source.Gauges.Select(metric => (Metric: metric, pair.Reading)))
            .GroupBy(static pair => pair.Metric, static pair => pair.Reading))
        {
            ImmutableArray<GaugeReading> readings = [.. gauge];
            instruments.Observe(gauge.Key, () => readings.SelectMany(reading => reading.Observe(gauge.Key)));
        }
    }

    /// <summary>Reads all of them at once, each for <see cref="GaugeReading.ReadWait"/> at most. Never fails.</summary>
    public Task RefreshAsync() => Task.WhenAll(_readings.Select(static reading => reading.RefreshAsync()));
}
