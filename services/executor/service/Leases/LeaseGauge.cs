using System.Collections.Immutable;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Sessions;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Executor.Service.Leases;

/// <summary>What is left of this node's lease, by the clock that the guard ends it by; none before the first grant and after its end.</summary>
internal sealed class LeaseGauge(ExecutorSettings settings, ExecutorLoop loop) : IGaugeSource
{
    private const double MillisecondsInSecond = 1000;

    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.LeaseMargin];

    public Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<GaugeValue>>(
        loop.Current?.Lease is { HasEnded: false, DeadlineMilliseconds: { } deadline }
            ? [new GaugeValue(MetricCatalogue.LeaseMargin, (deadline - BootClock.Milliseconds) / MillisecondsInSecond, settings.Node.Value)]
            : []);
}
