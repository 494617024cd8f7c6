using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>Which services an event concerns. The rest is not looked at, so that a large cluster costs no more than what happened.</summary>
/// <remarks>Source: rgmanager.md 4.3; rule S13.</remarks>
internal static class Concern
{
    public static IEnumerable<ServiceRecord> Of(PlacementSituation situation, PlacementEvent cause, Board board)
    {
        // The parked ones go first: what is amiss with their records must not be in the way of the others.
        IEnumerable<ServiceRecord> known = cause is PlacementEvent.ServicesNeedPlacement named
            ? named.Services.Distinct().Select(board.Find).OfType<ServiceRecord>()
            : situation.Services;
        return Of(situation, cause, board, known.Where(record => !board.IsParked(record.Name)));
    }

    private static IEnumerable<ServiceRecord> Of(PlacementSituation situation, PlacementEvent cause, Board board, IEnumerable<ServiceRecord> known) => cause switch
    {
        PlacementEvent.NodeChanged change => known.Where(record => IsConcernedBy(situation, record, change)),
        PlacementEvent.Sweep => known.Where(record =>
            IsOutOfPlace(situation, record) || (record.Owner is not null && situation.Changes.ContainsKey(record.Name)) || MissingDependency(board, record) is not null || IsMisplaced(board, record) || record is { State: ServiceState.Started, Newcomers.IsEmpty: false }),
        _ => known,
    };

    /// <summary>Why a running service has to stop: one it always needs is at rest and not running, or one it never runs with runs. Null for nothing.</summary>
    /// <remarks>Source: rgmanager.md 3.11 and 4.6; of two that exclude each other the one of the lower priority stops.</remarks>
    public static string? MissingDependency(Board board, ServiceRecord record)
    {
        if (record.State != ServiceState.Started || board.BondsOf(record.Name).Count == 0
            || board.Situation.Configuration.FindService(record.Name) is not { } definition)
        {
            return null;
        }

        foreach (ServiceDependency dependency in definition.Dependencies)
        {
            ServiceRecord? other = board.Find(dependency.Target);
            if (dependency.Require == Requirement.Always
                && other is { Journey: null, State: ServiceState.Stopped or ServiceState.Disabled or ServiceState.Failed or ServiceState.Uninitialized })
            {
                return $"dependency missing: {dependency.Target} does not run";
            }

            // The row of a parked one is not told when its owner has ended.
            if (dependency.Require == Requirement.Never && other is { State: ServiceState.Started } && (!board.IsParked(other.Name) || board.MayRun(other)))
            {
                return $"{dependency.Target} runs, and both never run at once";
            }
        }

        return null;
    }

    /// <summary>True when it runs where another it is tied to must not be.</summary>
    private static bool IsMisplaced(Board board, ServiceRecord record) =>
        record is { State: ServiceState.Started, Owner: { } owner } && board.BondsOf(record.Name).Count > 0 && board.BrokenBond(record.Name, owner) is not null;

    private static bool IsConcernedBy(PlacementSituation situation, ServiceRecord record, PlacementEvent.NodeChanged change) =>
        IsOutOfPlace(situation, record)
        || (record.Owner is not null && DomainOf(situation, record) is { } domain
            && (HasMember(domain, change.Up) || (record.State == ServiceState.Started && HasMember(domain, change.Down))));

    private static FailoverDomain? DomainOf(PlacementSituation situation, ServiceRecord record) =>
        situation.Configuration.FindService(record.Name) is { } definition
            ? FailoverDomainScore.DomainOf(definition, situation.Configuration)
            : null;

    private static bool HasMember(FailoverDomain domain, ImmutableArray<NodeName> nodes)
    {
        foreach (FailoverDomainMember member in domain.Members)
        {
            if (nodes.Contains(member.Node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for what waits for a node, what is owned by nobody the membership calls online, and what has to leave a drained node.</summary>
    private static bool IsOutOfPlace(PlacementSituation situation, ServiceRecord record) => record switch
    {
        { State: ServiceState.Started, Pending: null, Journey.Intent: Intent.Migrate } => true,
        { Owner: { } owner, OwnerIncarnation: { } incarnation } =>
            situation.Membership.Of(owner, incarnation, record.Generation) != OwnerStanding.Online
            || (record.State == ServiceState.Started && situation.Membership.IsDrained(owner))
            || situation.Configuration.FindService(record.Name) is null,
        { Journey: not null } => record.AwaitsPlacement,
        // Taken out of the configuration, or put back into it.
        _ when record.IsRemoved == (situation.Configuration.FindService(record.Name) is not null) => true,
        _ => record.State is ServiceState.Stopped or ServiceState.Uninitialized or ServiceState.Recovering,
    };
}
