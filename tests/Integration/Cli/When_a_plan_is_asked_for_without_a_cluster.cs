using System.Text.Json;

namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue "The backbone", deliverable 6, <c>simulate</c>; rgmanager.md, table 1.2, for the scores.</summary>
public sealed class When_a_plan_is_asked_for_without_a_cluster : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quorate-");

    private string Three => Write(
        "three.conf", "", ["n1", "n2", "n3"],
        """
        <service name="web" domain="d"/><service name="my shop" domain="d"/><service name="a=b" domain="d"/>
        <service name="a,b" domain="d"/><service name="off" domain="d" autostart="0"/>
        """);

    private string Two => Write("two.conf", """<cman two_node="1" expected_votes="1"/>""", ["n1", "n2"], """<service name="web" domain="d"/>""");

    [Fact]
    public async Task The_output_is_the_json_and_nothing_else()
    {
        CommandEnd end = await CommandProcess.RunAsync("simulate", Three, "--json");

        Assert.Equal((0, ""), (end.Code, end.Error));
        using JsonDocument plan = JsonDocument.Parse(end.Output);
        Assert.Equal(["quorate", "services"], plan.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.True, plan.RootElement.GetProperty("quorate").ValueKind);
        JsonElement[] services = [.. plan.RootElement.GetProperty("services").EnumerateArray()];
        Assert.Equal(["service:web", "service:my shop", "service:a=b", "service:a,b", "service:off"], services.Select(service => service.GetProperty("name").GetString()));
        Assert.All(services, service =>
        {
            Assert.Equal(["name", "action", "node", "scores", "reason"], service.EnumerateObject().Select(member => member.Name));
            Assert.Equal(["n1=best", "n2=better", "n3=illegal"], service.GetProperty("scores").EnumerateObject().Select(score => $"{score.Name}={score.Value.GetString()}"));
            Assert.NotEmpty(service.GetProperty("reason").GetString() ?? "");
        });
        Assert.Equal(("start", "n1"), Of(end, "service:web"));
        Assert.Equal(("none", null), Of(end, "service:off"));
    }

    [Fact]
    public async Task A_service_of_a_lost_node_starts_elsewhere_and_one_of_a_live_node_moves()
    {
        CommandEnd lost = await SimulateAsync(Three, "--down", "n1", "--running", "web=n1");
        CommandEnd live = await SimulateAsync(Three, "--running", "web=n2");
        CommandEnd there = await SimulateAsync(Three, "--running", "web=n1");

        Assert.Equal(("start", "n2"), Of(lost, "service:web"));
        Assert.Equal(("relocate", "n1"), Of(live, "service:web"));
        Assert.Equal(("none", "n1"), Of(there, "service:web"));
    }

    /// <summary>Which '=' is the one in the middle, and which comma ends a pair, is decided by what is configured.</summary>
    [Theory]
    [InlineData("my shop=n2", "service:my shop")]
    [InlineData("service:my shop=n2", "service:my shop")]
    [InlineData("a=b=n2", "service:a=b")]
    [InlineData("service:a=b=n2", "service:a=b")]
    [InlineData("a,b=n2", "service:a,b")]
    [InlineData("web=n1,a,b=n2", "service:a,b")]
    [InlineData("web=n1,my shop=n2,a=b=n1", "service:my shop")]
    public async Task Names_are_understood_as_they_are_configured(string running, string moves)
    {
        CommandEnd end = await SimulateAsync(Three, "--running", running);

        Assert.Equal(("relocate", "n1"), Of(end, moves));
        Assert.Single(Services(end), service => service.GetProperty("action").GetString() == "relocate");
    }

    [Fact]
    public async Task Lists_may_be_given_in_pieces()
    {
        CommandEnd end = await SimulateAsync(Three, "--running", "web=n2", "--running", "a=b=n2", "--down", "n3");

        Assert.Equal(("relocate", "n1"), Of(end, "service:web"));
        Assert.Equal(("relocate", "n1"), Of(end, "service:a=b"));
    }

    [Fact]
    public async Task Without_quorum_live_nodes_stop_and_nothing_starts()
    {
        CommandEnd end = await SimulateAsync(Three, "--down", "n2,n3", "--running", "web=n1,my shop=n2");

        using JsonDocument plan = JsonDocument.Parse(end.Output);
        Assert.False(plan.RootElement.GetProperty("quorate").GetBoolean());
        Assert.Equal(("stop", null), Of(end, "service:web"));
        Assert.Equal(("none", null), Of(end, "service:my shop"));
        Assert.Equal(("none", null), Of(end, "service:a=b"));
    }

    [Fact]
    public async Task One_of_two_nodes_is_enough_where_the_file_says_so()
    {
        CommandEnd end = await SimulateAsync(Two, "--down", "n1", "--running", "web=n1");

        using JsonDocument plan = JsonDocument.Parse(end.Output);
        Assert.True(plan.RootElement.GetProperty("quorate").GetBoolean());
        Assert.Equal(("start", "n2"), Of(end, "service:web"));
    }

    [Theory]
    [InlineData("there is no node 'n9'", "--down", "n9")]
    [InlineData("there is no node 'n9'", "--running", "web=n9")]
    [InlineData("there is no service 'none'", "--running", "none=n1")]
    [InlineData("--running wants SERVICE=NODE", "--running", "web")]
    [InlineData("is said to run on both n1 and n2", "--running", "web=n1,web=n2")]
    [InlineData("got an empty name", "--down", "")]
    [InlineData("got an empty name", "--down", "n1,,n2")]
    [InlineData("got an empty item", "--running", "")]
    [InlineData("got an empty item", "--running", "web=n1, ")]
    [InlineData("'--down'", "--down")]
    public async Task What_makes_no_sense_is_2(string says, params string[] options)
    {
        CommandEnd end = await SimulateAsync(Three, options);

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.Contains(says, end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_1_and_said_as_validate_says_it()
    {
        string junk = Path.Combine(_directory.FullName, "junk");
        await File.WriteAllBytesAsync(junk, [0x3c, 0xff, 0xfe, 0x00, 0x80]);
        foreach ((string file, string says) in ((string, string)[])
            [(junk, "error [Q1001]"), (_directory.FullName, "it is a directory"), (Path.Combine(_directory.FullName, "none"), "cannot be read")])
        {
            CommandEnd simulated = await SimulateAsync(file);
            CommandEnd validated = await CommandProcess.RunAsync("validate", file);

            Assert.Equal((1, ""), (simulated.Code, simulated.Output));
            Assert.Contains(says, simulated.Error, StringComparison.Ordinal);
            Assert.StartsWith(validated.Output + validated.Error, simulated.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_json_it_is_a_table()
    {
        CommandEnd end = await CommandProcess.RunAsync("simulate", Three);

        Assert.Equal((0, ""), (end.Code, end.Error));
        Assert.StartsWith("quorate", end.Output, StringComparison.Ordinal);
        Assert.Contains("n1=best n2=better n3=illegal", end.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static Task<CommandEnd> SimulateAsync(string file, params string[] options) =>
        CommandProcess.RunAsync(["simulate", file, "--json", .. options]);

    private static JsonElement[] Services(CommandEnd end)
    {
        using JsonDocument plan = JsonDocument.Parse(end.Output);
        return [.. plan.RootElement.GetProperty("services").EnumerateArray().Select(service => service.Clone())];
    }

    private static (string? Action, string? Node) Of(CommandEnd end, string name)
    {
        JsonElement service = Services(end).Single(service => service.GetProperty("name").GetString() == name);
        return (service.GetProperty("action").GetString(), service.GetProperty("node").GetString());
    }

    /// <summary>A cluster whose services may run on its first two nodes, rather on the first.</summary>
    private string Write(string name, string quorum, string[] nodes, string services)
    {
        string path = Path.Combine(_directory.FullName, name);
        string members = string.Concat(nodes.Select((node, index) => $"""<clusternode name="{node}" nodeid="{index + 1}"/>"""));
        File.WriteAllText(path,
            $"""
            <cluster name="t" config_version="1">{quorum}<clusternodes>{members}</clusternodes>
            <rm><failoverdomains><failoverdomain name="d" ordered="1" restricted="1">
            <failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="n2" priority="2"/></failoverdomain></failoverdomains>
            {services}</rm></cluster>
            """);
        return path;
    }
}
