namespace Quorate.Contracts.V1;

/// <summary>How far the arbiter had counted when somebody looked (rule S14). It may only grow: by era, then by sequence.</summary>
public sealed record ArbiterPoint
{
    /// <summary>Grows each time an operator accepts an arbiter that went back; from 1.</summary>
    public required int Era { get; init; }

    /// <summary>Grows with every beat of every quorum replica.</summary>
    public required long Sequence { get; init; }

    /// <summary>The highest membership generation that was seen.</summary>
    public required long Generation { get; init; }
}
