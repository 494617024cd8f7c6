namespace Quorate.Contracts.V1;

/// <summary>
/// How far a quorum replica has seen the arbiter's own count go; published by each replica every ttl to its peers. If the database is
/// behind what any replica saw, it was restored or failed over badly, and quorum dissolves (rule S14). Safe to lose, repeat or delay.
/// </summary>
public sealed record ArbiterSeen
{
    public required string Replica { get; init; }

    /// <summary>A number of another era is not compared.</summary>
    public required int Era { get; init; }

    public required long Sequence { get; init; }

    public required long Generation { get; init; }
}
