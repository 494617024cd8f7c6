using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Hosting.Telemetry;

/// <summary>
/// What one host measures. Each host of a process has a meter of its own, so that a replica's numbers stay its own where several share a
/// process; traces are one for all, since they lead from one host to the next.
/// </summary>
public sealed class Instruments
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Quorate";

    /// <summary>The urgency of a message that the catalogue does not have: its own text says what is wrong.</summary>
    private const MessageSeverity SeverityUnlisted = MessageSeverity.Error;

    private readonly Counter<long> _raised;

    /// <param name="meters">The host's.</param>
    /// <param name="component">The service's name: <c>quorum scheduler executor</c>.</param>
    public Instruments(IMeterFactory meters, string component)
    {
        Meter = meters.Create(Name);
        Component = component;
        _raised = Counter(MetricCatalogue.MessagesRaised);
    }

    /// <summary>Where spans of our own start.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>The service's name in metrics.</summary>
    public string Component { get; }

    /// <summary>This host's alone.</summary>
    internal Meter Meter { get; }

    /// <summary>The instrument of a counter.</summary>
    public Counter<long> Counter(MetricDefinition metric) => Meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Help);

    /// <summary>The instrument of a histogram.</summary>
    public Histogram<double> Histogram(MetricDefinition metric) => Meter.CreateHistogram(
        metric.Name, metric.Unit, metric.Help, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Bounds });

    /// <summary>Labels with their values, for a measurement.</summary>
    /// <param name="metric">Whose labels.</param>
    /// <param name="values">One for each, in the metric's order.</param>
    public static KeyValuePair<string, object?>[] Tags(MetricDefinition metric, params ImmutableArray<string> values) =>
        [.. metric.Labels.Zip(values, static (label, value) => new KeyValuePair<string, object?>(label, value))];

    /// <summary>Counts a numbered message.</summary>
    public void Raised(int number, string component) => Raised(number, component, by: 1);

    /// <summary>
    /// For whoever has just begun to listen: every message that this component raises, counted from 0 on. Where a series begins with its
    /// first message, no rate and no increase ever sees that one.
    /// </summary>
    internal void BeginAtZero()
    {
        foreach (MessageDefinition message in MessageCatalogue.All.Where(message => message.IsPossible && TextOf(message.Component) == Component))
        {
            Raised(message.Number, Component, by: 0);
        }
    }

    internal void Observe(MetricDefinition metric, Func<IEnumerable<Measurement<double>>> observe) =>
        Meter.CreateObservableGauge(metric.Name, observe, metric.Unit, metric.Help);

    private void Raised(int number, string component, long by)
    {
        MessageSeverity severity = MessageCatalogue.Find(number) is [var known, ..] ? known.Severity : SeverityUnlisted;
        _raised.Add(by, Tags(MetricCatalogue.MessagesRaised, FormattableString.Invariant($"{number}"), component, severity.ToString().ToLowerInvariant()));
    }

    private static string TextOf(MessageComponent component) => component.ToString().ToLowerInvariant();
}
