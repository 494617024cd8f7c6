using System.Diagnostics.Metrics;
using System.Text;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>
/// The page that Prometheus scrapes: it listens to this host's meter from the start, counts what is counted, and asks for gauges when the
/// page is asked for.
/// </summary>
/// <remarks>
/// OpenTelemetry's own aggregation is not used: a gauge that nobody measures any more (the lease of a lost node, an outbox whose database is
/// away) keeps its last value there for ever, and that value is the one that must not be believed.
/// </remarks>
internal sealed class Exposition : IDisposable
{
    private readonly Gauges _gauges;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>One page at a time is written: each begins its gauges anew. What has to be waited for is read before.</summary>
    private readonly Lock _page = new();

    public Exposition(Instruments instruments, Gauges gauges)
    {
        _gauges = gauges;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Reference equality: other hosts of this process have meters of the same name.
            if (instrument.Meter == instruments.Meter)
            {
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Take(value, tags)); // set: the lines above
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.Start();
        instruments.BeginAtZero();
    }

    /// <summary>The page as it is now. Takes little longer than <see cref="GaugeReading.ReadWait"/> and never fails for want of a database or broker.</summary>
    public async Task<string> PageAsync()
    {
        await _gauges.RefreshAsync();
        lock (_page)
        {
            MetricFamily[] families = Families();
            foreach (MetricFamily family in families)
            {
                family.BeginPage();
            }
            _listener.RecordObservableInstruments();
            StringBuilder page = new();
            foreach (MetricFamily family in families)
            {
                family.Write(page);
            }
            return page.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily[] Families()
    {
        lock (_gate)
        {
            return [.. _families.Values];
        }
    }

    private MetricFamily FamilyOf(Instrument instrument)
    {
        MetricDefinition metric = MetricCatalogue.All.SingleOrDefault(known => known.Name == instrument.Name)
            ?? throw new InvalidOperationException($"the instrument {instrument.Name} is not in {nameof(MetricCatalogue)}");
        MetricFamily family = new(metric);
        lock (_gate)
        {
            // Whoever asks for the same instrument again is given the one there is by the meter, so there is one family for each name.
            _families.TryAdd(metric.PrometheusName, family);
            return _families[metric.PrometheusName];
        }
    }
}
