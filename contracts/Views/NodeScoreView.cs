namespace Quorate.Contracts.Views;

/// <summary>One node as the planner sees it for one service.</summary>
public sealed record NodeScoreView
{
    public required NodeName Node { get; init; }

    /// <summary><c>best better good</c> by its failover domain, or <c>illegal</c>: it must not run there now.</summary>
    public required string Score { get; init; }

    /// <summary>Why it cannot take the service; null when it can.</summary>
    public string? Objection { get; init; }
}
