namespace Quorate.Contracts.Views;

/// <summary>A node as every interface shows it (DESIGN 5, "one schema").</summary>
public sealed record NodeView
{
    public required NodeName Name { get; init; }

    public required int Id { get; init; }

    public required NodeState State { get; init; }

    public required int Votes { get; init; }

    public Incarnation? Incarnation { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>True while an operator keeps services from it.</summary>
    public bool IsDrained { get; init; }

    /// <summary>What its guard does when its lease runs out, as confirmed by the node.</summary>
    public OnLeaseLoss OnLeaseLoss { get; init; }
}
