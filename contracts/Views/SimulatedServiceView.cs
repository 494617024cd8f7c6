namespace Quorate.Contracts.Views;

/// <summary>What would become of one service.</summary>
public sealed record SimulatedServiceView
{
    public required ServiceName Name { get; init; }

    /// <summary>Its state now.</summary>
    public required ServiceState State { get; init; }

    /// <summary>Where it runs, or may run, now; null for nowhere.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>
    /// <c>stay start move migrate restart adjust stop wait none</c>: <c>adjust</c> follows a configuration where it runs, <c>wait</c> needs something
    /// first that nobody can foresee, <c>none</c> runs nowhere and does not start.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>Where it would run; null for nowhere.</summary>
    public NodeName? Node { get; init; }

    /// <summary>What its failover domain thinks of that node: <c>best better good illegal</c>; null for nowhere.</summary>
    public string? Score { get; init; }

    /// <summary>Why, in the planner's words.</summary>
    public required string Reason { get; init; }

    /// <summary>Every configured node as the planner would see it, in the configured order.</summary>
    public required IReadOnlyList<NodeScoreView> Nodes { get; init; }
}
