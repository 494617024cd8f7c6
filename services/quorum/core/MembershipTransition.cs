using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>The next generation: to be stored only if the one it follows is still the newest.</summary>
/// <param name="Arbiter">The row after it.</param>
/// <param name="Membership">What is published.</param>
/// <param name="HasFormed">Quorum formed with it.</param>
/// <param name="HasDissolved">Quorum dissolved with it (#1).</param>
/// <param name="Reason">What changed, for the log.</param>
public sealed record MembershipTransition(ArbiterState Arbiter, MembershipChanged Membership, bool HasFormed, bool HasDissolved, string Reason);
