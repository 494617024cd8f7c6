namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>The values of one metric under one set of labels. Its family holds the lock.</summary>
/// <param name="labels">As they stand on the page: <c>from="started",to="failed"</c>; empty without labels.</param>
/// <param name="metric">Whose series this is.</param>
internal sealed class Series(string labels, MetricDefinition metric)
{
    private readonly long[] _below = new long[metric.Bounds.Length];

    public string Labels { get; } = labels;

    /// <summary>A counter's or gauge's value; a histogram's sum.</summary>
    public double Value { get; private set; }

    /// <summary>How many measurements there were.</summary>
    public long Count { get; private set; }

    /// <summary>For each bound how many measurements were not above it.</summary>
    public IReadOnlyList<long> Below => _below;

    public void Take(double value)
    {
        Count++;
        Value = metric.Kind == MetricKind.Gauge ? value : Value + value;
        for (int bucket = 0; bucket < _below.Length; bucket++)
        {
            if (value <= metric.Bounds[bucket])
            {
                _below[bucket]++;
            }
        }
    }
}
