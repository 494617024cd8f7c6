using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 2.2 and 2.4, reproduced there by running the original.</summary>
public sealed class When_a_tree_starts_and_stops
{
    [Fact]
    public void Scenario_01_children_in_any_order_start_by_their_levels() =>
        Assert.Equal(["service:s", "fs:data", "ip:10.0.0.1", "script:app"], Mixed.Start("s"));

    [Fact]
    public void Scenario_02_they_stop_by_theirs_and_inside_a_type_backwards()
    {
        Assert.Equal(["script:app", "ip:10.0.0.1", "fs:data", "service:s"], Mixed.Stop("s"));
        Assert.Equal(
            ["ip:10.0.0.2", "ip:10.0.0.1", "service:s"],
            Conf.ReadRm("""<service name="s"><ip address="10.0.0.1"/><ip address="10.0.0.2"/></service>""").Stop("s"));
    }

    [Fact]
    public void Scenario_03_children_without_a_level_start_last_in_document_order_and_stop_exactly_so_backwards()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><mysql name="db"/><script name="app" file="/a"/><apache name="web"/><fs name="data" mountpoint="/d" device="/dev/d"/></service>""");

        Assert.Equal(["service:s", "fs:data", "script:app", "mysql:db", "apache:web"], result.Start("s"));
        Assert.Equal(["apache:web", "mysql:db", "script:app", "fs:data", "service:s"], result.Stop("s"));
    }

    /// <summary>What two services share is in the tree of each once, below the script that needs it.</summary>
    [Fact]
    public void Scenario_04_what_services_share_stands_in_each_of_them_once()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><script name="first" file="/1"/><script name="second" file="/2"/><ip address="10.0.0.1"/><ip address="10.0.0.2"/>
            <fs name="own" mountpoint="/o" device="/dev/o"/><clusterfs name="shared" mountpoint="/s" device="/dev/s"/></resources>
            <service name="a"><script ref="first"><clusterfs ref="shared"/><ip ref="10.0.0.1"/><fs ref="own"/></script></service>
            <service name="b"><script ref="second"><clusterfs ref="shared"/><ip ref="10.0.0.2"/></script></service>
            """);

        Assert.Empty(result.Findings());
        Assert.Equal(["service:a", "script:first", "clusterfs:shared", "ip:10.0.0.1", "fs:own"], result.Start("a"));
        Assert.Equal(["fs:own", "ip:10.0.0.1", "clusterfs:shared", "script:first", "service:a"], result.Stop("a"));
        Assert.Equal(["service:b", "script:second", "clusterfs:shared", "ip:10.0.0.2"], result.Start("b"));
    }

    /// <summary>Source: rgmanager.md 2.1, the service's child table: script 9/1, ip 7/2, fs 2/8, lvm 1/9.</summary>
    [Fact]
    public void Children_go_by_the_levels_of_the_parents_child_table()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <service name="s">
              <script name="app" file="/etc/init.d/app"/><ip address="10.0.0.1"/>
              <fs name="data" mountpoint="/d" device="/dev/d"/><lvm name="vg" vg_name="vg"/>
            </service>
            """);

        Assert.Equal(["service:s", "lvm:vg", "fs:data", "ip:10.0.0.1", "script:app"], result.Start("s"));
        Assert.Equal(["script:app", "ip:10.0.0.1", "fs:data", "lvm:vg", "service:s"], result.Stop("s"));
    }

    /// <summary>Source: rgmanager.md 2.4: smb starts at 8 and stops at 3, ip starts at 7 and stops at 2.</summary>
    [Fact]
    public void Stop_order_is_not_start_order_backwards()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><smb name="share"/><ip address="10.0.0.1"/></service>""");

        Assert.Equal(["service:s", "ip:10.0.0.1", "smb:share"], result.Start("s"));
        Assert.Equal(["ip:10.0.0.1", "smb:share", "service:s"], result.Stop("s"));
    }

    /// <summary>Source: rgmanager.md 2.4: inside a type document order, for a stop backwards.</summary>
    [Fact]
    public void Children_of_one_type_start_in_document_order_and_stop_backwards()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><ip address="10.0.0.1"/><ip address="10.0.0.2"/></service>""");

        Assert.Equal(["service:s", "ip:10.0.0.1", "ip:10.0.0.2"], result.Start("s"));
        Assert.Equal(["ip:10.0.0.2", "ip:10.0.0.1", "service:s"], result.Stop("s"));
    }

    /// <summary>Source: rgmanager.md 2.4: default children start after all levels and stop before them, in reverse stored order.</summary>
    [Fact]
    public void Children_without_a_level_start_last_and_stop_first()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><mysql name="db"/><apache name="web"/><script name="app" file="/a"/></service>""");

        Assert.Equal(["service:s", "script:app", "mysql:db", "apache:web"], result.Start("s"));
        Assert.Equal(["apache:web", "mysql:db", "script:app", "service:s"], result.Stop("s"));
    }

    /// <summary>Source: rgmanager.md 2.4: depth first; a child's own children belong to it.</summary>
    [Fact]
    public void All_below_a_child_runs_before_the_next_child()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <service name="s">
              <ip address="10.0.0.1"><script name="inner" file="/i"/></ip>
              <fs name="f" mountpoint="/f" device="/dev/f"><nfsexport name="e"><nfsclient name="c" target="*"/></nfsexport></fs>
            </service>
            """);

        Assert.Equal(["service:s", "fs:f", "nfsexport:e", "nfsclient:c", "ip:10.0.0.1", "script:inner"], result.Start("s"));
        Assert.Equal(["script:inner", "ip:10.0.0.1", "nfsclient:c", "nfsexport:e", "fs:f", "service:s"], result.Stop("s"));
    }

    /// <summary>A child listed with a level for one direction only must not be lost in the other; it goes last.</summary>
    [Fact]
    public void A_level_for_one_direction_only_means_the_last_for_the_other()
    {
        ResourceType leaf = TypeOf("leaf");
        ResourceType root = TypeOf("root") with { Children = [new("odd", 0, 1, false), new("leaf", 100, 100, false)] };
        ResourceNode tree = NodeOf(root, "r", [NodeOf(TypeOf("odd"), "o", []), NodeOf(leaf, "l", [])]);

        Assert.Equal(["root:r", "odd:o", "leaf:l"], ResourceOrder.Start(tree).Select(node => node.Label));
        Assert.Equal(["odd:o", "leaf:l", "root:r"], ResourceOrder.Stop(tree).Select(node => node.Label));
    }

    /// <summary>Nothing is started that is not stopped, and a parent is up for as long as its children are.</summary>
    [Fact]
    public void Every_tree_stops_exactly_what_it_starts_and_children_live_within_their_parents() =>
        Prop.ForAll(Trees.ToArbitrary(), tree =>
        {
            ImmutableArray<ResourceNode> start = ResourceOrder.Start(tree);
            ImmutableArray<ResourceNode> stop = ResourceOrder.Stop(tree);
            bool samePlaces = start.Length == CountOf(tree) && start.ToHashSet(ReferenceEqualityComparer.Instance).SetEquals(stop);
            return samePlaces && start.All(parent => parent.Children.All(child =>
                start.IndexOf(parent) < start.IndexOf(child) && stop.IndexOf(child) < stop.IndexOf(parent)));
        }).QuickCheckThrowOnFailure();

    private static readonly ImmutableArray<ResourceType> SomeTypes =
        [.. new[] { "service", "fs", "ip", "script", "nfsexport", "nfsclient", "mysql" }.Select(name => ResourceTypeCatalog.BuiltIn.Find(name)!)];

    private static Gen<ResourceNode> Trees => Gen.Sized(size => TreeOf(Math.Min(size, 12)));

    private static Gen<ResourceNode> TreeOf(int size) =>
        from type in Gen.Elements(SomeTypes.AsEnumerable())
        from name in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(0, Math.Min(size, 4))
        from children in Gen.ListOf(TreeOf(size / 3), count)
        select NodeOf(type, $"{name}", [.. children]);

    private static int CountOf(ResourceNode node) => 1 + node.Children.Sum(CountOf);

    private static ResourceType TypeOf(string name) => new()
    {
        Name = name,
        Parameters = [new("name", true, true, true, false, null, null)],
        Actions = [],
        Children = [],
        MaxInstances = 0,
    };

    private static ResourceNode NodeOf(ResourceType type, string name, ImmutableArray<ResourceNode> children) => new()
    {
        Type = type,
        Name = name,
        Attributes = ImmutableSortedDictionary<string, string>.Empty,
        Children = children,
        Actions = [],
        Line = 1,
    };

    private static ConfigurationResult Mixed => Conf.ReadRm(
        """<service name="s"><script name="app" file="/a"/><ip address="10.0.0.1"/><fs name="data" mountpoint="/d" device="/dev/d"/></service>""");
}
