using System.Data.Common;
using System.Diagnostics.Metrics;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>
/// Stands between a source, which may wait for a database, and whoever wants its values at once. One reading at a time: a database that
/// hangs is asked once, however many scrapes come meanwhile.
/// </summary>
internal sealed class GaugeReading(IGaugeSource source, TimeProvider time)
{
    /// <summary>A value so young is not looked up again.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private IReadOnlyList<GaugeValue> _values = [];
    private long _readAt;
    private Task _reading = Task.CompletedTask;

    /// <summary>How long a source may take. Two of it are less than a scrape may take altogether.</summary>
    public static readonly TimeSpan ReadWait = TimeSpan.FromSeconds(1);

    /// <summary>Reads anew; with no answer in time, or without a database, there are no values. Never fails.</summary>
    public async Task RefreshAsync()
    {
        Task reading = Begin();
        if (await Task.WhenAny(reading, Task.Delay(ReadWait, CancellationToken.None)) != reading)
        {
            Keep([]);
        }
    }

    /// <summary>
    /// What is known of one gauge. Whoever asks without having refreshed (an OTLP export) and whose source has to wait gets the values that
    /// were read for the call before, and has them read again.
    /// </summary>
    public IEnumerable<Measurement<double>> Observe(MetricDefinition metric)
    {
        IReadOnlyList<GaugeValue> values;
        bool isFresh;
        lock (_gate)
        {
            isFresh = _readAt != 0 && time.GetElapsedTime(_readAt) < FreshFor;
        }
        if (!isFresh)
        {
            _ = Begin();
        }
        lock (_gate)
        {
            values = _values;
        }
        return values.Where(value => value.Metric == metric).Select(static value => new Measurement<double>(value.Value, Instruments.Tags(value.Metric, value.Labels)));
    }

    /// <summary>The reading that is under way, or a new one.</summary>
    private Task Begin()
    {
        lock (_gate)
        {
            if (_reading.IsCompleted)
            {
                // A source that waits for nothing has answered when this returns, and this thread may take the gate again.
                _reading = ReadAsync();
            }
            return _reading;
        }
    }

    private async Task ReadAsync()
    {
        using CancellationTokenSource limit = new(ReadWait);
        try
        {
            Keep(await source.ReadAsync(limit.Token));
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or OperationCanceledException or DatabaseForgetsException)
        {
            Keep([]);
        }
    }

    private void Keep(IReadOnlyList<GaugeValue> values)
    {
        lock (_gate)
        {
            _values = values;
            _readAt = time.GetTimestamp();
        }
    }
}
