using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>A real executor, a real guard, real agents. Source: DESIGN 3, rules S8 to S10.</summary>
public sealed class When_a_scheduler_orders : IAsyncLifetime, IAsyncDisposable
{
    private readonly ExecutingNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    [Trait("Rule", "S9")]
    public async Task A_service_starts_and_stops_and_the_witness_saw_it()
    {
        await _node.StartAsync();
        string digest = _node.Configure(Witness(""));

        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, digest);
        OperationEnded probed = await _node.OrderAsync(NodeAction.Probe, 2, digest);
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, digest);

        Assert.Equal((OperationOutcome.Succeeded, true), (started.Outcome, started.IsRunning));
        Assert.Equal((OperationOutcome.Succeeded, true), (probed.Outcome, probed.IsRunning));
        Assert.Equal((OperationOutcome.Succeeded, false), (stopped.Outcome, stopped.IsRunning));
        Assert.Equal(["n1 start w", "n1 stop w"], _node.Witnessed.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    [Trait("Rule", "S8")]
    public async Task The_same_operation_gets_the_same_answer_and_an_old_epoch_is_refused()
    {
        await _node.StartAsync();
        string digest = _node.Configure(Witness(""));

        OperationEnded first = await _node.OrderAsync(NodeAction.Start, 5, digest);
        OperationEnded again = await _node.OrderAsync(NodeAction.Start, 5, digest, attempt: 2);
        OperationEnded old = await _node.OrderAsync(NodeAction.Stop, 4, digest);

        Assert.Equal(first, again);
        Assert.Equal(OperationOutcome.Refused, old.Outcome);
        Assert.Single(_node.Witnessed);
    }

    [Fact]
    [Trait("Rule", "S8")]
    public async Task A_start_without_a_lease_is_refused()
    {
        _node.GrantsLeases = false;
        await _node.StartAsync();

        OperationEnded answer = await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("")));

        Assert.Equal(OperationOutcome.Refused, answer.Outcome);
        Assert.Empty(_node.Witnessed);
    }

    [Fact]
    public async Task A_start_before_the_first_lease_waits_for_it()
    {
        _node.GrantsLeases = false;
        await _node.StartAsync();

        Task<OperationEnded> answer = _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("")));
        _node.GrantsLeases = true;

        Assert.Equal(OperationOutcome.Succeeded, (await answer).Outcome);
        Assert.Single(_node.Witnessed);
    }

    [Fact]
    public async Task A_resource_that_says_no_ends_the_start_with_its_reason()
    {
        await _node.StartAsync();

        OperationEnded answer = await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("fail_start='1'")));

        Assert.Equal((OperationOutcome.Failed, "ocf:w", 1), (answer.Outcome, answer.Resource, answer.ExitCode));
        Assert.Contains("told to fail by fail_start", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "S9")]
    public async Task A_stop_that_leaves_the_resource_running_is_not_a_stop()
    {
        await _node.StartAsync();
        string digest = _node.Configure(Witness("fail_stop='1'"));
        await _node.OrderAsync(NodeAction.Start, 1, digest);

        OperationEnded answer = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Failed, true), (answer.Outcome, answer.IsRunning));
    }

    [Fact]
    [Trait("Rule", "S10")]
    public async Task A_refused_start_leaves_the_tree_that_runs_in_force()
    {
        await _node.StartAsync();
        await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("")));
        string other = _node.Configure($"<ocf agent='quorate:Witness' name='other' directory='{_node.Root}'/>");

        OperationEnded refused = await _node.OrderAsync(NodeAction.Start, 2, other);
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, other);

        Assert.Equal(OperationOutcome.Refused, refused.Outcome);
        Assert.Equal((OperationOutcome.Succeeded, false), (stopped.Outcome, stopped.IsRunning));
        Assert.EndsWith("n1 stop w", _node.Witnessed[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "S9")]
    public async Task A_stop_whose_end_the_guard_cannot_take_down_is_not_proven_and_the_executor_lives_on()
    {
        string journal = Path.Combine(_node.Root, "state", "journal");
        _node.Agent("breaks", $"case $1 in stop) rm -r {journal}; : > {journal} ;; monitor) exit 7 ;; esac; exit 0");
        await _node.StartAsync();
        string digest = _node.Configure("<ocf agent='test:breaks' name='w'/>");
        await _node.OrderAsync(NodeAction.Start, 1, digest);

        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 2, digest);
        _node.Agent("breaks", "case $1 in monitor) exit 7 ;; esac; exit 0");
        File.Delete(journal);
        Directory.CreateDirectory(journal);
        OperationEnded again = await _node.OrderAsync(NodeAction.Stop, 3, digest);

        Assert.Equal((OperationOutcome.Failed, null), (stopped.Outcome, stopped.IsRunning));
        Assert.Contains("journal cannot be written", stopped.Detail, StringComparison.Ordinal);
        Assert.Equal((OperationOutcome.Succeeded, false), (again.Outcome, again.IsRunning));
    }

    [Fact]
    [Trait("Rule", "S8")]
    public async Task An_answer_that_the_disk_does_not_take_is_given_and_the_executor_lives_on()
    {
        await _node.StartAsync();
        string digest = _node.Configure("<ocf agent='test:fills' name='w'/>");
        string drafts = Path.Combine(_node.Root, "executor", "operations", _node.View.Incarnation!.Value.Value);
        // From the start action on, no draft can be written: a directory stands in its way.
        _node.Agent("fills", $"case $1 in start) for f in {drafts}/*.json; do mkdir \"$f.new\"; done ;; monitor) exit 7 ;; esac; exit 0");

        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, digest);
        OperationEnded again = await _node.OrderAsync(NodeAction.Start, 1, digest, attempt: 2);
        foreach (string directory in Directory.GetDirectories(drafts))
        {
            Directory.Delete(directory);
        }

        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Succeeded, true), (started.Outcome, started.IsRunning));
        Assert.Equal(started, again);
        Assert.Equal((OperationOutcome.Succeeded, false), (stopped.Outcome, stopped.IsRunning));
    }

    [Fact]
    public async Task A_configuration_that_the_disk_does_not_take_is_used_all_the_same()
    {
        await _node.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_node.Root, "executor", "configurations"), "a file where the directory would be");

        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("")));

        Assert.Equal((OperationOutcome.Succeeded, true), (started.Outcome, started.IsRunning));
    }

    [Fact]
    public async Task A_type_that_cannot_run_fails_its_start_by_name_and_its_stop_is_done()
    {
        await _node.StartAsync();
        string digest = _node.Configure("<samba name='shares'/><drbd name='disk' resource='r0'/>");

        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, digest);
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal(OperationOutcome.Failed, started.Outcome);
        Assert.Contains("names no agent that this version can run", started.Detail, StringComparison.Ordinal);
        Assert.Contains(started.Resource ?? "-", started.Detail, StringComparison.Ordinal);
        Assert.Equal((OperationOutcome.Succeeded, false), (stopped.Outcome, stopped.IsRunning));
    }

    [Theory]
    [Trait("Rule", "S9")]
    [InlineData(0, true)]
    [InlineData(5, false)]
    [InlineData(1, false)]
    public async Task Not_installed_proves_a_stop_only_where_the_stop_itself_succeeded(int stopExitCode, bool isProven)
    {
        _node.Agent("unmounted", $"case $1 in start) exit 0 ;; stop) exit {stopExitCode} ;; monitor) exit 5 ;; esac");
        await _node.StartAsync();
        string digest = _node.Configure("<ocf agent='test:unmounted' name='w'/>");
        OperationEnded probed = await _node.OrderAsync(NodeAction.Probe, 1, digest);
        await _node.OrderAsync(NodeAction.Start, 2, digest);

        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 3, digest);
        _node.Agent("unmounted", "exit 7");

        Assert.Equal((OperationOutcome.Succeeded, false), (probed.Outcome, probed.IsRunning));
        Assert.Equal(isProven ? (OperationOutcome.Succeeded, false) : (OperationOutcome.Failed, (bool?)null), (stopped.Outcome, stopped.IsRunning));
    }

    /// <summary>The monitor's 0 means that it still runs; beside the word "stop" it read like a success.</summary>
    [Fact]
    [Trait("Rule", "S9")]
    public async Task A_stop_that_only_claims_success_says_which_action_said_what()
    {
        _node.Agent("liar", "exit 0");
        await _node.StartAsync();
        string digest = _node.Configure("<ocf agent='test:liar' name='w'/>");
        await _node.OrderAsync(NodeAction.Start, 1, digest);

        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 2, digest);
        _node.Agent("liar", "exit 7");

        Assert.Equal((OperationOutcome.Failed, "ocf:w", (int?)null), (stopped.Outcome, stopped.Resource, stopped.ExitCode));
        Assert.Equal("not proven stopped: the monitor of ocf:w says that it still runs, although its stop returned 0", stopped.Detail);
    }

    [Theory]
    [InlineData("hang", "exec sleep 1000", "timed out")]
    [InlineData("killed", "kill -9 $$", "signal 9")]
    [InlineData("loud", "head -c 5000000 /dev/zero | tr '\\0' x; echo ocf-exit-reason:enough >&2; exit 1", "enough")]
    public async Task An_agent_that_misbehaves_fails_the_start_and_nothing_else(string type, string start, string expected)
    {
        _node.Agent(type, $"case $1 in start) {start} ;; monitor) exit 7 ;; esac");
        await _node.StartAsync();
        string digest = _node.Configure($"<ocf agent='test:{type}' name='w'><action name='start' timeout='1s'/></ocf>");

        OperationEnded answer = await _node.OrderAsync(NodeAction.Start, 1, digest);
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal(OperationOutcome.Failed, answer.Outcome);
        Assert.Contains(expected, answer.Detail, StringComparison.Ordinal);
        Assert.Equal(OperationOutcome.Succeeded, stopped.Outcome);
    }

    /// <summary>More starts hang than run at a time; a node that waits for this service waits for its stop only.</summary>
    [Fact]
    public async Task Starts_that_hang_delay_no_stop_of_another_service()
    {
        const int Hanging = 20;
        await _node.StartAsync();
        _node.Agent("slow", $"[ \"$1\" != start ] || {{ echo begun >> {_node.Root}/begun; exec sleep 1000; }}; exit 7");
        string slow = string.Concat(Enumerable.Range(0, Hanging).Select(number => $"<service name=\"s{number}\"><ocf agent=\"test:slow\" name=\"r{number}\"/></service>"));
        string digest = _node.ConfigureServices($"<service name=\"web\">{Witness("")}</service>{slow}");
        await _node.OrderAsync(NodeAction.Start, 1, digest);
        for (int number = 0; number < Hanging; number++)
        {
            await _node.SendOrderAsync(new ServiceName($"service:s{number}"), NodeAction.Start, 1, digest);
        }

        await _node.UntilAsync(() => Lines($"{_node.Root}/begun") == 16, "as many starts hang as run at a time");
        OperationEnded answer = await _node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal(("service:web", NodeAction.Stop, OperationOutcome.Succeeded), (answer.Service.Value, answer.Action, answer.Outcome));
        static int Lines(string file) => File.Exists(file) ? File.ReadAllLines(file).Length : 0;
    }

    [Fact]
    public async Task A_node_that_leaves_stops_all_and_ends_well()
    {
        await _node.StartAsync();
        await _node.OrderAsync(NodeAction.Start, 1, _node.Configure(Witness("")));

        int exitCode = await _node.LeaveAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("n1 stop w", _node.Witnessed[^1], StringComparison.Ordinal);
    }

    private string Witness(string more) => $"<ocf agent='quorate:Witness' name='w' directory='{_node.Root}' {more}/>";
}
