namespace Quorate.Contracts.V1;

/// <summary>
/// How far a quorum replica has seen the arbiter's own count go; published by each replica every ttl, and for a <see cref="RequestMembership"/>. If the database is
/// behind what any replica saw, it was restored or failed over badly, and quorum dissolves (rule S14). Schedulers keep the newest of each
/// replica for <c>quorate arbiter status</c>, and decide nothing from a database that quorum has not looked at. Safe to lose, repeat or delay.
/// </summary>
public sealed record ArbiterSeen
{
    public required string Replica { get; init; }

    /// <summary>A number of another era is not compared.</summary>
    public required int Era { get; init; }

    public required long Sequence { get; init; }

    public required long Generation { get; init; }

    /// <summary>How far the database itself counts now; null from an older version.</summary>
    public ArbiterPoint? Stored { get; init; }

    /// <summary>False from the moment the database was seen to have gone back until an operator accepts it.</summary>
    public bool IsTrusted { get; init; } = true;

    /// <summary>Of the request that this answers by a look that began after it came; empty when nobody asked.</summary>
    public string Look { get; init; } = "";
}
