using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Agents;

/// <summary>The types of the issue with the agents people have: fs, ip, script and ocf, started, probed, stopped and proven stopped.</summary>
public sealed class When_Debian_agents_run : IAsyncLifetime, IAsyncDisposable
{
    private readonly SecludedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [DebianAgentsFact]
    [Trait("Rule", "S9")]
    public async Task A_tree_of_file_system_address_script_and_ocf_starts_and_is_proven_stopped()
    {
        string device = await _node.LoopDeviceAsync();
        string digest = _node.Node.Configure($"""
            <fs name="data" device="{device}" mountpoint="{_node.MountPoint}" fstype="ext4"><script name="app" file="{_node.InitScript()}"/></fs>
            <ip address="10.77.0.76/24"/>
            <ocf name="toy" agent="heartbeat:Dummy"/>
            """);
        await _node.Node.StartAsync();

        OperationEnded unborn = await _node.Node.OrderAsync(NodeAction.Probe, 1, digest);
        OperationEnded started = await _node.Node.OrderAsync(NodeAction.Start, 2, digest);
        bool wasMounted = _node.IsMounted;
        OperationEnded probed = await _node.Node.OrderAsync(NodeAction.Probe, 3, digest);
        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 4, digest);

        Assert.Equal((OperationOutcome.Succeeded, false), (unborn.Outcome, unborn.IsRunning));
        Assert.True(started is { Outcome: OperationOutcome.Succeeded, IsRunning: true }, started.Detail);
        Assert.True(wasMounted);
        Assert.True(probed is { Outcome: OperationOutcome.Succeeded, IsRunning: true, Resource: null }, probed.Detail);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.False(_node.IsMounted);
        // The script runs inside the mount: it starts after it and stops before it.
        Assert.Equal(["start mounted=1", "stop mounted=1"], _node.Written.Where(line => line[..2] == "st" && !line.StartsWith("status", StringComparison.Ordinal)));
    }

    [DebianAgentsFact]
    public async Task An_address_comes_and_goes_with_its_service()
    {
        OperationEnded started = await _node.StartAsync("""<ip address="10.77.0.77/24"/>""");
        string during = await _node.InsideAsync("ip", "-4", "addr", "show");
        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, _node.Node.Configure("""<ip address="10.77.0.77/24"/>"""));
        string after = await _node.InsideAsync("ip", "-4", "addr", "show");

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.Contains("10.77.0.77/24", during, StringComparison.Ordinal);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.DoesNotContain("10.77.0.77", after, StringComparison.Ordinal);
    }

    [DebianAgentsFact]
    [Trait("Rule", "S9")]
    public async Task A_stop_of_what_was_never_started_is_proven()
    {
        await _node.Node.StartAsync();
        string resources = $"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs"/><ip address="10.77.0.78/24"/>
            <script name="app" file="{_node.InitScript()}"/><ocf name="toy" agent="heartbeat:Dummy"/>
            """;

        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 1, _node.Node.Configure(resources));

        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false, Detail: "every resource is proven stopped" }, stopped.Detail);
    }

    [DebianAgentsFact]
    public async Task A_busy_file_system_is_taken_from_its_users_where_that_is_configured()
    {
        string resources = Tmpfs("force_unmount='1'");
        OperationEnded started = await _node.StartAsync(resources);
        int user = await _node.UseFileSystemAsync();

        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, _node.Node.Configure(resources));

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.False(_node.IsMounted);
        Assert.False(Guard.GuardedNode.IsAlive(user));
    }

    [DebianAgentsFact]
    [Trait("Rule", "S9")]
    public async Task A_busy_file_system_is_no_stopped_one_where_nothing_is_configured()
    {
        string resources = Tmpfs("");
        OperationEnded started = await _node.StartAsync(resources);
        int user = await _node.UseFileSystemAsync();

        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, _node.Node.Configure(resources));

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.True(stopped is { Outcome: OperationOutcome.Failed, IsRunning: true, Resource: "fs:data" }, stopped.Detail);
        Assert.True(Guard.GuardedNode.IsAlive(user));
    }

    [DebianAgentsFact]
    [Trait("Rule", "S9")]
    public async Task A_daemon_that_its_script_forgot_is_gone_after_the_stop()
    {
        string resources = $"<script name='app' file='{_node.InitScript(isStubborn: true)}'/>";
        OperationEnded started = await _node.StartAsync(resources);
        int daemon = _node.DaemonId;
        bool wasAlive = Guard.GuardedNode.IsAlive(daemon);

        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, _node.Node.Configure(resources));

        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Assert.True(wasAlive);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
        Assert.False(Guard.GuardedNode.IsAlive(daemon));
    }

    private string Tmpfs(string more) =>
        $"<fs name='data' device='tmpfs' mountpoint='{_node.MountPoint}' fstype='tmpfs' {more}><action name='stop' timeout='8s'/></fs>";
}
