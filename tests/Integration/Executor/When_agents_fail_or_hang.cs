using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>A start stops at the first failure, a stop at none. Source: rgmanager.md 2.4 to 2.6; with a real guard.</summary>
public sealed class When_agents_fail_or_hang : IAsyncLifetime, IAsyncDisposable
{
    private readonly ExecutingNode _node = new();

    public async Task InitializeAsync()
    {
        _node.Agent("part", $$"""
            state={{_node.Root}}/$OCF_RESKEY_name.runs
            [ "$1" = monitor ] || echo "$1 $OCF_RESKEY_name" >> {{_node.Root}}/done
            [ -e {{_node.Root}}/$OCF_RESKEY_name.$1.fails ] && exit 1
            [ -e {{_node.Root}}/$OCF_RESKEY_name.$1.hangs ] && { echo $$ > {{_node.Root}}/$OCF_RESKEY_name.pid; exec sleep 600; }
            case $1 in
              start) : > $state ;;
              stop) [ -e $state ] || exit 5; rm -f $state ;;
              monitor) [ -e $state ] || exit 7 ;;
            esac
            exit 0
            """);
        await _node.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Scenario_05_a_start_ends_with_the_first_failure_and_undoes_nothing()
    {
        Set("ip.start.fails");

        OperationEnded answer = await _node.OrderAsync(NodeAction.Start, 1, _node.Configure($"{Part("fs")}{Part("ip")}{Part("script")}"));

        Assert.Equal((OperationOutcome.Failed, "ocf:ip", 1), (answer.Outcome, answer.Resource, answer.ExitCode));
        Assert.Equal(["start fs", "start ip"], Done());
        Assert.True(Runs("fs"));
    }

    /// <summary>What the scheduler makes of it (failed, #12) is Scenario_35 and Scenario_36.</summary>
    [Fact]
    public async Task Scenario_06_a_stop_goes_on_after_a_failure_and_is_one()
    {
        string digest = _node.Configure($"{Part("fs")}{Part("ip")}{Part("script")}");
        await _node.OrderAsync(NodeAction.Start, 1, digest);
        Set("ip.stop.fails");

        OperationEnded answer = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Failed, "ocf:ip", (int?)null), (answer.Outcome, answer.Resource, answer.ExitCode));
        Assert.Equal("stop of ocf:ip returned 1 (generic error); not proven stopped: the monitor of ocf:ip says that it still runs", answer.Detail);
        Assert.Equal(["stop script", "stop ip", "stop fs"], Done()[3..]);
        Assert.Equal((false, true, false), (Runs("fs"), Runs("ip"), Runs("script")));
    }

    [Fact]
    public async Task Scenario_07_not_installed_is_a_stop_of_what_was_not_started()
    {
        Set("ip.start.fails");
        string digest = _node.Configure($"{Part("fs")}{Part("ip")}{Part("script")}");
        await _node.OrderAsync(NodeAction.Start, 1, digest);

        OperationEnded answer = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Succeeded, false), (answer.Outcome, answer.IsRunning));
        Assert.Equal(["stop script", "stop ip", "stop fs"], Done()[2..]);
    }

    /// <summary>DESIGN 9: the same without <c>__enforce_timeouts</c>, where the original waits for ever.</summary>
    [Theory]
    [InlineData("__enforce_timeouts=\"1\"")]
    [InlineData("")]
    public async Task Scenario_11_a_check_that_hangs_is_killed_after_its_time_and_has_failed(string attributes)
    {
        await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(
            $"""<ocf name="x" agent="test:part" {attributes}><action name="status" depth="*" interval="1" timeout="1"/></ocf>"""));

        Set("x.monitor.hangs");
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "the failure is told");

        Assert.Contains("timed out after 1000 ms and was killed", _node.Failures.First().Detail, StringComparison.Ordinal);
        int hung = int.Parse(await File.ReadAllTextAsync(Path.Combine(_node.Root, "x.pid")), System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(Directory.Exists($"/proc/{hung}") && (await File.ReadAllTextAsync($"/proc/{hung}/stat")).Split(' ')[2] != "Z");
    }

    private static string Part(string name) => $"""<ocf name="{name}" agent="test:part"/>""";

    private void Set(string what) => File.WriteAllText(Path.Combine(_node.Root, what), "");

    private bool Runs(string name) => File.Exists(Path.Combine(_node.Root, $"{name}.runs"));

    private string[] Done() => File.ReadAllLines(Path.Combine(_node.Root, "done"));
}
