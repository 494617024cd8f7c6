using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Agents;

/// <summary>A running service is looked at by interval and depth, and what is found wrong is told. Source: rgmanager.md 2.7.</summary>
public sealed class When_status_is_checked : IAsyncLifetime, IAsyncDisposable
{
    private readonly SecludedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [DebianAgentsFact]
    public async Task A_file_system_unmounted_behind_its_agents_back_is_told()
    {
        OperationEnded started = await _node.StartAsync($"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs">
              <action name="status" depth="*" interval="1"/>
            </fs>
            <ocf name="toy" agent="heartbeat:Dummy"/>
            """);
        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);

        await _node.InsideAsync("umount", _node.MountPoint);
        await _node.Node.UntilAsync(() => !_node.Node.Failures.IsEmpty, "the failure is told");

        ServiceStatusFailed failure = _node.Node.Failures.First();
        Assert.Equal(("service:web", 1L, "fs:data", 7), (failure.Service.Value, failure.Epoch, failure.Resource, failure.ExitCode));
        Assert.Contains("not running", failure.Detail, StringComparison.Ordinal);
    }

    [DebianAgentsFact]
    public async Task A_file_system_turned_read_only_is_found_by_the_deepest_check()
    {
        OperationEnded started = await _node.StartAsync($"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs">
              <action name="status" depth="0" interval="1s"/><action name="status" depth="20" interval="1s"/>
            </fs>
            """);
        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);

        await _node.InsideAsync("mount", "-o", "remount,ro", _node.MountPoint);
        await _node.Node.UntilAsync(() => !_node.Node.Failures.IsEmpty, "the failure is told");

        Assert.Equal("fs:data", _node.Node.Failures.First().Resource);
        Assert.True(_node.IsMounted);
    }

    [DebianAgentsFact]
    public async Task Each_depth_has_an_interval_of_its_own_and_the_agent_is_told_both()
    {
        string log = Path.Combine(_node.Node.Root, "checks");
        _node.Node.Agent("deep", $$"""[ "$1" = monitor ] && echo "$OCF_CHECK_LEVEL $OCF_RESKEY_CRM_meta_interval" >> {{log}}; exit 0""");
        await _node.StartAsync("""
            <ocf name="deep" agent="test:deep">
              <action name="status" depth="0" interval="1s"/><action name="monitor" depth="0" interval="1s"/>
              <action name="status" depth="10" interval="3s" timeout="9s"/>
            </ocf>
            """);
        int At(string check) => File.Exists(log) ? File.ReadAllLines(log).Count(line => line == check) : 0;

        await _node.Node.UntilAsync(() => At("10 3000") >= 2, "two deep checks");

        Assert.InRange(At("0 1000"), 2, 8);
        Assert.Empty(_node.Node.Failures);
    }
}
