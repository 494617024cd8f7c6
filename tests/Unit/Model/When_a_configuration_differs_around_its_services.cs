using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: issue 4, deliverable 5, "adding, removing and changing nodes and domains included": what differs and stops nothing by itself.</summary>
public sealed class When_a_configuration_differs_around_its_services
{
    private const string Fenced = """<fencedevices><fencedevice name="apc" agent="fence_apc" passwd="old"/></fencedevices>""";

    [Fact]
    public void Nodes_come_and_go()
    {
        Assert.Equal(
            ["Removed node b: it is no longer configured: what runs there has to run elsewhere", "Added node c: it is new: services may run there once it has joined"],
            Elements(Nodes("a", "b"), Nodes("a", "c")));
    }

    /// <summary>The order of the nodes says nothing, so it is no difference.</summary>
    [Fact]
    public void Nodes_change_their_number_and_their_votes()
    {
        const string Old = """<clusternodes><clusternode name="a" nodeid="1"/><clusternode name="b" nodeid="2" votes="2"/></clusternodes>""";
        const string Present = """<clusternodes><clusternode name="b" nodeid="3" votes="2"/><clusternode name="a" nodeid="1" votes="2"/></clusternodes>""";

        Assert.Equal(
            ["Changed node a: votes was 1, now 2", "Changed node b: nodeid was 2, now 3", "Changed quorum: expected votes was 3, now 4"],
            Elements(Old, Present));
    }

    [Theory]
    [InlineData("passwd=\"old\"", "passwd=\"new\"")]
    [InlineData("agent=\"fence_apc\"", "agent=\"fence_ilo\"")]
    [InlineData("<device name=\"apc\"/>", "<device name=\"apc\" action=\"off\"/>")]
    [InlineData("<device name=\"apc\"/>", "<device name=\"apc\"/><device name=\"apc\" port=\"2\"/>")]
    [InlineData("<method name=\"1\">", "<method name=\"2\">")]
    public void A_node_that_is_fenced_in_another_way_differs_and_no_secret_is_shown(string old, string present)
    {
        string text = $"""<clusternodes><clusternode name="a" nodeid="1"><fence><method name="1"><device name="apc"/></method></fence></clusternode></clusternodes>{Fenced}""";

        Assert.Equal(["Changed node a: the way it is fenced differs"], Elements(text, text.Replace(old, present, StringComparison.Ordinal)));
        Assert.Empty(Elements(text, text));
    }

    [Fact]
    public void Domains_come_and_go()
    {
        string[] elements = ElementsOfRm(
            """<failoverdomains><failoverdomain name="west"><failoverdomainnode name="n1"/></failoverdomain></failoverdomains>""",
            """<failoverdomains><failoverdomain name="east"><failoverdomainnode name="n1"/></failoverdomain></failoverdomains><service name="s" domain="EAST"/>""");

        Assert.Equal(
            ["Added failover domain east: it is new. Placed by it: service:s", "Removed failover domain west: it is no longer configured. No service of the new configuration is in it"],
            elements);
    }

    /// <summary>Source: rgmanager.md 1.2: names of domains are compared without case, and the order of the members says nothing.</summary>
    [Fact]
    public void Domains_change_their_rules_and_their_members()
    {
        const string Services = """<service name="s" domain="west"/>""";
        string[] elements = ElementsOfRm(
            """<failoverdomains><failoverdomain name="west" ordered="1"><failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="n2" priority="2"/></failoverdomain></failoverdomains>""" + Services,
            """<failoverdomains><failoverdomain name="West" ordered="1" restricted="1" nofailback="1"><failoverdomainnode name="n3"/><failoverdomainnode name="n1" priority="5"/></failoverdomain></failoverdomains>""" + Services);

        Assert.Equal(
            ["Changed failover domain west: restricted was no, now yes; nofailback was no, now yes; n2 leaves it; n3 joins it, no priority; n1 had priority 1, now priority 5. Placed by it: service:s"],
            elements);
    }

    [Fact]
    public void Many_services_of_a_domain_are_counted()
    {
        string services = string.Concat(Enumerable.Range(1, 7).Select(number => $"""<service name="s{number}" domain="west"/>"""));

        string element = Assert.Single(ElementsOfRm(services, $"""<failoverdomains><failoverdomain name="west"><failoverdomainnode name="n1"/></failoverdomain></failoverdomains>{services}"""));

        Assert.EndsWith("Placed by it: service:s1, service:s2, service:s3, service:s4, service:s5 and 2 more", element, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_cluster_differ()
    {
        string nodes = Nodes("a", "b");

        Assert.Equal(
            [
                "Changed quorum: two_node was no, now yes; token was not set, now 20 s",
                "Changed fencing: post_fail_delay was 0 s, now 5 s; post_join_delay was 6 s, now 30 s",
                "Changed rm: disabled was no, now yes; status_poll_interval was 10 s, now 30 s",
            ],
            Elements(
                $"{nodes}<rm/>",
                $"""{nodes}<cman two_node="1" expected_votes="2"/><totem token="20000"/><fence_daemon post_fail_delay="5" post_join_delay="30"/><rm disabled="1" status_poll_interval="30"/>"""));
    }

    [Fact]
    public void A_resource_that_no_service_uses_is_mentioned()
    {
        Assert.Equal(
            ["Changed resource script:x: file was \"/x\", now \"/y\"; no service uses it", "Added resource script:z: it is new; no service uses it"],
            ElementsOfRm("""<resources><script name="x" file="/x"/></resources>""", """<resources><script name="x" file="/y"/><script name="z" file="/z"/></resources>"""));
    }

    /// <summary>Source: rgmanager.md 2.9, "changing only __* or action overrides is not a difference (nothing restarts)".</summary>
    [Fact]
    public void Overrides_that_stop_nothing_are_mentioned()
    {
        Assert.Equal(
            [
                "Changed resource script:x: intervals or time-outs of its actions differ; nothing stops or starts for that",
                "Changed resource ip:10.0.0.1: __enforce_timeouts was not set, now no; nothing stops or starts for that",
            ],
            ElementsOfRm(
                """<service name="s"><script name="x" file="/x"/><ip address="10.0.0.1"/></service>""",
                """<service name="s"><script name="x" file="/x"><action name="status" interval="7"/></script><ip address="10.0.0.1" __enforce_timeouts="0"/></service>"""));
    }

    /// <summary>Source: rgmanager.md 1.6: what a failure may cost is no part of the definition, and nobody was told of it.</summary>
    [Theory]
    [InlineData("", "__max_failures=\"3\" __failure_expire_time=\"5m\"", "__max_failures and __failure_expire_time was not set, now 3 within 300 s")]
    [InlineData("__max_failures=\"3\" __failure_expire_time=\"60\"", "__max_failures=\"3\" __failure_expire_time=\"30\"", "__max_failures and __failure_expire_time was 3 within 60 s, now 3 within 30 s")]
    [InlineData("", "__independent_subtree=\"1\"", "__independent_subtree was not set, now \"1 (independent)\"")]
    [InlineData("__independent_subtree=\"1\"", "__independent_subtree=\"2\"", "__independent_subtree was \"1 (independent)\", now \"2 (non-critical)\"")]
    [InlineData(
        "__independent_subtree=\"1\"", "__independent_subtree=\"1\" __max_restarts=\"2\" __restart_expire_time=\"60\"", "__max_restarts and __restart_expire_time was not set, now 2 within 60 s")]
    [InlineData("__enforce_timeouts=\"1\"", "__enforce_timeouts=\"0\"", "__enforce_timeouts was yes, now no")]
    public void What_a_failure_may_cost_differs(string old, string present, string difference)
    {
        string[] elements = ElementsOfRm(
            $"""<service name="s"><script name="x" file="/x" {old}/></service>""", $"""<service name="s"><script name="x" file="/x" {present}/></service>""");

        Assert.Equal([$"Changed resource script:x: {difference}; nothing stops or starts for that"], elements);
    }

    /// <summary>Source: issue 4, deliverables 3 and 5: what services ask of each other decides where they run.</summary>
    [Fact]
    public void Dependencies_come_and_go()
    {
        const string Services = """<service name="a"/><service name="b"/>""";
        const string Tie = """<dependencies><dependency name="a"><target name="b" require="always" colocate="never"/></dependency></dependencies>""";

        Assert.Equal(
            ["Changed dependencies of service:a: service:b (require always, colocate never) counts from now on. It may be started, moved or stopped for that"],
            ElementsOfRm(Services, Services + Tie));
        Assert.Equal(
            ["Changed dependencies of service:a: service:b (require always, colocate never) no longer counts. It may be started, moved or stopped for that"],
            ElementsOfRm(Services + Tie, Services));
        Assert.Empty(ElementsOfRm(Services + Tie, Services + Tie));
    }

    [Fact]
    public void What_only_the_version_or_the_layout_tells_apart_means_the_same()
    {
        ClusterConfiguration old = Read(Conf.WithRm("""<service name="s"/>"""));
        ClusterConfiguration present = Read(Conf.WithRm("""<!-- tidy --> <service  name="s" />""").Replace("config_version=\"1\"", "config_version=\"2\"", StringComparison.Ordinal));

        Assert.True(ConfigurationDelta.Between(old, present).IsEmpty);
        Assert.NotEqual((old.Version, old.Digest), (present.Version, present.Digest));
    }

    private static string Nodes(params string[] names) =>
        $"<clusternodes>{string.Concat(names.Select((name, index) => $"""<clusternode name="{name}" nodeid="{index + 1}"/>"""))}</clusternodes>";

    private static string[] Elements(string before, string after) => Elements(Read(Conf.Cluster(before)), Read(Conf.Cluster(after)));

    private static string[] ElementsOfRm(string before, string after) => Elements(Read(Conf.WithRm(before)), Read(Conf.WithRm(after)));

    private static string[] Elements(ClusterConfiguration before, ClusterConfiguration after) =>
        [.. ConfigurationDelta.Between(before, after).Elements.Select(element => $"{element.Kind} {element.Element}: {element.Reason}")];

    private static ClusterConfiguration Read(string text) => ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration!;
}
