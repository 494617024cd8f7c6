using System.Text;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>Everything measured of one metric since the process began; of a gauge, what was measured for this page.</summary>
internal sealed class MetricFamily(MetricDefinition metric)
{
    /// <summary>Far above what a configuration can name; beyond it measurements are dropped rather than memory used up.</summary>
    public const int SeriesMax = 5_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public MetricDefinition Metric { get; } = metric;

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = ExpositionText.Labels(Metric, tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out Series? series))
            {
                if (_series.Count == SeriesMax)
                {
                    return;
                }
                series = new Series(labels, Metric);
                _series.Add(labels, series);
            }
            series.Take(value);
        }
    }

    /// <summary>A gauge has the values of this moment: what is not measured again is no more.</summary>
    public void BeginPage()
    {
        lock (_gate)
        {
            if (Metric.Kind == MetricKind.Gauge)
            {
                _series.Clear();
            }
        }
    }

    public void Write(StringBuilder page)
    {
        lock (_gate)
        {
            ExpositionText.Write(page, Metric, _series.Values);
        }
    }
}
