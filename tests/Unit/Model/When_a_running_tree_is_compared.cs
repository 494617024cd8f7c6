using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>What a node has to do that runs a service by one configuration and is to run it by another. Source: rgmanager.md 2.9.</summary>
public sealed class When_a_running_tree_is_compared
{
    private const string Before =
        """
        <service name="s"><fs name="data" mountpoint="/mnt/d" device="/dev/sda"><nfsexport name="export"><nfsclient name="a" target="a"/></nfsexport></fs>
        <ip address="10.0.0.1"/><script name="x" file="/x"/></service>
        """;

    private static readonly string After = Before
        .Replace("/dev/sda", "/dev/sdb", StringComparison.Ordinal)
        .Replace("</service>", "<script name=\"new\" file=\"/n\"/></service>", StringComparison.Ordinal);

    [Fact]
    public void What_changed_stops_with_all_below_it_and_the_rest_is_kept()
    {
        TreeDelta delta = Compare(Before, After);

        Assert.Equal(["nfsclient:a", "nfsexport:export", "fs:data"], Labels(delta.Down));
        Assert.Equal(["fs:data", "nfsexport:export", "nfsclient:a", "script:new"], Labels(delta.Up));
        Assert.Equal(["service:s", "ip:10.0.0.1", "script:x"], Labels(delta.Kept));
    }

    [Fact]
    public void What_is_kept_is_run_as_before_and_not_as_it_will_be()
    {
        string after = After.Replace("""file="/x"/>""", """file="/x"><action name="status" depth="*" interval="7"/></script>""", StringComparison.Ordinal);

        ResourceNode kept = Compare(Before, after).Kept!; // its root stays

        Assert.Same(Tree(Before).Type.Name, kept.Type.Name);
        Assert.True(TreeLikeness.AreAlike(Tree(Before).Children.Single(node => node.Name == "x"), kept.Children.Single(node => node.Name == "x")));
    }

    /// <summary>It runs once, wherever it is used: the loss of one use must not stop it under the other.</summary>
    [Fact]
    public void What_is_still_used_elsewhere_in_the_service_does_not_stop()
    {
        const string Pool = """<resources><script name="shared" file="/s"/></resources>""";
        const string Twice = Pool + """<service name="s"><script name="p" file="/p"><script ref="shared"/></script><script name="q" file="/q"><script ref="shared"/></script></service>""";
        const string Once = Pool + """<service name="s"><script name="p" file="/p"><script ref="shared"/></script><script name="q" file="/q"/></service>""";

        Assert.Empty(Compare(Twice, Once).Down);
        Assert.Equal(["script:shared"], Labels(Compare(Once, Pool + """<service name="s"><script name="p" file="/p"/><script name="q" file="/q"/></service>""").Down));
    }

    [Fact]
    public void From_a_pruned_tree_nothing_stops_and_the_same_starts()
    {
        ConfigurationDelta between = ConfigurationDelta.Between(Read(Before), Read(After));
        ResourceNode kept = between.Compare(Tree(Before), Tree(After)).Kept!; // its root stays

        TreeDelta delta = between.Compare(kept, Tree(After));

        Assert.Empty(delta.Down);
        Assert.Equal(["fs:data", "nfsexport:export", "nfsclient:a", "script:new"], Labels(delta.Up));
        Assert.Equal(Labels(kept), Labels(delta.Kept));
    }

    /// <summary>A third configuration came into force between the two orders; it may be as the first was.</summary>
    [Fact]
    public void From_a_pruned_tree_to_yet_another_configuration_only_what_differs_from_what_runs_counts()
    {
        ResourceNode kept = Compare(Before, After).Kept!; // its root stays
        string third = Before.Replace("file=\"/x\"", "file=\"/y\"", StringComparison.Ordinal);

        TreeDelta further = ConfigurationDelta.Between(Read(Before), Read(third)).Compare(kept, Tree(third));
        TreeDelta back = ConfigurationDelta.Between(Read(Before), Read(Before)).Compare(kept, Tree(Before));

        Assert.Equal(["script:x"], Labels(further.Down));
        Assert.Equal(["fs:data", "nfsexport:export", "nfsclient:a", "script:x"], Labels(further.Up));
        Assert.Empty(back.Down);
        Assert.Equal(["fs:data", "nfsexport:export", "nfsclient:a"], Labels(back.Up));
    }

    [Fact]
    public void A_service_that_itself_changed_leaves_nothing()
    {
        TreeDelta delta = Compare(Before, Before.Replace("name=\"s\"", "name=\"s\" nfslock=\"1\"", StringComparison.Ordinal));

        Assert.Null(delta.Kept);
        Assert.Equal(Labels(ResourceOrder.Stop(Tree(Before))), Labels(delta.Down));
    }

    [Fact]
    public void A_resource_that_takes_over_a_value_is_reconfigured_in_its_place()
    {
        TreeDelta delta = Compare(Before, Before.Replace("name=\"s\"", "name=\"s\" recovery=\"relocate\"", StringComparison.Ordinal));

        Assert.Empty(delta.Down);
        Assert.Equal([(OperationKind.Reconfigure, "service:s")], delta.Up.Select(operation => (operation.Kind, operation.Node.Label)));
    }

    [Fact]
    public void A_tree_of_neither_configuration_is_no_question()
    {
        ConfigurationDelta between = ConfigurationDelta.Between(Read(Before), Read(After));

        Assert.Throws<InvariantViolation>(() => between.Compare(Tree("""<service name="s"><script name="other" file="/o"/></service>"""), Tree(After)));
    }

    private static TreeDelta Compare(string before, string after) => ConfigurationDelta.Between(Read(before), Read(after)).Compare(Tree(before), Tree(after));

    private static ClusterConfiguration Read(string rm) => Conf.ReadRm(rm).Configuration!; // a test that offers another one is wrong

    private static ResourceNode Tree(string rm) => Conf.ReadRm(rm).Tree("s");

    private static string[] Labels(IEnumerable<ResourceOperation> operations) => Labels(operations.Select(operation => operation.Node));

    private static string[] Labels(IEnumerable<ResourceNode> nodes) => [.. nodes.Select(node => node.Label)];

    private static string[] Labels(ResourceNode? tree) => tree is null ? [] : Labels(ResourceOrder.Start(tree));
}
