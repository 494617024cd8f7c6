using System.Collections.Immutable;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>
/// The spans of one change of the membership. The loss of a node begins a trace, which its row keeps: what fences it, whichever replica that
/// is, and the generation that says so go on there, and so do all that hear of it.
/// </summary>
internal sealed class GenerationSpans : IDisposable
{
    private readonly List<Activity> _begun = [];

    /// <summary>Begins the trace of a loss, or goes on with that of the order to fence the node.</summary>
    public async Task LostAsync(LeaseStore store, LeaseRow row)
    {
        IReadOnlyDictionary<NodeName, string> before = await store.TracesAsync([(row.Node, row.Incarnation)]);
        if (Traces.Begin($"node lost {row.Node}", before.GetValueOrDefault(row.Node)) is { } span)
        {
            span.SetTag("quorate.node", row.Node.Value).SetTag("quorate.incarnation", row.Incarnation.Value).SetTag("quorate.reason", row.Reason);
            _begun.Add(span);
            await store.TraceAsync(row.Node, row.Incarnation, Traces.Here);
        }
    }

    /// <summary>Where the traces of those stand that were lost or ended by this generation, by name: the first goes on, the others are linked.</summary>
    public static async Task<ImmutableArray<string>> CausesAsync(LeaseStore store, MembershipChanged? before, MembershipChanged next)
    {
        Dictionary<NodeName, MemberNode> known = before?.Nodes.ToDictionary(node => node.Name) ?? [];
        IReadOnlyDictionary<NodeName, string> traces = await store.TracesAsync(next.Nodes
            .Where(node => node.State != NodeState.Online && node.Incarnation is not null
                && (known.GetValueOrDefault(node.Name) is not { } old || old.State != node.State || old.Incarnation != node.Incarnation))
            .Select(node => (node.Name, node.Incarnation!.Value))); // not null: the line before
        return [.. traces.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
    }

    /// <summary>The span that a generation is stored and published under. Not awaited: it has to be current for the caller.</summary>
    public static Activity? Begin(ImmutableArray<string> causes, MembershipTransition next)
    {
        Activity? span = Traces.Begin($"membership {next.Arbiter.Generation}", causes.FirstOrDefault());
        span.LinkTo(causes.Skip(1));
        return span?.SetTag("quorate.generation", next.Arbiter.Generation).SetTag("quorate.reason", next.Reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Activity span in Enumerable.Reverse(_begun))
        {
            span.Dispose();
        }
    }
}
