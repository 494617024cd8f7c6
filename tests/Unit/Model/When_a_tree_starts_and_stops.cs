using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 2.2 and 2.4, reproduced there by running the original.</summary>
public sealed class When_a_tree_starts_and_stops
{
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
}
