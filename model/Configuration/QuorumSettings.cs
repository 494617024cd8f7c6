namespace Quorate.Model.Configuration;

/// <summary>How votes become quorum: <c>cman</c> and <c>totem</c>.</summary>
/// <param name="ExpectedVotes"><c>cman/@expected_votes</c>, or the sum of all nodes' votes where it is missing or too small.</param>
/// <param name="IsTwoNode"><c>cman/@two_node="1"</c>: one vote of two is quorum; needs exactly two nodes.</param>
/// <param name="Token"><c>totem/@token</c>, the length of a lease; null where it is missing.</param>
public sealed record QuorumSettings(int ExpectedVotes, bool IsTwoNode, TimeSpan? Token)
{
    /// <summary>How many votes make quorum: more than half of the expected ones, 1 for two_node.</summary>
    public int VotesNeeded => IsTwoNode ? 1 : (ExpectedVotes / 2) + 1;
}
