namespace Quorate.Contracts.V1;

/// <summary>One node in <see cref="MembershipChanged"/>.</summary>
public sealed record MemberNode
{
    public required NodeName Name { get; init; }

    /// <summary><c>clusternode/@nodeid</c>, from 1; 0 where the configuration gives none.</summary>
    public required int Id { get; init; }

    public required NodeState State { get; init; }

    public required int Votes { get; init; }

    /// <summary>Null exactly while the node is absent.</summary>
    public Incarnation? Incarnation { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is in this state, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True while an operator keeps services from it.</summary>
    public bool IsDrained { get; init; }

    /// <summary>What its guard does when its lease runs out, as confirmed by the node.</summary>
    public OnLeaseLoss OnLeaseLoss { get; init; }
}
