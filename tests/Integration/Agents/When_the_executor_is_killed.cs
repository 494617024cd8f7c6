using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Agents;

/// <summary>An executor that dies alone takes nothing with it: the next one of the same incarnation carries its services on. Source: rule S10.</summary>
public sealed class When_the_executor_is_killed : IAsyncLifetime, IAsyncDisposable
{
    private readonly SecludedNode _node = new(isGuardParent: true);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [DebianAgentsFact]
    [Trait("Rule", "S10")]
    public async Task Its_services_stay_up_and_are_checked_and_stopped_by_the_next()
    {
        string resources = $"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs"><action name="status" depth="0" interval="1s"/>
              <script name="app" file="{_node.InitScript()}"><action name="status" interval="1s"/></script>
            </fs>
            <ocf name="toy" agent="heartbeat:Dummy"/>
            """;
        string digest = _node.Node.Configure(resources);
        OperationEnded started = await _node.StartAsync(resources);
        Incarnation incarnation = _node.Node.View.Incarnation!.Value;

        await _node.Node.KillExecutorAsync();
        int checksBefore = Checks();
        await _node.Node.UntilAsync(() => Checks() > checksBefore + 2, "status checks go on");
        OperationEnded again = await _node.Node.OrderAsync(NodeAction.Start, 1, digest, attempt: 2);
        bool wasMounted = _node.IsMounted;
        await _node.InsideAsync("umount", "--lazy", _node.MountPoint);
        await _node.Node.UntilAsync(() => !_node.Node.Failures.IsEmpty, "a failure after the adoption is told");
        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.Equal(incarnation, _node.Node.View.Incarnation);
        Assert.Equal(started, again);
        Assert.True(wasMounted);
        Assert.Equal("fs:data", _node.Node.Failures.First().Resource);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.Single(_node.Written, line => line.StartsWith("start ", StringComparison.Ordinal));
        Assert.Single(_node.Written, line => line.StartsWith("stop ", StringComparison.Ordinal));
    }

    [DebianAgentsFact]
    [Trait("Rule", "S10")]
    public async Task What_runs_is_checked_by_the_next_although_a_later_start_was_refused()
    {
        string file = Path.Combine(_node.Node.Root, "up");
        _node.Node.Agent("flag", $"case $1 in start) : > {file} ;; stop) rm -f {file} ;; monitor) [ -e {file} ] || exit 7 ;; esac");
        string resources = "<ocf name='flag' agent='test:flag'><action name='status' interval='1s'/><action name='monitor' interval='1s'/></ocf>";
        OperationEnded started = await _node.StartAsync(resources);
        OperationEnded refused = await _node.Node.OrderAsync(NodeAction.Start, 2, _node.Node.Configure(resources));

        await _node.Node.KillExecutorAsync();
        File.Delete(file);
        await _node.Node.UntilAsync(() => !_node.Node.Failures.IsEmpty, "the failure is told");

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.Equal(OperationOutcome.Refused, refused.Outcome);
        Assert.Equal(("ocf:flag", 1L), (_node.Node.Failures.First().Resource, _node.Node.Failures.First().Epoch));
    }

    [DebianAgentsFact]
    [Trait("Rule", "S10")]
    public async Task A_start_under_way_is_answered_by_the_next_as_interrupted_and_can_be_stopped()
    {
        string mark = Path.Combine(_node.Node.Root, "starting");
        _node.Node.Agent("slow", $"case $1 in start) echo $$ > {mark}; exec sleep 1000 ;; monitor) exit 7 ;; esac");
        string digest = _node.Node.Configure($"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs"/><ocf name="slow" agent="test:slow"/>
            """);
        await _node.Node.StartAsync();
        Task<OperationEnded> start = _node.Node.OrderAsync(NodeAction.Start, 1, digest);
        await _node.Node.UntilAsync(() => File.Exists(mark) && File.ReadAllText(mark).Length > 1, "the slow start runs");
        int slow = int.Parse(await File.ReadAllTextAsync(mark), null);

        await _node.Node.KillExecutorAsync();
        OperationEnded interrupted = await start;
        bool wasMounted = _node.IsMounted;
        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, digest);

        Assert.Equal((OperationOutcome.Failed, 1L), (interrupted.Outcome, interrupted.Epoch));
        Assert.False(Guard.GuardedNode.IsAlive(slow));
        Assert.True(wasMounted);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.False(_node.IsMounted);
    }

    private int Checks() => _node.Written.Count(line => line.StartsWith("status ", StringComparison.Ordinal));
}
