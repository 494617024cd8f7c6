using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Executor;

/// <summary>Repairs on the node itself, with a real guard: independent and non-critical subtrees, recover. Source: rgmanager.md 2.8.</summary>
public sealed class When_part_of_a_service_fails : IAsyncLifetime, IAsyncDisposable
{
    private const string EverySecond = """<action name="status" depth="*" interval="1"/>""";

    private readonly ExecutingNode _node = new();

    public Task InitializeAsync() => PrepareAsync(_node);

    private static async Task PrepareAsync(ExecutingNode node)
    {
        // Runs while its state file is there; says what it did in the order in which it did it.
        node.Agent("part", $$"""
            state={{node.Root}}/$OCF_RESKEY_name.runs
            [ "$1" = monitor ] || echo "$1 $OCF_RESKEY_name" >> {{node.Root}}/done
            case $1 in
              start) [ -e {{node.Root}}/$OCF_RESKEY_name.broken ] && exit 1; : > $state ;;
              stop) rm -f $state ;;
              monitor) [ -e $state ] || exit 7 ;;
            esac
            exit 0
            """);
        await node.StartAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task An_independent_subtree_alone_stops_and_starts_again()
    {
        await StartedAsync($"""
            {Part("before", "")}
            {Part("outer", "__independent_subtree=\"1\"", Part("inner", ""))}
            """);

        File.Delete(StateOf("inner"));
        await _node.UntilAsync(() => Done().Count(line => line == "start inner") == 2, "the subtree was started again");

        Assert.Equal(["start before", "start outer", "start inner", "stop inner", "stop outer", "start outer", "start inner"], Done());
        Assert.Empty(_node.Failures);
    }

    [Fact]
    public async Task One_that_cannot_be_restarted_is_a_failure_of_the_service()
    {
        await StartedAsync(Part("x", "__independent_subtree=\"1\""));

        Break("x");
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "the failure is told");

        Assert.Contains("inline recovery of ocf:x failed", _node.Failures.First().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_non_critical_one_is_left_stopped_until_the_service_convalesces()
    {
        string digest = await StartedAsync($"""{Part("main", "")}{Part("extra", "__independent_subtree=\"2\"")}""");

        File.Delete(StateOf("extra"));
        await _node.UntilAsync(() => _node.Inventories.Any(inventory => inventory.Services.Any(entry => entry.IsPartial)), "the node says that it is partial");
        Break("extra");
        OperationEnded failed = await _node.OrderAsync(NodeAction.Convalesce, 2, digest);
        File.Delete(BreakerOf("extra"));
        OperationEnded repaired = await _node.OrderAsync(NodeAction.Convalesce, 3, digest);
        await _node.UntilAsync(() => _node.Inventories.Last().Services.All(entry => entry is { IsPartial: false, IsRunning: true, Epoch: 3 }), "it is whole");

        Assert.Equal((OperationOutcome.Failed, true), (failed.Outcome, failed.IsRunning));
        Assert.Equal((OperationOutcome.Succeeded, true), (repaired.Outcome, repaired.IsRunning));
        Assert.True(File.Exists(StateOf("extra")));
        Assert.Empty(_node.Failures);

        // A later failure is told under the order that the scheduler knows this run by.
        File.Delete(StateOf("main"));
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "the failure is told");
        Assert.Equal(3, _node.Failures.First().Epoch);
        OperationEnded stopped = await _node.OrderAsync(NodeAction.Stop, 4, digest);
        Assert.Equal((OperationOutcome.Succeeded, false), (stopped.Outcome, stopped.IsRunning));
    }

    /// <summary>What was started runs unseen otherwise, because something else of the service could not be.</summary>
    [Fact]
    public async Task One_that_convalesced_is_checked_though_the_next_one_did_not()
    {
        string digest = await StartedAsync($"""{Part("main", "")}{Part("one", "__independent_subtree=\"2\"")}{Part("two", "__independent_subtree=\"2\"")}""");
        File.Delete(StateOf("one"));
        Break("two");
        // Not as soon as they stopped: an order that comes before that is noted leaves it to a later check.
        await _node.UntilAsync(() => Done().Contains("stop one") && Done().Contains("stop two") && IsNoted("ocf:one") && IsNoted("ocf:two"), "both are left stopped");

        OperationEnded half = await _node.OrderAsync(NodeAction.Convalesce, 2, digest);
        int before = Done().Length;
        File.Delete(StateOf("one"));
        await _node.UntilAsync(() => Done().Skip(before).Contains("stop one"), "its failure is found");

        Assert.Equal((OperationOutcome.Failed, true), (half.Outcome, half.IsRunning));
        Assert.Empty(_node.Failures);
    }

    /// <summary>Else the death of an executor would recover a service that runs as well as it can.</summary>
    [Fact]
    public async Task What_was_left_stopped_stays_so_when_the_executor_dies()
    {
        await using ExecutingNode node = new() { IsGuardParent = true };
        await PrepareAsync(node);
        string digest = node.Configure($"""{Part("main", "")}{Part("extra", "__independent_subtree=\"2\"", Part("below", ""))}""");
        await node.OrderAsync(NodeAction.Start, 1, digest);
        File.Delete(Path.Combine(node.Root, "extra.runs"));
        await node.UntilAsync(() => node.Inventories.Any(inventory => inventory.Services.Any(entry => entry.IsPartial)), "the node says that it is partial");

        int told = node.Inventories.Count;
        await node.KillExecutorAsync();
        await node.UntilAsync(() => node.Inventories.Count > told && node.Inventories.Last().Services is [{ IsPartial: true, IsRunning: true }], "the next executor says so too");
        OperationEnded repaired = await node.OrderAsync(NodeAction.Convalesce, 2, digest);

        Assert.Equal((OperationOutcome.Succeeded, true), (repaired.Outcome, repaired.IsRunning));
        Assert.True(File.Exists(Path.Combine(node.Root, "below.runs")));
        Assert.Empty(node.Failures);
    }

    [Fact]
    public async Task Tolerated_failures_are_not_told()
    {
        _node.Agent("counts", $$"""[ "$1" = monitor ] && echo . >> {{_node.Root}}/checks && [ -e {{_node.Root}}/fails ] && echo . >> {{_node.Root}}/failed && exit 1; exit 0""");
        await StartedAsync($"""<ocf name="x" agent="test:counts" __max_failures="2" __failure_expire_time="600">{EverySecond}</ocf>""");

        File.WriteAllText(Path.Combine(_node.Root, "fails"), "");
        await _node.UntilAsync(() => !_node.Failures.IsEmpty, "a failure is told");

        Assert.Equal(3, File.ReadAllLines(Path.Combine(_node.Root, "failed")).Length);
    }

    private async Task<string> StartedAsync(string resources)
    {
        string digest = _node.Configure(resources);
        OperationEnded started = await _node.OrderAsync(NodeAction.Start, 1, digest);
        Assert.True(started.Outcome == OperationOutcome.Succeeded, started.Detail);
        return digest;
    }

    private static string Part(string name, string attributes, string below = "") =>
        $"""<ocf name="{name}" agent="test:part" {attributes}>{EverySecond}{below}</ocf>""";

    private void Break(string name)
    {
        File.WriteAllText(BreakerOf(name), "");
        File.Delete(StateOf(name));
    }

    /// <summary>True when the executor has it on its disk that the resource was left stopped.</summary>
    private bool IsNoted(string resource)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(_node.Root, "executor"), "*", SearchOption.AllDirectories).Any(file => File.ReadAllText(file).Contains($"\"{resource}\"", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // Replaced under us: it is looked at again.
        }
    }

    private string BreakerOf(string name) => Path.Combine(_node.Root, $"{name}.broken");

    private string StateOf(string name) => Path.Combine(_node.Root, $"{name}.runs");

    private string[] Done() => File.ReadAllLines(Path.Combine(_node.Root, "done"));
}
