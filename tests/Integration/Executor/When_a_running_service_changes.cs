using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>A service follows a newer configuration where it runs; what its agents wrote says what was done. Source: rgmanager.md 2.9; scenarios 18 to 20.</summary>
public sealed class When_a_running_service_changes : IAsyncLifetime, IAsyncDisposable
{
    private const string EverySecond = """<action name="status" depth="*" interval="1"/>""";

    private static readonly string Before = $"""{Part("first", "1")}{Part("outer", "1", Part("inner", "1"))}{Part("last", "1")}""";
    private static readonly string After = $"""{Part("first", "1")}{Part("outer", "2", Part("inner", "1"))}{Part("last", "1")}{Part("new", "1")}""";

    private readonly ExecutingNode _node = new() { IsGuardParent = true };
    private int _read;

    public async Task InitializeAsync()
    {
        // Runs while its state file is there; says what it did in the order in which it did it.
        _node.Agent("part", $$"""
            state={{_node.Root}}/$OCF_RESKEY_name.runs
            [ "$1" = monitor ] || echo "$1 $OCF_RESKEY_name $OCF_RESKEY_value" >> {{_node.Root}}/done
            case $1 in
              start) [ -e {{_node.Root}}/$OCF_RESKEY_name.broken ] && exit 1; : > $state ;;
              stop) [ -e {{_node.Root}}/$OCF_RESKEY_name.broken ] && exit 1; rm -f $state ;;
              monitor) echo $OCF_RESKEY_name >> {{_node.Root}}/checked; [ -e $state ] || exit 7 ;;
            esac
            exit 0
            """);
        await _node.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    [Trait("Rule", "S10")]
    public async Task Only_what_changed_stops_and_starts_in_order_and_a_stop_afterwards_stops_what_runs_then()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);

        OperationEnded down = await _node.OrderAsync(NodeAction.Condstop, 2, after);
        string[] stopped = Since();
        OperationEnded up = await _node.OrderAsync(NodeAction.Condstart, 3, after);
        string[] started = Since();
        OperationEnded all = await _node.OrderAsync(NodeAction.Stop, 4, after);

        Assert.True(down is { Outcome: OperationOutcome.Succeeded, IsRunning: true }, down.Detail);
        Assert.Equal(["stop inner 1", "stop outer 1"], stopped);
        Assert.True(up is { Outcome: OperationOutcome.Succeeded, IsRunning: true }, up.Detail);
        Assert.Equal(["start outer 2", "start inner 1", "start new 1"], started);
        Assert.True(all is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, all.Detail);
        Assert.Equal(["stop new 1", "stop last 1", "stop inner 1", "stop outer 2", "stop first 1"], Since());
        Assert.Empty(_node.Failures);
    }

    [Fact]
    [Trait("Rule", "S8")]
    public async Task A_repeated_order_gets_the_same_answer_and_does_nothing_twice()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);

        OperationEnded down = await _node.OrderAsync(NodeAction.Condstop, 2, after);
        OperationEnded downAgain = await _node.OrderAsync(NodeAction.Condstop, 2, after, attempt: 2);
        OperationEnded up = await _node.OrderAsync(NodeAction.Condstart, 3, after);
        OperationEnded upAgain = await _node.OrderAsync(NodeAction.Condstart, 3, after, attempt: 2);

        Assert.Equal((down, up), (downAgain, upAgain));
        Assert.Equal(["stop inner 1", "stop outer 1", "start outer 2", "start inner 1", "start new 1"], Since());
    }

    /// <summary>The scheduler orders the one before the other; a node that is told otherwise would run two values of one resource at once.</summary>
    [Fact]
    public async Task A_start_of_what_was_not_stopped_before_is_refused()
    {
        await StartedAsync(Before);

        OperationEnded refused = await _node.OrderAsync(NodeAction.Condstart, 2, _node.Configure(After));

        Assert.Equal(OperationOutcome.Refused, refused.Outcome);
        Assert.Contains("ocf:inner has to be stopped first", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(Since());
    }

    [Theory]
    [InlineData(NodeAction.Condstop)]
    [InlineData(NodeAction.Condstart)]
    public async Task What_does_not_run_here_is_not_changed(NodeAction action)
    {
        string before = await StartedAsync(Before);
        await _node.OrderAsync(NodeAction.Stop, 2, before);
        Since();

        OperationEnded refused = await _node.OrderAsync(action, 3, _node.Configure(After));

        Assert.Equal((OperationOutcome.Refused, "it does not run here"), (refused.Outcome, refused.Detail));
        Assert.Empty(Since());
    }

    /// <summary>Rule S9: not proven stopped is not stopped. The journal still has all of it, so that the stop that follows finds it.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    public async Task What_does_not_stop_fails_the_order_and_is_stopped_with_all_the_rest()
    {
        string before = await StartedAsync(Before);
        Break("outer");

        OperationEnded failed = await _node.OrderAsync(NodeAction.Condstop, 2, _node.Configure(After));
        File.Delete(BreakerOf("outer"));
        Since();
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, before);

        Assert.Equal((OperationOutcome.Failed, "ocf:outer"), (failed.Outcome, failed.Resource));
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.Equal(["stop last 1", "stop inner 1", "stop outer 1", "stop first 1"], Since());
    }

    [Fact]
    [Trait("Rule", "S9")]
    public async Task What_does_not_start_ends_the_order_and_a_stop_stops_what_had_started()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);
        await _node.OrderAsync(NodeAction.Condstop, 2, after);
        Break("inner");

        OperationEnded failed = await _node.OrderAsync(NodeAction.Condstart, 3, after);
        File.Delete(BreakerOf("inner"));
        string[] tried = Since();
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 4, after);

        Assert.Equal((OperationOutcome.Failed, "ocf:inner", 1), (failed.Outcome, failed.Resource, failed.ExitCode));
        Assert.Equal(["stop inner 1", "stop outer 1", "start outer 2", "start inner 1"], tried);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.Empty(Directory.EnumerateFiles(_node.Root, "*.runs"));
    }

    [Fact]
    public async Task What_is_stopped_in_between_is_no_failure_and_what_runs_afterwards_is_checked()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);
        await _node.OrderAsync(NodeAction.Condstop, 2, after);
        int checks = Checks("last");
        await _node.UntilAsync(() => Checks("last") > checks + 2, "what runs on is checked");
        await _node.OrderAsync(NodeAction.Condstart, 3, after);
        int failures = _node.Failures.Count;

        File.Delete(StateOf("new"));
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "a failure of what is new is told");

        Assert.Equal(0, failures);
        Assert.Equal(("ocf:new", 3L), (_node.Failures.First().Resource, _node.Failures.First().Epoch));
    }

    /// <summary>Source: rgmanager.md 2.9, an agent that lists reconfig; here the one of a virtual machine, which runs all the while.</summary>
    [Fact]
    public async Task An_agent_that_knows_reconfig_is_asked_for_that()
    {
        ServiceName guest = new("vm:guest");
        _node.Agent(
            "VirtualDomain",
            $$"""
            [ "$1" = monitor ] || echo "$1" >> {{_node.Root}}/done
            case $1 in start) : > {{_node.Root}}/guest.runs ;; stop) rm -f {{_node.Root}}/guest.runs ;; monitor) [ -e {{_node.Root}}/guest.runs ] || exit 7 ;; esac
            exit 0
            """,
            provider: "heartbeat");
        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, _node.ConfigureServices("""<vm name="guest" recovery="restart"/>"""), service: guest);

        OperationEnded changed = await _node.OrderAsync(NodeAction.Condstart, 2, _node.ConfigureServices("""<vm name="guest" recovery="relocate"/>"""), service: guest);

        Assert.True(started.Outcome == OperationOutcome.Succeeded, started.Detail);
        Assert.True(changed is { Outcome: OperationOutcome.Succeeded, IsRunning: true }, changed.Detail);
        Assert.Equal(["start", "reconfig"], Since());
    }

    [Fact]
    [Trait("Rule", "S10")]
    public async Task An_executor_that_is_killed_in_between_is_followed_by_one_that_knows_what_still_runs()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);
        OperationEnded down = await _node.OrderAsync(NodeAction.Condstop, 2, after);

        await _node.KillExecutorAsync();
        int checks = Checks("last");
        await _node.UntilAsync(() => Checks("last") > checks + 2, "what still runs is checked");
        OperationEnded downAgain = await _node.OrderAsync(NodeAction.Condstop, 2, after, attempt: 2);
        Since();
        OperationEnded up = await _node.OrderAsync(NodeAction.Condstart, 3, after);
        string[] started = Since();
        await _node.OrderAsync(NodeAction.Stop, 4, after);

        Assert.Equal(down, downAgain);
        Assert.True(up is { Outcome: OperationOutcome.Succeeded }, up.Detail);
        Assert.Equal(["start outer 2", "start inner 1", "start new 1"], started);
        Assert.Equal(["stop new 1", "stop last 1", "stop inner 1", "stop outer 2", "stop first 1"], Since());
        Assert.Empty(_node.Failures);
    }

    [Fact]
    [Trait("Rule", "S10")]
    public async Task After_a_condstop_alone_a_stop_by_the_next_executor_stops_what_still_runs()
    {
        await StartedAsync(Before);
        string after = _node.Configure(After);
        await _node.OrderAsync(NodeAction.Condstop, 2, after);
        Since();

        await _node.KillExecutorAsync();
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, after);

        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.Equal(["stop last 1", "stop first 1"], Since());
    }

    /// <summary>What a condstart had done when its executor died is not known: it failed, and the stop of recovery stops whatever there is.</summary>
    [Fact]
    [Trait("Rule", "S10")]
    public async Task A_condstart_under_way_is_answered_by_the_next_executor_as_interrupted()
    {
        string mark = Path.Combine(_node.Root, "starting");
        _node.Agent("slow", $"case $1 in start) echo $$ > {mark}; exec sleep 1000 ;; monitor) exit 7 ;; esac");
        await StartedAsync(Before);
        string after = _node.Configure(Before + """<ocf name="slow" agent="test:slow"/>""");
        Task<OperationEnded> order = _node.OrderAsync(NodeAction.Condstart, 2, after);
        await _node.UntilAsync(() => File.Exists(mark), "the slow start runs");

        await _node.KillExecutorAsync();
        OperationEnded interrupted = await order;
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, after);

        Assert.Equal((OperationOutcome.Failed, 2L, NodeAction.Condstart), (interrupted.Outcome, interrupted.Epoch, interrupted.Action));
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.Empty(Directory.EnumerateFiles(_node.Root, "*.runs"));
    }

    private async Task<string> StartedAsync(string resources)
    {
        string digest = _node.Configure(resources);
        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, digest);
        Assert.True(started.Outcome == OperationOutcome.Succeeded, started.Detail);
        Since();
        return digest;
    }

    /// <summary>What was done since this was asked last.</summary>
    private string[] Since()
    {
        string[] all = File.Exists(Path.Combine(_node.Root, "done")) ? File.ReadAllLines(Path.Combine(_node.Root, "done")) : [];
        string[] since = all[_read..];
        _read = all.Length;
        return since;
    }

    private int Checks(string name) => File.ReadAllLines(Path.Combine(_node.Root, "checked")).Count(line => line == name);

    private static string Part(string name, string value, string below = "") =>
        $"""<ocf name="{name}" agent="test:part" value="{value}">{EverySecond}{below}</ocf>""";

    private void Break(string name) => File.WriteAllText(BreakerOf(name), "");

    private string BreakerOf(string name) => Path.Combine(_node.Root, $"{name}.broken");

    private string StateOf(string name) => Path.Combine(_node.Root, $"{name}.runs");
}
