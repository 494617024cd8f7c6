namespace Quorate.Contracts.Views;

/// <summary>Why a service is where it is, or runs nowhere: what is stored of it, and what the planner would do with it now.</summary>
public sealed record PlacementView
{
    public required ServiceView Service { get; init; }

    /// <summary>What the planner wants: <c>leavealone start takeover relocate migrate stay stop condstop condstart replace release markremoved awaitfencing markdisabled giveup</c>; <c>none</c> for a service that is not planned.</summary>
    public required string Action { get; init; }

    /// <summary>Where it would run: the target, or the owner of one that stays; null for nowhere.</summary>
    public NodeName? Node { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Every configured node, in the configured order.</summary>
    public required IReadOnlyList<NodeScoreView> Nodes { get; init; }
}
