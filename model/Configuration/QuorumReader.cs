using System.Collections.Immutable;
using System.Xml.Linq;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>cman</c> and <c>totem</c>: how votes become quorum.</summary>
/// <remarks>Source: DESIGN 4, votes as in cman(5); rgmanager.md 1.1 for the token.</remarks>
internal static class QuorumReader
{
    private const int TwoNodes = 2;

    public static QuorumSettings Read(XElement root, ImmutableArray<ClusterNode> nodes, bool hasServices, ProblemList problems)
    {
        XElement? cman = ClusterConfigurationReader.Section(root, "cman", problems);
        XElement? totem = ClusterConfigurationReader.Section(root, "totem", problems);
        XElement? quorumDisk = root.Element("quorumd");
        if (quorumDisk is not null)
        {
            problems.Warning(
                ProblemCode.QuorumDiskIgnored, quorumDisk, "the quorum disk is not used: Quorate's database arbitrates, and only nodes have votes");
        }

        bool isTwoNode = IsTwoNode(cman, nodes, problems);
        if (!isTwoNode && nodes.Length == TwoNodes && hasServices && nodes[0].Votes == nodes[1].Votes)
        {
            problems.Warning(
                ProblemCode.TwoNodesNeedEachOther,
                cman ?? root,
                "of two nodes with equal votes neither has quorum alone, so no service survives the loss of a node; set <cman two_node=\"1\" expected_votes=\"1\"/>");
        }

        return new(ExpectedVotes(cman, nodes, isTwoNode, quorumDisk is not null, problems), isTwoNode, Token(totem, problems));
    }

    private static bool IsTwoNode(XElement? cman, ImmutableArray<ClusterNode> nodes, ProblemList problems)
    {
        if (cman?.Boolean("two_node", ifAbsent: false, problems) is not true)
        {
            return false;
        }

        if (nodes.Length == TwoNodes)
        {
            return true;
        }

        problems.Warning(ProblemCode.NotTwoNodes, cman, $"two_node needs exactly two nodes, this cluster has {nodes.Length}; it is ignored");
        return false;
    }

    private static int ExpectedVotes(XElement? cman, ImmutableArray<ClusterNode> nodes, bool isTwoNode, bool hasQuorumDisk, ProblemList problems)
    {
        int sum = nodes.Sum(node => node.Votes);
        if (cman?.Number("expected_votes", least: 1, $"the nodes' {sum} are used", problems) is not { } expected || isTwoNode || nodes.IsEmpty)
        {
            return sum;
        }

        if (expected < sum)
        {
            problems.Warning(
                ProblemCode.ExpectedVotesTooFew, cman, $"expected_votes=\"{expected}\" is less than the {sum} votes of the nodes; {sum} are used, or two halves could both have quorum");
            return sum;
        }

        if (expected == sum || hasQuorumDisk)
        {
            return sum;
        }

        ReportTooMany(cman, expected, sum, problems);
        return expected;
    }

    private static void ReportTooMany(XElement cman, int expected, int sum, ProblemList problems)
    {
        int needed = (expected / 2) + 1;
        if (needed > sum)
        {
            problems.Error(
                ProblemCode.ExpectedVotesTooMany, cman, $"expected_votes=\"{expected}\" needs {needed} votes for quorum, all nodes together have {sum}: quorum can never form");
        }
        else
        {
            problems.Warning(
                ProblemCode.ExpectedVotesTooMany, cman, $"expected_votes=\"{expected}\" is more than the {sum} votes of the nodes; {needed} of them make quorum");
        }
    }

    private static TimeSpan? Token(XElement? totem, ProblemList problems) =>
        totem?.Number("token", least: 1, "the default is used", problems) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
