using System.Collections.Immutable;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>Something of this process that knows values of gauges and is asked when somebody wants to see them.</summary>
public interface IGaugeSource
{
    /// <summary>The gauges it may give values of.</summary>
    ImmutableArray<MetricDefinition> Gauges { get; }

    /// <summary>Their values now; none for what is not known now, so that nobody takes an old value for a new one.</summary>
    /// <param name="cancellationToken">Cancelled after a second: then there are no values of this source.</param>
    /// <exception cref="System.Data.Common.DbException">The database is away; the same as no values.</exception>
    /// <exception cref="TimeoutException">Likewise.</exception>
    /// <exception cref="Database.DatabaseForgetsException">Likewise.</exception>
    Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken);
}
