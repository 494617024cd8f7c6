using System.Globalization;
using System.Xml.Linq;
using Quorate.Cli.Faces;
using Quorate.Cli.Faces.Clustat;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Faces;

/// <summary>Source: rgmanager.md 5.2, to the column and to the attribute.</summary>
public sealed class When_clustat_shows_the_cluster
{
    [Fact]
    public void The_text_is_laid_out_as_it_was()
    {
        Assert.Equal(
            $"""
            Cluster Status for alpha @ {OriginalNumbers.Time(Shown.At)}
            Member Status: Quorate

             Member Name                             ID   Status
             ------ ----                             ---- ------
             node1                                       1 Online, Local, rgmanager
             node2                                       2 Offline
             node12                                     12 Online, rgmanager

             Service Name                   Owner (Last)                   State
             ------- ----                   ----- ------                   -----
             service:foo                    node1                          started
             service:bar                    (node2)                        disabled
             service:ice                    node1                          started[ZP]
             vm:guest                       (none)                         failed

            """.ReplaceLineEndings("\n"),
            Page());
    }

    [Fact]
    public void Names_are_cut_at_the_width_of_the_terminal()
    {
        ClusterView cluster = Shown.Cluster with { Services = [Shown.Service("service:" + new string('x', 40), ServiceState.Started, "node1", null)] };

        string line = ClustatText.Page(cluster, ClustatOptions.Read([]), null, Shown.At, 80).Split('\n')[^2];

        Assert.Equal($" service:{new string('x', 22)} node1                          started", line);
    }

    [Fact]
    public void The_long_form_tells_numbers_and_times()
    {
        string page = Page("-l", "-s", "ice");

        Assert.Equal(
            $"""
            Service Information
            ------- -----------

            Service Name      : service:ice
              Current State   : started (112)
              Flags           : frozen, partial (3)
              Owner           : node1
              Last Owner      : node2
              Last Transition : {OriginalNumbers.Time(Shown.At)}


            """.ReplaceLineEndings("\n"),
            page);
    }

    [Fact]
    public void The_XML_has_the_same_elements_and_attributes_in_the_same_order()
    {
        string document = ClustatXml.Document(Shown.Cluster, ClustatOptions.Read(["-x"]), new NodeName("node1"));

        Assert.StartsWith("<?xml version=\"1.0\"?>\n<clustat version=\"4.1.1\">\n  <cluster name=\"alpha\" id=\"3169\" generation=\"7\"/>\n", document, StringComparison.Ordinal);
        Assert.Contains("  <quorum quorate=\"1\" groupmember=\"1\"/>\n", document, StringComparison.Ordinal);
        Assert.Contains(
            "<node name=\"node12\" state=\"1\" local=\"0\" estranged=\"0\" rgmanager=\"1\" rgmanager_master=\"0\" qdisk=\"0\" nodeid=\"0x0000000c\"/>",
            document, StringComparison.Ordinal);
        Assert.Contains(
            "<group name=\"service:ice\" state=\"112\" state_str=\"started\" flags=\"3\" flags_str=\"frozen, partial\" owner=\"node1\" "
            + $"last_owner=\"node2\" restarts=\"0\" last_transition=\"1290415380\" last_transition_str=\"{OriginalNumbers.Time(Shown.At)}\"/>",
            document, StringComparison.Ordinal);
    }

    /// <summary>Source: cman, which makes a cluster's id of its name; by sixteen bits, and a name may be long.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97)]
    [InlineData("ab", 292)]
    [InlineData("cluster-of-many-machines", 46813)]
    [InlineData("é", 65327)]
    public void The_id_of_a_cluster_follows_from_its_name(string name, int id) => Assert.Equal(id, OriginalNumbers.ClusterId(name));

    [Theory]
    [InlineData("-x -s foo", "groups")]
    [InlineData("-x -m node1", "nodes")]
    public void The_XML_of_one_thing_leaves_the_cluster_out(string line, string only)
    {
        XDocument document = XDocument.Parse(ClustatXml.Document(Shown.Cluster, ClustatOptions.Read(line.Split(' ')), null));

        Assert.Equal([only], document.Root!.Elements().Select(element => element.Name.LocalName));
        Assert.Single(document.Root!.Element(only)!.Elements());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("-s foo", 0)]
    [InlineData("-s service:foo", 0)]
    [InlineData("-s bar", 119)]
    [InlineData("-s vm:guest", 114)]
    [InlineData("-s none", 255)]
    [InlineData("-x -s none", 0)]
    [InlineData("-x -s bar", 119)]
    [InlineData("-m node1", 0)]
    [InlineData("-m node2", 1)]
    [InlineData("-m none", 255)]
    [InlineData("-x -m none", 0)]
    public void The_exit_code_tells_the_state(string line, int expected) =>
        Assert.Equal(expected, ClustatFace.ExitCodeOf(Shown.Cluster, ClustatOptions.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    [Theory]
    [InlineData(ServiceState.Starting, 0)]
    [InlineData(ServiceState.Stopping, 0)]
    [InlineData(ServiceState.Stopped, 110)]
    [InlineData(ServiceState.Recoverable, 117)]
    [InlineData(ServiceState.Recovering, 118)]
    [InlineData(ServiceState.Migrating, 120)]
    [InlineData(ServiceState.Uninitialized, 115)]
    public void Every_state_has_its_number(ServiceState state, int expected)
    {
        ClusterView cluster = Shown.Cluster with { Services = [Shown.Service("s", state, null, null)] };

        Assert.Equal(expected, ClustatFace.ExitCodeOf(cluster, ClustatOptions.Read(["-s", "s"])));
    }

    [Fact]
    public void A_time_is_written_as_ctime_does()
    {
        DateTimeOffset instant = new(2026, 11, 2, 8, 5, 9, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 11, 2)));

        Assert.Equal("Mon Nov  2 08:05:09 2026", OriginalNumbers.Time(instant));
    }

    [Theory]
    [InlineData("-i 5 -x", "Error: Can't use -x with -i")]
    [InlineData("-x -i 5", "Error: Can't use -i with -x")]
    public void XML_is_not_refreshed(string line, string problem) => Assert.Equal(problem, ClustatOptions.Read(line.Split(' ')).Problem);

    [Fact]
    public void An_unknown_option_gets_the_usage() =>
        Assert.Contains("usage: clustat", ClustatOptions.Read(["-Y"]).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 1)]
    [InlineData("often", 1)]
    public void It_refreshes_each_second_at_most(string typed, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ClustatOptions.Read(["-i", typed]).Every);

    [Theory]
    [InlineData("node1", null, "node1")]
    [InlineData("node1.example.com", null, "node1")]
    [InlineData("elsewhere", null, null)]
    [InlineData("elsewhere", "node12", "node12")]
    public void The_local_node_is_found_by_the_machines_name_or_by_what_is_said(string host, string? given, string? expected) =>
        Assert.Equal(expected, LocalNode.Find(Shown.Cluster.Nodes.Select(node => node.Name), given, host)?.Value);

    private static string Page(params string[] args) =>
        ClustatText.Page(Shown.Cluster, ClustatOptions.Read(args), new NodeName("node1"), Shown.At, ClustatText.ColumnsDefault);
}
