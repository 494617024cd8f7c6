namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>How the values of a metric are to be read.</summary>
public enum MetricKind
{
    /// <summary>Only grows, from 0 at the start of the process.</summary>
    Counter,

    /// <summary>A value of this moment.</summary>
    Gauge,

    /// <summary>How many values fell below each bound, how many there were, and their sum.</summary>
    Histogram,
}
