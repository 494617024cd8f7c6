using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>What one simulation read, and what it is to begin with.</summary>
/// <param name="Live">As the evaluator would have it now.</param>
/// <param name="Assumed">The same, as if what is asked about had happened.</param>
/// <param name="ChangeOf">What the assumed configuration wants of a service that runs by an older one.</param>
internal sealed record SimulatedSituation(EvaluationInput Live, EvaluationInput Assumed, Func<ServiceRecord, ServiceChange?> ChangeOf)
{
    /// <summary>Why the assumed configuration would be refused; null when it would not be, or is the one in force.</summary>
    public string? Objection { get; init; }

    /// <summary>The rows that cannot be read.</summary>
    public ImmutableArray<RowUnreadableException> Unreadable { get; init; } = [];

    /// <summary>The evaluator's input under a membership and a configuration that are not.</summary>
    public static EvaluationInput Assume(EvaluationInput live, ClusterConfiguration configuration, ImmutableSortedSet<NodeName> down, DateTimeOffset now)
    {
        bool isConfigurationNew = configuration.Digest != live.Configuration.Digest;
        MemberNode[] nodes = [.. live.Newest.Nodes.Select(node => down.Contains(node.Name) && node.Incarnation is not null ? Gone(node, now) : node)];
        int votes = isConfigurationNew
            ? nodes.Where(IsOnline).Sum(node => configuration.FindNode(node.Name)?.Votes ?? 0)
            : live.Newest.Votes - live.Newest.Nodes.Where(node => IsOnline(node) && down.Contains(node.Name)).Sum(node => node.Votes);
        int needed = isConfigurationNew ? configuration.Quorum.VotesNeeded : live.Newest.VotesNeeded;
        HashSet<ServiceName> known = [.. live.Services.Select(service => service.Record.Name)];
        return live with
        {
            Newest = live.Newest with
            {
                Generation = live.Newest.Generation + 1,
                Nodes = nodes,
                Votes = votes,
                VotesNeeded = needed,
                IsQuorate = live.Newest.IsQuorate && votes >= needed,
            },
            Configuration = configuration,
            // As when a configuration comes into force: each service of it has a row.
            Services =
            [
                .. live.Services,
                .. configuration.Services.Where(service => !known.Contains(service.Name))
                    .Select(service => new StoredService(ServiceRecord.New(service.Name, now), Version: 0, Parked: null)),
            ],
        };
    }

    /// <summary>What the forecast is asked.</summary>
    public ForecastInquiry Inquiry(ImmutableArray<(CommandKind Command, ServiceName Service)> commands, DateTimeOffset now) => new()
    {
        Situation = Assumed.Situation(now),
        Causes = [.. Assumed.Causes(new EvaluationRequest([], IsMembershipNew: true, IsSweep: false))],
        ChangeOf = ChangeOf,
        Commands = commands,
    };

    private static bool IsOnline(MemberNode node) => node.State == NodeState.Online;

    private static MemberNode Gone(MemberNode node, DateTimeOffset now) =>
        node.State is NodeState.Fenced or NodeState.Left ? node : node with { State = NodeState.Fenced, Since = now };
}
