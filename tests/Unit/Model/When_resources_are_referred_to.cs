using Quorate.Model.Configuration;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 1.3 and 2.2.</summary>
public sealed class When_resources_are_referred_to
{
    /// <summary>DESIGN 9: each is reported with its line, and what follows it is read.</summary>
    [Fact]
    public void Scenario_17_what_cannot_be_used_is_skipped_alone()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><lvm name="vg" vg_name="vg"/></resources>
            <service name="s"><ip ref="10.9.9.9"/><script name="x" file="/x"/><script name="x" file="/y"/><lvm ref="vg"/><script name="z" file="/z"/></service>
            <service name="t"><lvm ref="vg"/><script name="w" file="/w"/></service>
            """);

        Assert.Equal(["service:s", "lvm:vg", "script:x", "script:z"], result.Start("s"));
        Assert.Contains("script:w", result.Start("t"));
        Assert.Equal(2, result.Problems.Count(problem => problem.Severity == ConfigSeverity.Error && problem.Line == Conf.RmLine + 1));
    }

    [Fact]
    public void A_reference_finds_its_type_and_primary_value()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<resources><script name="a b:c" file="/x"/></resources><service name="s"><script ref="a b:c"/></service>""");

        Assert.Empty(result.Findings());
        Assert.Equal(["service:s", "script:a b:c"], result.Start("s"));
    }

    /// <summary>Source: rgmanager.md 1.3: fallback to an attribute that is unique and required.</summary>
    [Theory]
    [InlineData("/mnt/d")]
    [InlineData("LABEL=d")]
    public void A_reference_may_use_another_unique_and_required_value(string reference)
    {
        ConfigurationResult result = Conf.ReadRm(
            $"""<resources><fs name="data" mountpoint="/mnt/d" device="LABEL=d"/></resources><service name="s"><fs ref="{reference}"/></service>""");

        Assert.Equal(["service:s", "fs:data"], result.Start("s"));
    }

    /// <summary>Source: rgmanager.md 2.2: any type may be a root, also by reference.</summary>
    [Fact]
    public void A_service_may_itself_be_a_reference()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<resources><service name="s" recovery="relocate"/></resources><service ref="s"><ip address="10.0.0.1"/></service>""");

        Assert.Equal(RecoveryPolicy.Relocate, Assert.Single(result.Configuration!.Services).Recovery);
        Assert.Equal(["service:s", "ip:10.0.0.1"], result.Start("s"));
    }

    /// <summary>DESIGN 9: the element is reported and skipped, its siblings stay.</summary>
    [Fact, Trait("Message", "1042")]
    public void A_reference_to_nothing_is_skipped_alone()
    {
        ConfigurationResult result = Conf.ReadRm("\n<service name=\"s\">\n<script ref=\"gone\"><ip address=\"10.0.0.9\"/></script>\n<script name=\"b\" file=\"/b\"/></service>");

        Assert.Equal([$"Q1042@{Conf.RmLine + 2}"], result.Findings());
        Assert.Equal(["service:s", "script:b"], result.Start("s"));
    }

    /// <summary>Source: rgmanager.md 1.3: "Reference to inlined resource is illegal".</summary>
    [Fact, Trait("Message", "1043")]
    public void A_reference_to_an_inline_resource_is_refused()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><script name="a" file="/a"/></service><service name="t"><script ref="a"/><ip address="10.0.0.1"/></service>""");

        Assert.Equal([$"Q1043@{Conf.RmLine}"], result.Findings());
        Assert.Equal(["service:t", "ip:10.0.0.1"], result.Start("t"));
    }

    /// <summary>Source: rgmanager.md 2.2: a type's maxinstances; the first reference in tree-build order has it.</summary>
    [Fact, Trait("Message", "1044")]
    public void A_resource_used_more_often_than_its_type_allows_keeps_its_first_place()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><ip address="10.0.0.1"/></resources>
            <service name="s"><mysql name="m"><ip ref="10.0.0.1"/></mysql><ip ref="10.0.0.1"/></service>
            """);

        Assert.Equal([$"Q1044@{Conf.RmLine + 1}"], result.Findings());
        Assert.Equal(["service:s", "ip:10.0.0.1", "mysql:m"], result.Start("s"));
    }

    [Fact]
    public void A_type_without_a_limit_may_be_used_in_many_places()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><nfsclient name="all" target="*"/></resources>
            <service name="s"><nfsexport name="e"><nfsclient ref="all"/></nfsexport><nfsclient ref="all"/></service>
            """);

        Assert.Empty(result.Findings());
        Assert.Equal(2, result.Start("s").Count(label => label == "nfsclient:all"));
    }

    /// <summary>Source: rgmanager.md 1.3: same primary or unique value of one type; case matters.</summary>
    [Theory, Trait("Message", "1041")]
    [InlineData("""<fs name="a" mountpoint="/2" device="/dev/2"/>""", true)]
    [InlineData("""<fs name="b" mountpoint="/1" device="/dev/2"/>""", true)]
    [InlineData("""<fs name="b" mountpoint="/2" device="/dev/1"/>""", true)]
    [InlineData("""<fs name="A" mountpoint="/2" device="/dev/2"/>""", false)]
    [InlineData("""<clusterfs name="a" mountpoint="/1" device="/dev/1"/>""", false)]
    public void Two_resources_of_a_type_may_not_share_a_unique_value(string second, bool collides)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s"><fs name="a" mountpoint="/1" device="/dev/1"/>{second}</service>""");

        Assert.Equal(collides ? [$"Q1041@{Conf.RmLine}"] : [], result.Findings());
        Assert.Equal(collides ? 2 : 3, result.Start("s").Length);
    }

    /// <summary>Conformance README: collisions are resolved in tree-build order, typed children first, depth first.</summary>
    [Fact]
    public void Of_two_colliding_resources_the_first_in_tree_build_order_stays()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><mysql name="m"><ip address="10.0.0.1"/></mysql><ip address="10.0.0.1"/></service>""");

        Assert.Equal(["service:s", "ip:10.0.0.1", "mysql:m"], result.Start("s"));
    }

    /// <summary>Source: rgmanager.md 1.3, and DESIGN 9 for the siblings the original lost.</summary>
    [Fact, Trait("Message", "1040")]
    public void A_resource_without_a_required_attribute_is_skipped_alone()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><script name="a"/><script name="b" file="/b"/></service><service/><service name="t"/>""");

        Assert.Equal([$"Q1040@{Conf.RmLine}", $"Q1040@{Conf.RmLine}"], result.Findings());
        Assert.Equal(["service:s", "script:b"], result.Start("s"));
        Assert.Equal(["service:t"], result.Start("t"));
    }

    /// <summary>Source: rgmanager.md 2.1: ip forbids nfsclient.</summary>
    /// <summary>rgmanager.md 2.2: only what stands below the reference belongs to the tree; the original said nothing.</summary>
    [Fact, Trait("Message", "1056")]
    public void What_stands_below_a_definition_is_ignored_with_a_warning()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><fs name="f" device="/d" mountpoint="/m"><action name="status" depth="0" interval="5"/>
            <ip address="10.0.0.1"/></fs></resources>
            <service name="s"><fs ref="f"/></service>
            """);

        Assert.Equal([$"Q1056@{Conf.RmLine + 1}"], result.Findings());
        Assert.Equal(["service:s", "fs:f"], result.Start("s"));
    }

    [Fact, Trait("Message", "1046")]
    public void A_forbidden_child_is_skipped()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><ip address="10.0.0.1"><nfsclient name="c" target="*"/></ip></service>""");

        Assert.Equal([$"Q1046@{Conf.RmLine}"], result.Findings());
        Assert.Equal(["service:s", "ip:10.0.0.1"], result.Start("s"));
    }

    /// <summary>Source: rgmanager.md 2.2: unknown names are ignored with all below them; here a warning says so.</summary>
    [Fact, Trait("Message", "1045")]
    public void An_unknown_element_is_ignored_with_all_below_it()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><memo><ip address="10.0.0.1"/></memo><ip address="10.0.0.2"/></service>""");

        Assert.Equal([$"Q1045@{Conf.RmLine}"], result.Findings());
        Assert.Equal(["service:s", "ip:10.0.0.2"], result.Start("s"));
    }

    /// <summary>Recursion has a bound, so that no configuration can exhaust the stack.</summary>
    [Fact, Trait("Message", "1047")]
    public void A_tree_deeper_than_any_real_one_is_cut()
    {
        string nested = string.Concat(Enumerable.Range(0, 500).Select(index => $"<nfsclient name=\"c{index}\" target=\"*\">"));
        string closed = string.Concat(Enumerable.Repeat("</nfsclient>", 500));

        ConfigurationResult result = Conf.ReadRm($"<service name=\"s\">{nested}{closed}</service>");

        Assert.Equal([$"Q1047@{Conf.RmLine}"], result.Findings());
        Assert.Equal(64, result.Start("s").Length);
    }
}
