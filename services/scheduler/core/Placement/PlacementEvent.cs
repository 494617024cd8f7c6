using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>Why the planner is asked; it looks only at the services the event concerns.</summary>
public abstract record PlacementEvent
{
    private PlacementEvent()
    {
    }

    /// <summary>
    /// Nodes came or went. Concerns what ran on those that went, what better suits those that came, and everything stopped. The
    /// shell derives it from the membership evaluated last (stored) and the newest, so that a lost hint loses nothing.
    /// </summary>
    public sealed record NodeChanged(ImmutableArray<NodeName> Up, ImmutableArray<NodeName> Down) : PlacementEvent;

    /// <summary>Concerns exactly these services.</summary>
    public sealed record ServicesNeedPlacement(ImmutableArray<ServiceName> Services) : PlacementEvent;

    /// <summary>Quorum formed: concerns every service, as if all nodes had come.</summary>
    public sealed record QuorumFormed : PlacementEvent;

    /// <summary>
    /// A newer configuration came into force: concerns every service, as if all nodes had come, since domains and rules may be others now.
    /// It is no node transition: what an operator stopped stays so.
    /// </summary>
    public sealed record ConfigurationChanged : PlacementEvent;

    /// <summary>The sweep: concerns whatever is not where it should be; moves nothing that runs well (rule S13).</summary>
    public sealed record Sweep : PlacementEvent;
}
