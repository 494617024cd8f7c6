using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>The membership and the leases in numbers, as this replica last saw them; none while it cannot look.</summary>
internal sealed class QuorumGauges(ReplicaView view, QuorumTiming timing, TimeProvider time) : IGaugeSource
{
    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.LeaseMargin, MetricCatalogue.Nodes, MetricCatalogue.Quorate];

    public Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken)
    {
        if (view.BeatFailure is not null || view.Membership is not { } membership || view.Leases is not { } seen)
        {
            return Task.FromResult<IReadOnlyList<GaugeValue>>([]);
        }

        TimeSpan now = time.GetElapsedTime(seen.Begun);
        // A look that hangs has not failed yet; what it counts as otherwise, a gap in the beat, it counts as here (rule S2).
        return Task.FromResult<IReadOnlyList<GaugeValue>>(now - seen.LookedAt > timing.BeatGap ? [] : [.. Of(membership), .. Of(seen, now)]);
    }

    private static IEnumerable<GaugeValue> Of(MembershipChanged membership)
    {
        yield return new GaugeValue(MetricCatalogue.Quorate, membership.IsQuorate ? 1 : 0);
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            yield return new GaugeValue(MetricCatalogue.Nodes, membership.Nodes.Count(node => node.State == state), state.ToString().ToLowerInvariant());
        }
    }

    private static IEnumerable<GaugeValue> Of(SeenLeases seen, TimeSpan now) =>
        seen.Ends.Select(pair => new GaugeValue(MetricCatalogue.LeaseMargin, (pair.Value - now).TotalSeconds, pair.Key.Value));
}
