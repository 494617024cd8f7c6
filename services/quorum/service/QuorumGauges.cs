using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Quorum.Service;

/// <summary>The membership and the leases in numbers, as this replica last saw them; none while it cannot look.</summary>
internal sealed class QuorumGauges(ReplicaView view, TimeProvider time) : IGaugeSource
{
    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.LeaseMargin, MetricCatalogue.Nodes, MetricCatalogue.Quorate];

    public Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<GaugeValue>>(view.BeatFailure is null && view.Membership is { } membership ? [.. Of(membership), .. Leases()] : []);

    private static IEnumerable<GaugeValue> Of(MembershipChanged membership)
    {
        yield return new GaugeValue(MetricCatalogue.Quorate, membership.IsQuorate ? 1 : 0);
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            yield return new GaugeValue(MetricCatalogue.Nodes, membership.Nodes.Count(node => node.State == state), state.ToString().ToLowerInvariant());
        }
    }

    private IEnumerable<GaugeValue> Leases()
    {
        SeenLeases seen = view.Leases;
        return seen.Ends.Select(pair => new GaugeValue(MetricCatalogue.LeaseMargin, (pair.Value - time.GetElapsedTime(seen.Begun)).TotalSeconds, pair.Key.Value));
    }
}
