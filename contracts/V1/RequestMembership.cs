namespace Quorate.Contracts.V1;

/// <summary>Asks quorum to publish <see cref="MembershipChanged"/> now; sent by a scheduler that starts.</summary>
public sealed record RequestMembership
{
    /// <summary>Who asks, for the log.</summary>
    public required string RequestedBy { get; init; }
}
