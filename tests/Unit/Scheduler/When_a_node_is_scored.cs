using Quorate.Contracts;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md table 1.2, with DESIGN 9.</summary>
public sealed class When_a_node_is_scored
{
    [Theory]
    [InlineData("", "best best best")]
    [InlineData("unknown", "best best best")]
    [InlineData("unordered", "best best good")]
    [InlineData("restricted", "best best illegal")]
    [InlineData("ordered", "best better good")]
    [InlineData("unprioritised", "better best good")]
    public void With_all_nodes_online_the_table_holds(string domain, string expected) => Assert.Equal(expected, Scores(Make(domain)));

    [Theory]
    [InlineData("ordered", "a", "illegal best good")]
    [InlineData("restricted", "a b", "illegal illegal illegal")]
    [InlineData("unordered", "a b", "illegal illegal best")]
    [InlineData("unprioritised", "b", "best illegal good")]
    public void An_absent_member_leaves_its_place_to_the_next(string domain, string down, string expected)
    {
        Cluster cluster = Make(domain);
        foreach (string node in down.Split(' '))
        {
            cluster.Node(node, NodeState.Fenced);
        }

        Assert.Equal(expected, Scores(cluster));
    }

    /// <summary>Source: rgmanager.md 1.2, nofailback lifts the owner and lowers the better node.</summary>
    [Theory]
    [InlineData("sticky", "b", "better best good")]
    [InlineData("sticky", "c", "better better good")]
    [InlineData("ordered", "b", "best better good")]
    public void Nofailback_favours_the_owner(string domain, string owner, string expected) =>
        Assert.Equal(expected, Scores(Make(domain).Running("s", owner)));

    private static Cluster Make(string domain) => new Cluster("a", "b", "c")
        .Domain("unordered", "a b")
        .Domain("restricted", "a b", restricted: true)
        .Domain("ordered", "a(1) b(2)", ordered: true)
        .Domain("unprioritised", "a b(7)", ordered: true)
        .Domain("sticky", "a(1) b(2)", ordered: true, nofailback: true)
        .Service("s", domain.Length == 0 ? null : domain);

    private static string Scores(Cluster cluster) => string.Join(' ', FailoverDomainScore
        .OfAll(cluster.Configuration.Services[0], cluster.Configuration, cluster.Membership, cluster["s"])
        .Select(score => score.ToString().ToLowerInvariant()));
}
