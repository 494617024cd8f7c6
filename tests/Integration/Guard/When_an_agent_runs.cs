using System.Collections.Immutable;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Resources;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: DESIGN 6; issue: an agent that does not exist, hangs, prints megabytes or dies by a signal.</summary>
public sealed class When_an_agent_runs : IAsyncLifetime
{
    private readonly GuardedNode _node = new();
    private GuardProcess? _guard;

    private GuardClient Client => _guard!.Client;

    public async Task InitializeAsync()
    {
        _guard = _node.Serve();
        await _guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
    }

    public async Task DisposeAsync()
    {
        await _guard!.DisposeAsync();
        await _node.RemoveAsync();
    }

    [Fact]
    public async Task Its_output_is_bounded_and_the_rest_counted()
    {
        _node.Agent("flood", "head -c 3000000 /dev/zero | tr '\\0' x; exit 7");

        AgentResult result = await MonitorAsync("flood");

        Assert.Equal((AgentEnd.Exited, 7), (result.End, result.ExitCode));
        Assert.Equal(64 * 1024, result.Output.Length);
        Assert.Equal(3_000_000 - (64 * 1024), result.DroppedBytes);
    }

    [Fact]
    public async Task One_that_hangs_is_killed_in_time_with_all_it_forked()
    {
        _node.Agent("hang", "(setsid sh -c 'echo $$ > \"$0\"; exec sleep 1000' \"$OCF_RESKEY_dir/grandchild\" &); while :; do sleep 1; done");

        AgentResult result = await Client.RunAsync(GuardedNode.Web, _node.Run("hang", "monitor", timeoutMilliseconds: 700), CancellationToken.None);

        Assert.Equal(AgentEnd.TimedOut, result.End);
        Assert.False(GuardedNode.IsAlive(int.Parse(File.ReadAllText(Path.Combine(_node.Root, "grandchild")), null)));
    }

    [Fact]
    public async Task One_that_times_out_does_not_take_other_resources_down()
    {
        _node.Agent("hang", "exec sleep 1000");
        int daemon = await _node.StartDaemonAsync(Client, 60_000);

        AgentResult result = await Client.RunAsync(GuardedNode.Web, _node.Run("hang", "start", timeoutMilliseconds: 200), CancellationToken.None);

        Assert.Equal(AgentEnd.TimedOut, result.End);
        Assert.True(GuardedNode.IsAlive(daemon));
    }

    [Fact]
    public async Task A_death_by_a_signal_is_told_as_such()
    {
        _node.Agent("dies", "kill -9 $$");

        AgentResult result = await MonitorAsync("dies");

        Assert.Equal((AgentEnd.Signalled, 9), (result.End, result.Signal));
    }

    [Fact]
    public async Task Its_exit_reason_is_read()
    {
        _node.Agent("says", "echo ocf-exit-reason:the disk is on fire >&2; exit 1");

        AgentResult result = await MonitorAsync("says");

        Assert.Equal("the disk is on fire", result.Reason);
    }

    [Fact]
    public async Task Its_exit_reason_is_read_however_much_it_said_before()
    {
        _node.Agent("raves", "head -c 3000000 /dev/urandom >&2; echo ocf-exit-reason:too early >&2; head -c 200000 /dev/zero >&2; echo >&2; echo ocf-exit-reason:the disk is on fire >&2; exit 1");

        AgentResult result = await MonitorAsync("raves");

        Assert.Equal("the disk is on fire", result.Reason);
    }

    [Fact]
    public async Task Its_environment_holds_what_was_asked_and_nothing_of_ours()
    {
        _node.Agent("shows", "env; readlink /proc/self/fd/0; exit 0");

        AgentResult result = await MonitorAsync("shows");

        string[] lines = result.Output.Split('\n');
        Assert.Contains($"OCF_RESKEY_dir={_node.Root}", lines);
        Assert.Contains("LC_ALL=C", lines);
        Assert.Contains("/dev/null", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("DOTNET", StringComparison.Ordinal) || line.StartsWith("USER=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_does_not_exist_is_an_answer_not_an_accident()
    {
        AgentResult result = await MonitorAsync("nowhere");

        Assert.Equal((AgentEnd.Missing, 5), (result.End, result.ExitCode));
        Assert.Contains("no agent ocf:quorate:nowhere", result.Reason, StringComparison.Ordinal);
        Assert.True(result.NeverStarted);
    }

    [Fact]
    public async Task One_that_is_not_executable_says_what_to_do()
    {
        File.WriteAllText(Path.Combine(_node.AgentDirectory, "plain"), "#!/bin/sh\n");

        AgentResult result = await MonitorAsync("plain");

        Assert.Equal(AgentEnd.Missing, result.End);
        Assert.Contains("chmod +x", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>Without this an rgmanager agent that cannot run would count as one that says "not running".</summary>
    [Theory]
    [InlineData("#!/no/such/interpreter -x\nexit 0\n", "needs '/no/such/interpreter'")]
    [InlineData("#!/bin/sh\r\nexit 0\r\n", "needs '/bin/sh\\r'")]
    [InlineData("#! /usr \nexit 0\n", "needs '/usr'")]
    public async Task One_without_its_interpreter_is_missing_and_says_what_is(string content, string expected)
    {
        _node.Agent("unread", "");
        await File.WriteAllTextAsync(Path.Combine(_node.AgentDirectory, "unread"), content);
        AgentInvocation status = _node.Run("unread", "status") with { Class = AgentClass.Rgmanager, Provider = "" };

        AgentResult result = await Client.RunAsync(GuardedNode.Web, status, CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.Equal(AgentEnd.Missing, result.End);
        Assert.Contains(expected, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "S9")]
    public async Task One_that_the_kernel_does_not_execute_says_nothing_about_its_resource()
    {
        // The interpreter is there, but no program: found only when the agent is executed.
        string interpreter = Path.Combine(_node.Root, "interpreter");
        await File.WriteAllTextAsync(interpreter, "");
        _node.Agent("unread", "");
        await File.WriteAllTextAsync(Path.Combine(_node.AgentDirectory, "unread"), $"#!{interpreter}\n");
        AgentInvocation status = _node.Run("unread", "status") with { Class = AgentClass.Rgmanager, Provider = "" };

        AgentResult result = await Client.RunAsync(GuardedNode.Web, status, CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.Equal(AgentEnd.NotStarted, result.End);
        Assert.Equal(ResourceRunState.Unknown, AgentMeaning.Judge(AgentClass.Rgmanager, result));
        Assert.Contains("ermission denied", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../bin/sh")]
    [InlineData(".hidden")]
    [InlineData("")]
    public async Task A_name_never_leads_out_of_the_directories(string type)
    {
        AgentResult result = await MonitorAsync(type);

        Assert.Equal(AgentEnd.Missing, result.End);
    }

    [Fact]
    public async Task Variables_of_other_kinds_are_refused()
    {
        AgentInvocation invocation = _node.Run("daemon", "monitor") with
        {
            Environment = ImmutableSortedDictionary<string, string>.Empty.Add("LD_PRELOAD", "/tmp/x.so"),
        };

        await Assert.ThrowsAsync<GuardRefusedException>(() => Client.RunAsync(GuardedNode.Web, invocation, CancellationToken.None));
    }

    [Fact]
    [Trait("Rule", "S8")]
    public async Task A_start_without_a_lease_is_refused()
    {
        await Assert.ThrowsAsync<GuardRefusedException>(() => Client.BeginAsync(_node.Start(1), CancellationToken.None));
        await Assert.ThrowsAsync<GuardRefusedException>(
            () => Client.RunAsync(GuardedNode.Web, _node.Run("daemon", "start"), CancellationToken.None));

        Assert.Empty(_node.Written);
    }

    [Fact]
    public async Task A_cancelled_one_is_killed()
    {
        _node.Agent("hang", "touch \"$OCF_RESKEY_dir/began\"; exec sleep 1000");
        using CancellationTokenSource cancellation = new();

        Task<AgentResult> run = Client.RunAsync(GuardedNode.Web, _node.Run("hang", "monitor"), cancellation.Token);
        await GuardedNode.UntilAsync(() => File.Exists(Path.Combine(_node.Root, "began")), "the agent began");
        await cancellation.CancelAsync();

        Assert.Equal(AgentEnd.Cancelled, (await run.WaitAsync(GuardedNode.Patience)).End);
    }

    [Fact]
    public async Task An_LSB_script_runs_by_the_path_of_its_resource()
    {
        _node.Agent("script", "[ \"$1 $SYSTEMCTL_SKIP_REDIRECT\" = \"status 1\" ] && exit 3");
        AgentInvocation status = _node.Run("", "status") with { Class = AgentClass.Lsb, Provider = "", File = Path.Combine(_node.AgentDirectory, "script") };

        AgentResult result = await Client.RunAsync(GuardedNode.Web, status, CancellationToken.None);

        Assert.Equal(ResourceRunState.NotRunning, AgentMeaning.Judge(AgentClass.Lsb, result));
    }

    /// <summary>A stand-in for systemctl, which this machine may lack a systemd for.</summary>
    [Fact]
    public async Task A_systemd_unit_is_asked_through_systemctl()
    {
        _node.Agent(SystemdUnit.Program, "[ \"$*\" = \"show --property=ActiveState,TasksCurrent,ControlGroup,Job -- a.service\" ] && printf 'ActiveState=inactive\\nTasksCurrent=[not set]\\n'");
        AgentInvocation monitor = _node.Run("a.service", "monitor") with { Class = AgentClass.Systemd, Provider = "" };

        AgentResult result = await Client.RunAsync(GuardedNode.Web, monitor, CancellationToken.None);

        Assert.Equal(ResourceRunState.NotRunning, AgentMeaning.Judge(AgentClass.Systemd, result));
    }

    private Task<AgentResult> MonitorAsync(string type) =>
        Client.RunAsync(GuardedNode.Web, _node.Run(type, "monitor"), CancellationToken.None).WaitAsync(GuardedNode.Patience);
}
