using System.Runtime.Versioning;
using Quorate.Cli.RgTest;
using Quorate.Cli.Validate;

namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue 2, deliverable 2; rgmanager.md 5.3 for what rg_test prints.</summary>
[SupportedOSPlatform("linux")]
public sealed class When_a_file_is_checked_by_command : IDisposable
{
    private const string Sound =
        """
        <cluster name="t" config_version="1"><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>
        <rm><service name="grün: a/b"><script name="x" file="/x"/><ip address="10.0.0.1"/></service></rm></cluster>
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quorate-");

    [Theory]
    [InlineData(Sound, 0, "")]
    [InlineData("<cluster name=\"t\"/>", 1, "FILE:1: warning [Q1005]"), Trait("Message", "1005")]
    [InlineData("<cluster>\n</rm>", 2, "FILE:2: error [Q1001]"), Trait("Message", "1001")]
    public void The_exit_code_is_the_worst_finding(string text, int code, string start)
    {
        string file = Write("cluster.conf", text);

        (int actual, string output, _) = Validate(file);

        Assert.Equal(code, actual);
        Assert.StartsWith(start.Replace("FILE", file, StringComparison.Ordinal), output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_3()
    {
        Assert.Equal((3, ""), (Validate(Path.Combine(_directory.FullName, "none")) is var (code, output, _) ? (code, output) : default));
        Assert.Equal(3, Validate(_directory.FullName).Code);
    }

    [Fact]
    public async Task The_order_is_printed_as_the_old_tool_did()
    {
        string file = Write("cluster.conf", Sound);

        Assert.Equal(
            (0, "Starting grün: a/b...\n[start] service:grün: a/b\n[start] ip:10.0.0.1\n[start] script:x\nStart of grün: a/b complete\n"),
            await RgTestAsync("noop", file, "start", "service", "grün: a/b"));
        Assert.Equal(
            (0, "Stopping grün: a/b...\n[stop] script:x\n[stop] ip:10.0.0.1\n[stop] service:grün: a/b\nStop of grün: a/b complete\n"),
            await RgTestAsync("noop", file, "stop", "service", "grün: a/b"));
        Assert.Equal((0, "No resource none of type service found\n"), await RgTestAsync("noop", file, "start", "service", "none"));
        Assert.Equal((1, ""), await RgTestAsync("noop", file, "start", "service"));
    }

    [Fact]
    public async Task A_file_without_a_configuration_is_an_error_with_status_0_as_ever()
    {
        string file = Write("cluster.conf", "junk");
        using StringWriter output = new();
        using StringWriter error = new();

        int code = await RgTestCommand.RunAsync(["noop", file, "start", "service", "web"], output, error, CancellationToken.None);

        Assert.Equal((0, ""), (code, output.ToString()));
        Assert.StartsWith($"{file}:1: error [Q1001]", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"Error parsing {file}\n", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A directory of agents named by mistake, such as /sbin, must not have its programs run.</summary>
    [Fact]
    public async Task Programs_that_are_no_agents_are_never_run()
    {
        string programs = _directory.CreateSubdirectory("programs").FullName;
        string traces = Path.Combine(_directory.FullName, "ran");
        Program(Path.Combine(programs, "reboot"), $"#!/bin/sh\necho reboot >> {traces}\n");
        Program(Path.Combine(programs, "compiled"), $"\u007fELF writes meta-data to {traces}\n");
        Program(Path.Combine(programs, "empty.sh"), "");
        File.CreateSymbolicLink(Path.Combine(programs, "dangling.sh"), Path.Combine(programs, "none"));
        using StringWriter output = new();
        using StringWriter error = new();

        int code = await RgTestCommand.RunAsync(
            [programs, "noop", Write("cluster.conf", Sound), "start", "service", "grün: a/b"], output, error, CancellationToken.None);

        Assert.Equal((1, ""), (code, output.ToString()));
        Assert.StartsWith($"{programs}: it holds no agents", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(traces));
    }

    /// <summary>Source: rgmanager.md 2.1: every executable is asked; one that fails does not take the others with it.</summary>
    [Fact]
    public async Task Agents_of_a_directory_are_asked_for_their_metadata()
    {
        string agents = _directory.CreateSubdirectory("agents").FullName;
        Agent(Path.Combine(agents, "service.sh"), """<resource-agent name="service"><parameters><parameter name="name" primary="1"/></parameters></resource-agent>""");
        Agent(Path.Combine(agents, "broken.sh"), "not xml");
        Agent(Path.Combine(agents, "old.sh~"), """<resource-agent name="ip"><parameters><parameter name="address" primary="1"/></parameters></resource-agent>""");
        await File.WriteAllTextAsync(Path.Combine(agents, "README"), "no agent");
        string file = Write("cluster.conf", Sound);

        (int code, string output) = await RgTestAsync(agents, "noop", file, "start", "service", "grün: a/b");

        Assert.Equal((0, "Starting grün: a/b...\n[start] service:grün: a/b\nStart of grün: a/b complete\n"), (code, output));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static void Agent(string path, string metadata) =>
        Program(path, $"#!/bin/sh\n[ \"$1\" = meta-data ] || exit 1\ncat <<'END'\n{metadata}\nEND\n");

    private static void Program(string path, string content)
    {
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private static (int Code, string Output, string Error) Validate(string file)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = ValidateCommand.Run(file, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<(int Code, string Output)> RgTestAsync(params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await RgTestCommand.RunAsync(words, output, error, CancellationToken.None);
        return (code, output.ToString());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
