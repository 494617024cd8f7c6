using Quorate.Model.Configuration;

namespace Quorate.Tests.Unit.Model;

/// <summary>What is left out, or said twice, is reported, and all else is read. Source: DESIGN 9.</summary>
public sealed class When_parts_of_a_configuration_are_missing_or_double
{
    private const string Nodes = """<clusternodes><clusternode name="a" nodeid="1"/><clusternode name="b" nodeid="2"/><clusternode name="c" nodeid="3"/></clusternodes>""";

    [Theory]
    [InlineData($"""<cluster config_version="1">{Nodes}</cluster>""", "Q1003"), Trait("Message", "1003")]
    [InlineData($"""<cluster name="t">{Nodes}</cluster>""", "Q1004"), Trait("Message", "1004")]
    [InlineData("""<cluster name="t" config_version="1"/>""", "Q1005"), Trait("Message", "1005")]
    public void What_every_cluster_should_have_is_missed_and_the_rest_is_read(string text, string code)
    {
        ConfigurationResult result = Conf.Read(text);

        Assert.Equal((code, ConfigSeverity.Warning), (Assert.Single(result.Problems).Code, result.Problems[0].Severity));
        Assert.NotNull(result.Configuration);
    }

    /// <summary>Half of two votes is no majority, which surprises whoever has never lost one of the two.</summary>
    [Theory]
    [InlineData("", "Q1016", true), Trait("Message", "1016")]
    [InlineData("""<cman two_node="1" expected_votes="1"/>""", "Q1016", false)]
    public void Two_nodes_that_need_each_other_are_told_how_not_to(string cman, string code, bool isTold)
    {
        string two = """<clusternodes><clusternode name="a" nodeid="1"/><clusternode name="b" nodeid="2"/></clusternodes>""";

        ConfigurationResult result = Conf.Read(Conf.Cluster($"""{two}{cman}<rm><service name="s"/></rm>"""));

        Assert.Equal(isTold, result.Problems.Any(problem => problem.Code == code));
    }

    [Theory]
    [InlineData("""<rm><service name="s"/></rm><rm><service name="lost"/></rm>""")]
    [InlineData("""<rm><service name="s"/><resources/><resources><ip address="10.0.0.1"/></resources></rm>""")]
    [Trait("Message", "1017")]
    public void A_second_section_is_an_error_and_the_first_counts(string sections)
    {
        ConfigurationResult result = Conf.Read(Conf.Cluster($"{Nodes}{sections}"));

        ConfigProblem problem = Assert.Single(result.Problems, problem => problem.Severity == ConfigSeverity.Error);
        Assert.Equal("Q1017", problem.Code);
        Assert.Equal("service:s", Assert.Single(result.Configuration!.Services).Name.Value);
    }

    [Fact]
    [Trait("Message", "1022")]
    public void Of_two_fence_devices_of_one_name_the_first_is_used()
    {
        ConfigurationResult result = Conf.Read(Conf.Cluster(
            """
            <clusternodes><clusternode name="a" nodeid="1"><fence><method name="1"><device name="pdu"/></method></fence></clusternode></clusternodes>
            <fencedevices><fencedevice name="pdu" agent="fence_apc"/><fencedevice name="pdu" agent="fence_ipmilan"/></fencedevices>
            """));

        Assert.Equal(["Q1022"], result.Problems.Select(problem => problem.Code));
        Assert.Equal("fence_apc", result.Configuration!.Nodes[0].FenceMethods[0].Devices[0].Agent);
    }

    [Fact]
    [Trait("Message", "1030")]
    public void A_domain_without_a_name_is_skipped_alone()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <failoverdomains><failoverdomain><failoverdomainnode name="n1"/></failoverdomain>
            <failoverdomain name="d"><failoverdomainnode name="n2"/></failoverdomain></failoverdomains>
            """);

        Assert.Equal([$"Q1030@{Conf.RmLine}"], result.Findings());
        Assert.Equal(["d"], result.Configuration!.FailoverDomains.Keys);
    }

    /// <summary>Source: rgmanager.md 1.8, the scripts of central processing.</summary>
    [Fact]
    [Trait("Message", "1054")]
    public void Events_are_said_to_be_of_no_effect()
    {
        ConfigurationResult result = Conf.ReadRm("""<events><event name="e" class="node" file="/x"/></events><service name="s"/>""");

        Assert.Equal([$"Q1054@{Conf.RmLine}"], result.Findings());
        Assert.Single(result.Configuration!.Services);
    }
}
