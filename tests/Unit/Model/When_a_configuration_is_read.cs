using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md chapter 1 and DESIGN 9.</summary>
public sealed class When_a_configuration_is_read
{
    [Fact]
    public void A_sound_one_has_no_findings()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <failoverdomains><failoverdomain name="d" ordered="1"><failoverdomainnode name="n1" priority="1"/></failoverdomain></failoverdomains>
            <service name="web" domain="d" recovery="restart-disable" max_restarts="3" restart_expire_time="5m" depend="service:db"/>
            <service name="db" autostart="0" exclusive="2"/>
            """);

        Assert.Empty(result.Problems);
        ServiceDefinition web = result.Configuration!.FindService(new("service:web"))!;
        Assert.Equal((RecoveryPolicy.RestartDisable, 3, TimeSpan.FromMinutes(5), new ServiceName("service:db")), (web.Recovery, web.MaxRestarts, web.RestartExpireTime, Assert.Single(web.Needs)));
        ServiceDefinition db = result.Configuration.FindService(new("service:db"))!;
        Assert.Equal((false, 2), (db.IsAutostart, db.Exclusive));
    }

    /// <summary>DESIGN 9: 1, yes, true and on. The original took "yes" for no here (rgmanager.md 1.4).</summary>
    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("True", true)]
    [InlineData("on", true)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Booleans_are_words_or_numbers(string text, bool expected)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s" autostart="{text}"/>""");

        Assert.Equal(expected, Assert.Single(result.Configuration!.Services).IsAutostart);
        Assert.Empty(result.Problems);
    }

    [Theory]
    [InlineData("autostart=\"maybe\"", "Q1011"), Trait("Message", "1011")]
    [InlineData("max_restarts=\"many\"", "Q1010"), Trait("Message", "1010")]
    [InlineData("restart_expire_time=\"soon\"", "Q1010")]
    [InlineData("recovery=\"hope\"", "Q1051"), Trait("Message", "1051")]
    [InlineData("depend=\"service:gone\"", "Q1052"), Trait("Message", "1052")]
    [InlineData("depend=\"s\"", "Q1055"), Trait("Message", "1055")]
    [InlineData("on_stop_failure=\"ignore\"", "Q1057"), Trait("Message", "1057")]
    public void What_a_service_says_and_nobody_understands_is_reported(string attribute, string code) =>
        Assert.Equal([$"{code}@{Conf.RmLine}"], Conf.ReadRm($"""<service name="s" {attribute}/>""").Findings());

    /// <summary>Source: rgmanager.md 1.6.</summary>
    [Theory]
    [InlineData("", Independence.None, 0, 0)]
    [InlineData("__independent_subtree=\"1\"", Independence.Independent, 0, 0)]
    [InlineData("__independent_subtree=\"yes\" __max_restarts=\"3\" __restart_expire_time=\"5m\"", Independence.Independent, 3, 0)]
    [InlineData("__independent_subtree=\"1\" __max_restarts=\"3\"", Independence.Independent, 0, 0)]
    [InlineData("__independent_subtree=\"2\"", Independence.NonCritical, 0, 0)]
    [InlineData("__independent_subtree=\"non-critical\"", Independence.NonCritical, 0, 0)]
    [InlineData("__independent_subtree=\"0\" __max_restarts=\"3\" __restart_expire_time=\"5m\"", Independence.None, 0, 0)]
    [InlineData("__max_failures=\"2\" __failure_expire_time=\"60\"", Independence.None, 0, 2)]
    [InlineData("__max_failures=\"2\" __failure_expire_time=\"0\"", Independence.None, 0, 0)]
    public void What_a_failure_may_cost_is_read(string attributes, Independence independence, int restarts, int failures)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s"><script name="x" file="/bin/x" {attributes}/></service>""");

        Assert.Empty(result.Problems);
        ResourceNode script = Assert.Single(result.Configuration!.Services[0].Tree.Children);
        Assert.Equal((independence, restarts, failures), (script.Independence, script.InlineRestarts?.Max ?? 0, script.ToleratedFailures?.Max ?? 0));
    }

    [Fact]
    public void At_the_top_of_a_service_it_has_no_meaning() =>
        Assert.Equal(Independence.None, Conf.ReadRm("""<service name="s" __independent_subtree="2"/>""").Configuration!.Services[0].Tree.Independence);

    [Fact, Trait("Message", "1010")]
    public void A_count_that_is_none_is_reported() => Assert.Equal(
        [$"Q1010@{Conf.RmLine}"],
        Conf.ReadRm("""<service name="s"><script name="x" file="/x" __max_failures="few" __failure_expire_time="1m"/></service>""").Findings());

    [Fact, Trait("Message", "1059")]
    public void Scenario_15_what_two_services_refer_to_is_not_non_critical()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><script name="x" file="/x"/></resources>
            <service name="a"><script ref="x" __independent_subtree="2"/></service><service name="b"><script ref="x" __independent_subtree="2"/></service>
            """);

        Assert.All(result.Configuration!.Services, service => Assert.Equal(Independence.Independent, Assert.Single(service.Tree.Children).Independence));
        Assert.All(result.Problems, problem => Assert.Equal("Q1059", problem.Code));
        Assert.Equal(2, result.Problems.Length);
    }

    /// <summary>The planner takes an unknown dependency for met (rgmanager.md 3.11); the finding must not promise the opposite.</summary>
    [Fact]
    public void A_dependency_that_is_not_configured_has_no_effect_and_says_so() =>
        Assert.Contains("it starts without it", Assert.Single(Conf.ReadRm("""<service name="s" depend="gone"/>""").Problems).Text, StringComparison.Ordinal);

    [Fact, Trait("Message", "1055")]
    public void Services_that_wait_for_each_other_in_a_circle_are_one_error()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <service name="outside" depend="b"/><service name="a" depend="service:c"/>
            <service name="b" depend="a"/><service name="c" depend="b"/><service name="chained" depend="outside"/>
            """);

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal(("Q1055", Conf.RmLine, ConfigSeverity.Error), (problem.Code, problem.Line, problem.Severity));
        Assert.StartsWith(
            "service:b, which depends on service:a, which depends on service:c, which depends on service:b: ", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Dependencies_between_services_are_read_in_their_order()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <service name="a" depend="b" depend_mode="soft" priority="3"/><service name="b"/><service name="c"/>
            <dependencies><dependency name="a"><target name="service:c" require="always" colocate="never"/></dependency>
            <dependency name="service:b"><target name="c" require="never"/></dependency></dependencies>
            """);

        Assert.Empty(result.Problems);
        ServiceDefinition a = result.Configuration!.FindService(new("service:a"))!;
        Assert.Equal(3, a.Priority);
        Assert.Equal(
            [new(new("service:b"), Requirement.Start, Colocation.None), new(new("service:c"), Requirement.Always, Colocation.Never)], a.Dependencies.ToArray());
        Assert.Equal(["service:a", "service:b"], result.Configuration.TiedTo(new("service:c")).Select(name => name.Value));
        Assert.Equal(["service:c"], result.Configuration.TiedTo(new("service:a")).Select(name => name.Value));
    }

    [Theory]
    [InlineData("""<dependency name="gone"><target name="a" require="always"/></dependency>""", "Q1052", "a dependency of service:gone"), Trait("Message", "1052")]
    [InlineData("""<dependency><target name="a" require="always"/></dependency>""", "Q1058", "<dependency> below <dependencies> was skipped"), Trait("Message", "1058")]
    [InlineData("""<dependency name="a"><target name="gone" require="always"/></dependency>""", "Q1052", "service:a depends on service:gone")]
    [InlineData("""<dependency name="a"><target name="a" require="always"/></dependency>""", "Q1052", "service:a names itself")]
    [InlineData("""<dependency name="a"><target name="b"/></dependency>""", "Q1058", "asks for nothing")]
    [InlineData("""<dependency name="a"><aim name="b"/></dependency>""", "Q1058", "<aim> below the dependency of service:a was skipped")]
    [InlineData("""<dependency name="a"><target name="b" require="often" colocate="never"/></dependency>""", "Q1058", "none of start, always, never")]
    [InlineData("""<dependency name="a"><target name="b" require="never" colocate="always"/></dependency>""", "Q1058", "has no meaning")]
    [InlineData("""<dependency name="a"><target name="b" require="start"/></dependency><dependency name="b"><target name="a" require="always"/></dependency>""", "Q1055", "a circle"), Trait("Message", "1055")]
    public void What_is_wrong_with_a_dependency_is_said(string dependencies, string code, string text)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="a"/><service name="b"/><dependencies>{dependencies}</dependencies>""");

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        Assert.Equal(2, result.Configuration!.Services.Length);
    }

    [Theory]
    [InlineData("", StopFailurePolicy.Hold)]
    [InlineData("on_stop_failure=\"hold\"", StopFailurePolicy.Hold)]
    [InlineData("on_stop_failure=\"Fence\"", StopFailurePolicy.Fence)]
    public void A_service_may_have_its_node_fenced_when_a_stop_fails(string attribute, StopFailurePolicy expected)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s" {attribute}/><vm name="v" {attribute}/>""");

        Assert.All(result.Configuration!.Services, service => Assert.Equal(expected, service.OnStopFailure));
        Assert.DoesNotContain(result.Problems, problem => problem.Code == ProblemCode.BadStopFailure);
    }

    /// <summary>Message #30; the nodes after the double are kept (DESIGN 9).</summary>
    [Fact]
    [Trait("Message", "30")]
    public void A_node_twice_in_a_domain_counts_once_and_the_rest_stays()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <failoverdomains><failoverdomain name="d" ordered="1">
            <failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="N1" priority="5"/>
            <failoverdomainnode name="n2" priority="2"/></failoverdomain></failoverdomains>
            """);

        Assert.Equal([$"#30@{Conf.RmLine + 1}"], result.Findings());
        Assert.Equal([new FailoverDomainMember(new("n1"), 1), new(new("n2"), 2)], result.Configuration!.FailoverDomains["d"].Members.AsEnumerable());
    }

    /// <summary>Message #31; the domains after the double are kept (DESIGN 9).</summary>
    [Fact]
    [Trait("Message", "31")]
    public void A_domain_defined_twice_is_the_first_and_the_rest_stays()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <failoverdomains>
            <failoverdomain name="d" restricted="1"><failoverdomainnode name="n1"/></failoverdomain>
            <failoverdomain name="D"><failoverdomainnode name="n2"/></failoverdomain>
            <failoverdomain name="e"><failoverdomainnode name="n2"/></failoverdomain></failoverdomains>
            """);

        Assert.Equal([$"#31@{Conf.RmLine + 2}"], result.Findings());
        Assert.True(result.Configuration!.FailoverDomains["D"].IsRestricted);
        Assert.True(result.Configuration.FailoverDomains.ContainsKey("e"));
    }

    /// <summary>Message #66.</summary>
    [Fact]
    [Trait("Message", "66")]
    public void A_service_of_an_unknown_domain_is_reported_and_kept()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s" domain="gone"/>""");

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal(("#66", ConfigSeverity.Error), (problem.Code, problem.Severity));
        Assert.Contains("Domain 'gone' specified for resource group service:s nonexistent!", problem.Text, StringComparison.Ordinal);
        Assert.Equal("gone", Assert.Single(result.Configuration!.Services).Domain);
    }

    /// <summary>DESIGN 9: a node without priority in an ordered domain ranks last.</summary>
    [Theory, Trait("Message", "1033")]
    [InlineData("""<failoverdomainnode name="n2"/>""")]
    [InlineData("""<failoverdomainnode name="n2" priority="101"/>""")]
    [InlineData("""<failoverdomainnode name="n2" priority="0"/>""")]
    public void A_member_without_a_usable_priority_has_none(string member)
    {
        ConfigurationResult result = Conf.ReadRm(
            $"""<failoverdomains><failoverdomain name="d" ordered="yes"><failoverdomainnode name="n1" priority="9"/>{member}</failoverdomain></failoverdomains>""");

        Assert.Equal([$"Q1033@{Conf.RmLine}"], result.Findings());
        Assert.Equal([9, null], result.Configuration!.FailoverDomains["d"].Members.Select(known => known.Priority));
    }

    [Fact]
    public void Blanks_around_a_priority_do_not_matter()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<failoverdomains><failoverdomain name="d" ordered="1"><failoverdomainnode name="n1" priority=" 7 "/></failoverdomain></failoverdomains>""");

        Assert.Empty(result.Problems);
        Assert.Equal(7, Assert.Single(result.Configuration!.FailoverDomains["d"].Members).Priority);
    }

    [Fact, Trait("Message", "1031"), Trait("Message", "1032")]
    public void A_domain_that_names_strangers_or_nobody_is_doubtful()
    {
        ConfigurationResult result = Conf.ReadRm(
            "<failoverdomains>\n<failoverdomain name=\"a\"><failoverdomainnode name=\"gone\"/></failoverdomain>\n<failoverdomain name=\"b\"/></failoverdomains>");

        Assert.Equal([$"Q1031@{Conf.RmLine + 1}", $"Q1032@{Conf.RmLine + 2}"], result.Findings());
        Assert.All(result.Problems, problem => Assert.Equal(ConfigSeverity.Warning, problem.Severity));
    }

    /// <summary>Source: DESIGN 4, votes as in cman.</summary>
    [Theory]
    [InlineData("""<cman expected_votes="1" two_node="1"/>""", 2, "", true, 1)]
    [InlineData("""<cman expected_votes="1"/>""", 3, "Q1012", false, 2), Trait("Message", "1012")]
    [InlineData("""<cman expected_votes="4"/>""", 3, "Q1013", false, 3), Trait("Message", "1013")]
    [InlineData("""<cman expected_votes="9"/>""", 3, "Q1013", false, 5)]
    [InlineData("""<cman two_node="1"/>""", 3, "Q1014", false, 2), Trait("Message", "1014")]
    [InlineData("""<cman expected_votes="3"/><quorumd label="q"/>""", 2, "Q1015", false, 2), Trait("Message", "1015")]
    [InlineData("", 5, "", false, 3)]
    public void Votes_make_quorum(string cman, int nodes, string code, bool isTwoNode, int needed)
    {
        string members = string.Concat(Enumerable.Range(1, nodes).Select(id => $"<clusternode name=\"n{id}\" nodeid=\"{id}\"/>"));

        ConfigurationResult result = Conf.Read(Conf.Cluster($"<clusternodes>{members}</clusternodes>{cman}"));

        Assert.Equal((isTwoNode, needed), (result.Configuration!.Quorum.IsTwoNode, result.Configuration.Quorum.VotesNeeded));
        Assert.Equal(code.Length == 0 ? [] : [$"{code}@1"], result.Findings());
    }

    [Theory]
    [InlineData("""<clusternode nodeid="1"/>""", "Q1006", 0), Trait("Message", "1006")]
    [InlineData("""<clusternode name="a" nodeid="1"/><clusternode name="a" nodeid="2"/>""", "Q1007", 1), Trait("Message", "1007")]
    [InlineData("""<clusternode name="a" nodeid="1"/><clusternode name="b" nodeid="1"/>""", "Q1008", 2), Trait("Message", "1008")]
    [InlineData("""<clusternode name="a"/>""", "Q1009", 1), Trait("Message", "1009")]
    [InlineData("""<clusternode name="a" nodeid="1" votes="-2"/>""", "Q1010", 1), Trait("Message", "1010")]
    [InlineData("""<clusternode name="a" nodeid="1" votes="2000000000"/><clusternode name="b" nodeid="2" votes="2000000000"/>""", "Q1010", 2)]
    [InlineData("""<clusternode name="a" nodeid="1"><fence><method><device name="gone"/></method></fence></clusternode>""", "Q1020", 1), Trait("Message", "1020")]
    public void A_doubtful_node_is_reported_and_its_siblings_stay(string members, string code, int kept)
    {
        ConfigurationResult result = Conf.Read(Conf.Cluster($"<clusternodes>{members}</clusternodes>"));

        Assert.Contains($"{code}@1", result.Findings());
        Assert.Equal(kept, result.Configuration!.Nodes.Length);
    }

    /// <summary>Rule S7: validate warns about clusters without a fence device; with nothing to protect it does not.</summary>
    [Theory, Trait("Message", "1021")]
    [InlineData("""<rm><service name="s"/></rm>""", true)]
    [InlineData("", false)]
    [Trait("Rule", "S7")]
    public void Nodes_without_a_fence_device_are_a_warning_where_services_run(string rm, bool warns)
    {
        const string members = """<clusternode name="a" nodeid="1"/><clusternode name="b" nodeid="2"/><clusternode name="c" nodeid="3"/>""";

        ConfigurationResult result = Conf.Read(Conf.Cluster($"<clusternodes>{members}</clusternodes>{rm}"));

        Assert.Equal(warns ? ["Q1021@1"] : [], result.Findings());
    }

    [Theory, Trait("Message", "1001")]
    [InlineData("", 0)]
    [InlineData("<cluster>\n<rm>\n</cluster>", 3)]
    [InlineData("<!DOCTYPE cluster [<!ENTITY a \"aaaa\">]>\n<cluster name=\"&a;\"/>", 1)]
    [InlineData("<!-- <!DOCTYPE x> -->\n<!-- -->\n<!DOCTYPE cluster SYSTEM \"file:///etc/hostname\">\n<cluster/>", 3)]
    [InlineData("just text", 1)]
    public void Text_that_is_no_xml_is_one_error_with_its_line(string text, int line)
    {
        ConfigurationResult result = Conf.Read(text);

        Assert.Null(result.Configuration);
        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal(("Q1001", line, ConfigSeverity.Error), (problem.Code, problem.Line, problem.Severity));
    }

    [Fact, Trait("Message", "1002")]
    public void A_document_of_another_kind_is_refused() => Assert.Equal(["Q1002@2"], Conf.Read("\n<html/>").Findings());

    /// <summary>Nothing in a namespace would be found, and the cluster would look empty and sound.</summary>
    [Fact]
    public void A_cluster_in_a_namespace_is_refused() =>
        Assert.Equal(["Q1002@1"], Conf.Read("""<cluster xmlns="http://example.com/" name="t" config_version="1"/>""").Findings());

    /// <summary>The loader takes time that grows with the square of the depth: a small file could hold up whoever reads it for hours.</summary>
    [Fact]
    public void Bottomless_nesting_is_refused_at_once()
    {
        ConfigurationResult result = Conf.Read(Conf.Cluster("\n" + string.Concat(Enumerable.Repeat("<a>", 300_000))));

        Assert.Equal(["Q1001@2"], result.Findings());
        Assert.Contains("1000 levels deep", Assert.Single(result.Problems).Text, StringComparison.Ordinal);
    }

    /// <summary>Two roots may refer to one resource of a type without a limit; a service's name is its identity everywhere.</summary>
    [Fact, Trait("Message", "1041")]
    public void A_root_that_is_a_service_already_is_skipped()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><script name="x" file="/x"/></resources>
            <script ref="x"/>
            <script ref="x"/><service name="s"/>
            """);

        Assert.Equal([$"Q1041@{Conf.RmLine + 2}"], result.Findings());
        Assert.Equal(["script:x", "service:s"], result.Configuration!.Services.Select(service => service.Name.Value));
        Assert.NotNull(result.Configuration.FindService(new("script:x")));
    }

    /// <summary>Whatever is thrown at the reader, it answers.</summary>
    [Fact]
    public void No_mutilated_configuration_makes_it_throw()
    {
        string sound = Conf.WithRm("""<resources><ip address="10.0.0.1"/></resources><service name="s" domain="d"><ip ref="10.0.0.1"/><ocf agent="a:b" name="o"/></service>""");

        Prop.ForAll(ArbMap.Default.ArbFor<(int From, int Length, string Instead)>(), cut =>
        {
            int from = Math.Abs(cut.From % sound.Length);
            int length = Math.Min(Math.Abs(cut.Length % 40), sound.Length - from);
            ConfigurationResult result = Conf.Read(sound.Remove(from, length).Insert(from, cut.Instead ?? ""));
            return result.Problems.All(problem => problem.Text.Length > 0 && problem.Line >= 0)
                && result.Problems.SequenceEqual(result.Problems.OrderBy(problem => problem.Line));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Source: XML 1.0, 4.3.3.</summary>
    [Theory]
    [InlineData("utf-8")]
    [InlineData("iso-8859-1")]
    [InlineData("utf-16")]
    public void Bytes_are_read_in_the_encoding_they_declare(string encoding)
    {
        string text = $"<?xml version=\"1.0\" encoding=\"{encoding}\"?><cluster name=\"Köln\"/>";
        Encoding known = Encoding.GetEncoding(encoding);

        ConfigProblem? problem = ConfigurationText.Decode([.. known.Preamble, .. known.GetBytes(text)], out string read);

        Assert.Null(problem);
        Assert.Equal(text, read);
    }

    [Fact]
    public void Bytes_that_are_not_of_their_encoding_are_an_error_with_a_line()
    {
        ConfigProblem? problem = ConfigurationText.Decode([.. "<cluster>\n"u8, 0xFF, 0xFE, 0xFD], out string _);

        Assert.Equal(("Q1001", 2), (problem?.Code, problem?.Line));
    }
}
