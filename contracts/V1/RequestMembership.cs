namespace Quorate.Contracts.V1;

/// <summary>
/// Asks quorum to publish <see cref="MembershipChanged"/> now; sent by a scheduler that starts. One that has new connections to the database
/// asks for a look as well, again every half second until it is answered (rule S14). Safe to lose, repeat or delay.
/// </summary>
public sealed record RequestMembership
{
    /// <summary>Who asks, for the log.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>
    /// Not empty when a look is wanted: the replica that takes this beats once more, compares the database with what it remembers, and
    /// answers with an <see cref="ArbiterSeen"/> that carries the same text.
    /// </summary>
    public string Look { get; init; } = "";
}
