using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>What one evaluation loaded.</summary>
/// <param name="Newest">The membership it decides under.</param>
/// <param name="Evaluated">The membership the last evaluation decided under; null before the first.</param>
/// <param name="Services">Every service, the parked ones too: they are not planned, and what they may run is counted.</param>
/// <param name="Configuration">The configuration it decides by.</param>
/// <param name="Changes">What that one wants of services that run by an older one.</param>
internal sealed record EvaluationInput(
    MembershipChanged Newest,
    MembershipChanged? Evaluated,
    ImmutableArray<StoredService> Services,
    ClusterConfiguration Configuration,
    ImmutableDictionary<ServiceName, ServiceChange> Changes)
{
    /// <summary>Version and trace id in a W3C traceparent: 2 and 32 digits, and a hyphen.</summary>
    private const int TraceEnd = 35;

    /// <summary>The digest of the configuration that the last evaluation decided by; null before the first.</summary>
    public required string? EvaluatedConfiguration { get; init; }

    /// <summary>Reads it; null before quorum spoke.</summary>
    /// <param name="work">Its transaction; nothing is written.</param>
    /// <param name="configuration">Finds the configuration to decide by, once the services have been read.</param>
    /// <param name="differences">Compares it with older ones.</param>
    /// <param name="unreadable">Hears of each service whose row cannot be read; those are left out.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<EvaluationInput?> LoadAsync(
        UnitOfWork work, Func<UnitOfWork, CancellationToken, Task<ClusterConfiguration>> configuration, ConfigurationDifferences differences,
        Action<RowUnreadableException> unreadable, CancellationToken ct)
    {
        if (await MembershipStore.NewestAsync(work, ct) is not { } newest)
        {
            return null;
        }
        MembershipChanged? evaluated = await MembershipStore.EvaluatedAsync(work, ct);
        IReadOnlyList<StoredService> services = await ServiceStore.ReadAllAsync(work.Connection, work.Transaction, unreadable, ct);
        ClusterConfiguration current = await configuration(work, ct);
        return new EvaluationInput(
            newest, evaluated, [.. services], current, await differences.FindAsync(work, current, services.Select(service => service.Record), ct))
        {
            EvaluatedConfiguration = await ConfigurationStore.EvaluatedAsync(work, ct),
        };
    }

    /// <summary>What the planner may look at.</summary>
    public PlacementSituation Situation(DateTimeOffset now) => new()
    {
        Configuration = Configuration,
        Changes = Changes,
        Membership = MembershipView.From(Newest),
        Services = [.. Services.Select(service => service.Record)],
        Parked = [.. Services.Where(service => service.Parked is not null).Select(service => service.Record.Name)],
        Now = now,
    };

    /// <summary>True when the configuration is another one than at the last evaluation.</summary>
    public bool IsConfigurationNew => EvaluatedConfiguration != Configuration.Digest;

    /// <summary>True when the membership moved since the last evaluation.</summary>
    public bool IsMembershipNew => Evaluated is null || Evaluated.Generation < Newest.Generation;

    /// <summary>True when a lock or maintenance ended: what happened meanwhile need not wait for the sweep.</summary>
    private bool HasBeenFreed => Evaluated is { } before && ((before.IsLocked && !Newest.IsLocked) || (before.IsMaintenance && !Newest.IsMaintenance));

    /// <summary>Why the planner is asked, the weightiest cause first. Derived from rows, so that a lost hint loses nothing.</summary>
    public IEnumerable<PlacementEvent> Causes(EvaluationRequest request)
    {
        if (IsMembershipNew)
        {
            ImmutableArray<NodeName> up = Nodes(cameUp: true);
            ImmutableArray<NodeName> down = Nodes(cameUp: false);
            if (Newest.IsQuorate && Evaluated is not { IsQuorate: true })
            {
                yield return new PlacementEvent.QuorumFormed();
            }
            else if (!up.IsEmpty || !down.IsEmpty)
            {
                // A new generation alone (votes, another reason) is no node transition: it must not start what an operator stopped.
                yield return new PlacementEvent.NodeChanged(up, down);
            }
        }
        if (IsConfigurationNew && EvaluatedConfiguration is not null)
        {
            yield return new PlacementEvent.ConfigurationChanged();
        }
        if (!request.Services.IsEmpty)
        {
            yield return new PlacementEvent.ServicesNeedPlacement(request.Services);
        }
        if (request.IsSweep || HasBeenFreed)
        {
            yield return new PlacementEvent.Sweep();
        }
    }

    /// <summary>True for a node that came into use since the last evaluation.</summary>
    public bool CameUp(NodeName node) => IsMembershipNew && Nodes(cameUp: true).Contains(node);

    /// <summary>
    /// Where the traces stand that this evaluation goes on from, the weightiest first: that of the membership, by the signal it came with
    /// or, where that was lost or came to another replica, as the membership itself says; then those of the other signals.
    /// </summary>
    public ImmutableArray<string> Traces(EvaluationRequest request) =>
        IsMembershipNew && Newest.Trace is { } trace
            ? [request.Traces.FirstOrDefault(asked => Trace(asked) == Trace(trace)) ?? trace, .. request.Traces.Where(asked => Trace(asked) != Trace(trace))]
            : request.Traces;

    /// <summary>Which trace a traceparent is of: all but the span.</summary>
    private static string Trace(string traceparent) => traceparent.Length > TraceEnd ? traceparent[..TraceEnd] : traceparent;

    /// <summary>
    /// The nodes that came or went between the two memberships. A node that is online in both under another incarnation came and went.
    /// </summary>
    private ImmutableArray<NodeName> Nodes(bool cameUp)
    {
        Dictionary<NodeName, MemberNode> before = Evaluated?.Nodes.ToDictionary(node => node.Name) ?? [];
        return [.. Newest.Nodes
            .Where(node => before.GetValueOrDefault(node.Name) is var old
                && (old?.State != node.State || old?.Incarnation != node.Incarnation || old?.IsDrained != node.IsDrained)
                && (cameUp ? IsInUse(node) : !IsInUse(node) || old?.State == NodeState.Online))
            .Select(node => node.Name)
            .Order()];
    }

    /// <summary>A drained node is gone for whoever looks for a place, and an undrained one has come.</summary>
    private static bool IsInUse(MemberNode node) => node is { State: NodeState.Online, IsDrained: false };
}
