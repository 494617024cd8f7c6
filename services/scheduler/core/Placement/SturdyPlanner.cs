using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// The planner, and where one service makes it fail, the planner without that service (rule S13). What such a service may run counts as ever, so it
/// is set aside like a parked one; all others are planned together, since each counts for the next.
/// </summary>
public static class SturdyPlanner
{
    /// <summary>Plans as <see cref="Planner.Plan"/> does.</summary>
    /// <returns>The plan, and those it leaves out.</returns>
    /// <exception cref="Exception">The planner fails although nobody alone makes it fail: an error of our own.</exception>
    public static PlacementPlan Plan(PlacementSituation situation, PlacementEvent cause)
    {
        try
        {
            return Planner.Plan(situation, cause);
        }
        catch (Exception)
        {
            // Whatever it is, it is an error of our own: nothing else happens in here.
            ImmutableDictionary<ServiceName, Exception> broken = Broken(situation, cause);
            if (broken.IsEmpty)
            {
                throw;
            }

            PlacementPlan others = Planner.Plan(situation with { Parked = situation.Parked.Union(broken.Keys) }, cause);
            return others with { Services = [.. others.Services, .. Answers(situation, broken)], LeftOut = broken };
        }
    }

    /// <summary>Whoever waits for the planner's word on one of them is told that there will be none.</summary>
    private static IEnumerable<ServicePlan> Answers(PlacementSituation situation, ImmutableDictionary<ServiceName, Exception> broken) =>
        from record in situation.Services
        where broken.ContainsKey(record.Name)
        let isMigration = record is { State: ServiceState.Started, Pending: null, Journey.Intent: Intent.Migrate }
        where isMigration || record is { AwaitsPlacement: true, Journey.RequestIds.IsEmpty: false }
        select new ServicePlan
        {
            Service = record.Name,
            Action = isMigration ? PlacementAction.Stay : PlacementAction.GiveUp,
            Node = record.Owner,
            Scores = [],
            Reason = $"an internal error keeps it from being placed: {broken[record.Name].Message}",
        };

    /// <summary>Those that make it fail although it plans for nobody else.</summary>
    private static ImmutableDictionary<ServiceName, Exception> Broken(PlacementSituation situation, PlacementEvent cause)
    {
        ImmutableHashSet<ServiceName> all = [.. situation.Services.Select(record => record.Name)];
        ImmutableDictionary<ServiceName, Exception>.Builder broken = ImmutableDictionary.CreateBuilder<ServiceName, Exception>();
        foreach (ServiceName name in all.Where(name => !situation.Parked.Contains(name)).Order())
        {
            try
            {
                PlacementSituation alone = situation with { Parked = all.Remove(name) };
                Planner.Plan(alone, cause);
                // It may not be concerned itself, and looked at because one that is has to do with it.
                Planner.Plan(alone, new PlacementEvent.ServicesNeedPlacement([name]));
            }
            catch (Exception failure)
            {
                broken[name] = failure;
            }
        }

        return broken.ToImmutable();
    }
}
