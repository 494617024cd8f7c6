using Quorate.Cli.RgTest;

namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue 4, deliverable 5; rgmanager.md 2.9 and 5.3 for the prefixes and the exit codes.</summary>
public sealed class When_rg_test_prints_sections : IDisposable
{
    private const string Old =
        """<service name="s"><ip address="10.0.0.1"/><script name="x" file="/x"/></service><service name="gone"/><vm name="guest" path="/a"/><service name="kept"/>""";

    private const string Present =
        """<service name="s"><script name="x" file="/y"/></service><vm name="guest" path="/b"/><service name="kept" exclusive="1"/><service name="new"><ip address="10.0.0.2"/></service>""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quorate-");

    [Fact]
    public async Task A_delta_names_what_is_killed_initialized_left_alone_and_reconfigured()
    {
        (int code, string output) = await RunAsync("delta", Write("old.conf", Old), Write("new.conf", Present));

        Assert.Equal(0, code);
        Assert.Equal(
            """
            === Operations (down-phase) ===
            [stop] script:x
            [stop] ip:10.0.0.1
            [kill] [stop] service:gone
            [kill] [noop] vm:guest was removed from the config, but I am not stopping it.
            === Operations (up-phase) ===
            [start] script:x
            [init] [noop] vm:guest was added to the config, but I am not initializing it.
            [reconfig] service:kept
            [init] [stop] ip:10.0.0.2
            [stop] service:new

            """,
            output[output.IndexOf("=== Operations (down-phase)", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task A_delta_lists_the_resources_with_what_they_need_and_the_trees()
    {
        (_, string output) = await RunAsync("delta", Write("old.conf", Old), Write("new.conf", Present));

        string[] headings = [.. output.Split('\n').Where(line => line.StartsWith("===", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "=== Old Resource List ===", "=== New Resource List ===", "=== Old Resource Tree ===", "=== New Resource Tree ===",
                "=== Operations (down-phase) ===", "=== Operations (up-phase) ===",
            ],
            headings);
        Assert.Equal(
            [
                "Resource type: service", "Resource type: ip [NEEDSTOP]", "Resource type: script [NEEDSTOP]", "Resource type: service [NEEDSTOP]",
                "Resource type: vm [NEEDSTOP]", "Resource type: service",
                "Resource type: service", "Resource type: script [NEEDSTART]", "Resource type: vm [NEEDSTART]",
                "Resource type: service [NEEDSTART] [RECONFIG]", "Resource type: service [NEEDSTART]", "Resource type: ip [NEEDSTART]",
            ],
            output.Split('\n').Where(line => line.StartsWith("Resource type:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_test_shows_resources_trees_and_failover_domains()
    {
        string file = Write(
            "cluster.conf",
            """
            <failoverdomains><failoverdomain name="west" ordered="1"><failoverdomainnode name="n1" priority="2"/></failoverdomain></failoverdomains>
            <service name="a&#10;=== b"><ocf agent="heartbeat:Dummy" name="d" colour="red"/></service>
            """);

        (int code, string output) = await RunAsync("test", file);

        Assert.Equal(0, code);
        Assert.StartsWith("Running in test mode.\nLoaded ", output, StringComparison.Ordinal);
        Assert.Contains("=== Resources List ===\nResource type: service\nInstances: 1/1\nAttributes:\n  name = a === b [ primary unique required ]\n", output, StringComparison.Ordinal);
        Assert.Contains("  ocf (S0) {\n    name = \"d\";\n    agent = \"heartbeat:Dummy\";\n    colour = \"red\";\n  }\n}\n", output, StringComparison.Ordinal);
        Assert.EndsWith("=== Failover Domains ===\nFailover domain: west\nFlags: Ordered\n  Node n1 (id 1, priority 2)\n\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_show_what_a_type_has_does_and_holds()
    {
        (int code, string output) = await RunAsync("rules");

        Assert.Equal(0, code);
        Assert.Contains(
            """
            Resource Rules for "service"
            Max instances: 1
            Attributes:
              name [ primary unique required ]
              domain [ reconfig ]
              autostart = 1 [ reconfig ]

            """,
            output,
            StringComparison.Ordinal);
        Assert.Contains("  status\n    Timeout (hint): 30 seconds\n    OCF Check Depth (status/monitor): 10\n    Check Interval: 300 seconds\n", output, StringComparison.Ordinal);
        Assert.Contains("Explicitly defined child resource types:\n  lvm [ startlevel = 1 stoplevel = 9 ]\n", output, StringComparison.Ordinal);
        Assert.Contains("  service_name [ inherit(\"service%name\") ]\n", output, StringComparison.Ordinal);
        Assert.Contains("Explicitly defined child resource types:\n  - None -\n\n", output, StringComparison.Ordinal);
    }

    /// <summary>Source: rgmanager.md 5.3, "Error parsing %s" rc 0; usage 1.</summary>
    [Theory]
    [InlineData(0, "delta", "old.conf", "junk.conf")]
    [InlineData(0, "delta", "junk.conf", "old.conf")]
    [InlineData(0, "test", "junk.conf")]
    [InlineData(1, "delta", "old.conf")]
    [InlineData(1, "test")]
    [InlineData(1, "rules", "old.conf")]
    public async Task What_is_no_configuration_and_what_makes_no_sense_prints_no_section(int code, params string[] words)
    {
        Write("old.conf", Old);
        File.WriteAllText(Path.Combine(_directory.FullName, "junk.conf"), "junk");
        using StringWriter error = new();
        using StringWriter output = new();

        int actual = await RgTestCommand.RunAsync([.. words.Select(word => word.Contains('.', StringComparison.Ordinal) ? Path.Combine(_directory.FullName, word) : word)], output, error, CancellationToken.None);

        Assert.Equal(code, actual);
        Assert.DoesNotContain("===", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(code == 0 ? $"Error parsing {Path.Combine(_directory.FullName, "junk.conf")}\n" : "usage: rg_test", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await RgTestCommand.RunAsync(words, output, error, CancellationToken.None);
        return (code, output.ToString());
    }

    private string Write(string name, string rm)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, $"""<cluster name="t" config_version="1"><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes><rm>{rm}</rm></cluster>""");
        return path;
    }
}
