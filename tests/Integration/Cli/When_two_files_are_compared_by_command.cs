using System.Text.Json;
using Quorate.Cli.Config;

namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue 4, deliverable 5, <c>config diff</c>: what would stop, start or be reconfigured, and why.</summary>
public sealed class When_two_files_are_compared_by_command : IDisposable
{
    private const string Old =
        """<service name="s"><ip address="10.0.0.1"/><script name="x" file="/x"/></service><service name="gone"/><vm name="guest" path="/a"/><service name="kept"/><service name="locked"/>""";

    private const string Present =
        """<service name="s"><script name="x" file="/y"/></service><vm name="guest" path="/b"/><service name="kept" exclusive="1"/><service name="new" autostart="0"/><service name="locked" nfslock="1"/>""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quorate-");

    [Fact]
    public void Each_difference_is_told_with_its_reason()
    {
        (int code, string output, _) = Diff(Write("old.conf", Old, 1), Write("new.conf", Present, 2, "<fence_daemon post_fail_delay=\"3\"/>"));

        Assert.Equal(1, code);
        Assert.Equal(
            """
            version 1 to 2
            service:s is adjusted: it keeps running; of its resources 2 stop, 1 start
              stop script:x: file was "/x", now "/y"
              stop ip:10.0.0.1: it is no longer configured
              start script:x: file was "/x", now "/y"
            service:gone is removed: it is no longer configured
              stop service:gone: it is no longer configured
            vm:guest is changed: path was "/a", now "/b"; it runs on as it was started, and the change takes effect with its next start
            service:kept is adjusted: it keeps running; of its resources 1 take over new values
              reconfigure service:kept: exclusive was "0", now "1"
            service:locked stops and is placed anew: nfslock was "0", now "1"
              stop service:locked: nfslock was "0", now "1"
              start service:locked: nfslock was "0", now "1"
            service:new is added, not started: autostart is off, so it waits until it is enabled
            fencing is changed: post_fail_delay was 0 s, now 3 s

            """,
            output);
    }

    [Fact]
    public void A_program_reads_the_same()
    {
        (int code, string output, _) = Diff(Write("old.conf", Old, 1), Write("new.conf", Present, 2, "<fence_daemon post_fail_delay=\"3\"/>"), asJson: true);

        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement root = document.RootElement;
        JsonElement[] services = [.. root.GetProperty("services").EnumerateArray()];
        Assert.Equal(1, code);
        Assert.Equal((1, 2), (root.GetProperty("oldVersion").GetInt32(), root.GetProperty("newVersion").GetInt32()));
        Assert.Equal(
            ["service:s adjusted False 2 1", "service:gone removed False 1 0", "vm:guest replaced True 0 0", "service:kept adjusted False 0 1", "service:locked replaced False 1 1", "service:new added False 0 0"],
            services.Select(service =>
                $"{service.GetProperty("name")} {service.GetProperty("change")} {service.GetProperty("leftRunning").GetBoolean()} {service.GetProperty("down").GetArrayLength()} {service.GetProperty("up").GetArrayLength()}"));
        Assert.Equal(
            """{"resource":"script:x","action":"stop","reason":"file was \"/x\", now \"/y\""}""", JsonSerializer.Serialize(services[0].GetProperty("down")[0], Plain));
        Assert.Equal(
            """{"element":"fencing","change":"changed","reason":"post_fail_delay was 0 s, now 3 s"}""", JsonSerializer.Serialize(root.GetProperty("elements")[0], Plain));
    }

    /// <summary>Source: issue 4, deliverable 5: the version must grow.</summary>
    [Theory]
    [InlineData(Old, Old, 1, 1, 0, "version 1 to 1\nnothing would stop, start or be reconfigured\n")]
    [InlineData(Old, Old, 1, 2, 0, "version 1 to 2\nnothing would stop, start or be reconfigured\n")]
    [InlineData("", "<service name=\"a&#10;b\"/>", 2, 2, 1, "version 2 to 2: raise config_version, or the new configuration cannot be applied\nservice:a b is added: it is new\n  start service:a b: it is new\n")]
    public void The_exit_code_says_whether_anything_differs(string old, string present, int oldVersion, int newVersion, int code, string output)
    {
        Assert.Equal((code, output, ""), Diff(Write("old.conf", old, oldVersion), Write("new.conf", present, newVersion)));
    }

    /// <summary>What is broken is left out, and that would look like a wish to remove it: its errors are shown.</summary>
    [Fact]
    public void What_cannot_be_read_is_said()
    {
        string old = Write("old.conf", Old, 1);
        string broken = Write("new.conf", """<service name="s"><script ref="none"/></service>""", 2);
        string junk = Path.Combine(_directory.FullName, "junk.conf");
        File.WriteAllText(junk, "junk");

        Assert.StartsWith($"{broken}:1: error [Q1042]", Diff(old, broken).Error, StringComparison.Ordinal);
        Assert.Equal((3, ""), (Diff(old, junk) is var (code, output, _) ? (code, output) : default));
        Assert.EndsWith($"quorate: {junk} gave no configuration; nothing to compare\n", Diff(junk, old).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_a_command_of_quorate()
    {
        string old = Write("old.conf", Old, 1);

        CommandEnd same = await CommandProcess.RunAsync("config", "diff", old, old);
        CommandEnd alone = await CommandProcess.RunAsync("config", "diff", old);
        CommandEnd none = await CommandProcess.RunAsync("config", "diff");

        Assert.Equal((0, "version 1 to 1\nnothing would stop, start or be reconfigured\n"), (same.Code, same.Output));
        Assert.Equal((3, ""), (alone.Code, alone.Output)); // compared with the one in force, and there is no cluster
        Assert.Equal((2, ""), (none.Code, none.Output));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static (int Code, string Output, string Error) Diff(string old, string present, bool asJson = false)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = ConfigCommand.Diff(old, present, asJson, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string rm, int version, string settings = "")
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(
            path, $"""<cluster name="t" config_version="{version}"><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>{settings}<rm>{rm}</rm></cluster>""");
        return path;
    }
}
