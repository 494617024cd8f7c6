using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Agents;

/// <summary>
/// At the end of the lease the guard stops by its journal what real agents started, a daemon included that its own stop leaves
/// running inside the mounted file system. Source: rules S7 and S9.
/// </summary>
public sealed class When_the_executor_hangs : IAsyncLifetime, IAsyncDisposable
{
    private readonly SecludedNode _node = new(isGuardParent: true, ttlMilliseconds: 3_000);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [DebianAgentsFact]
    [Trait("Rule", "S9")]
    public async Task The_guard_unmounts_what_a_stubborn_daemon_keeps_busy()
    {
        string resources = $"""
            <fs name="data" device="tmpfs" mountpoint="{_node.MountPoint}" fstype="tmpfs"><script name="app" file="{_node.InitScript(isStubborn: true)}"/></fs>
            <ocf name="toy" agent="heartbeat:Dummy"/>
            """;
        OperationEnded started = await _node.StartAsync(resources);
        Assert.True(started is { Outcome: OperationOutcome.Succeeded }, started.Detail);
        Incarnation first = _node.Node.View.Incarnation!.Value;
        int daemon = _node.DaemonId;
        Assert.True(Guard.GuardedNode.IsAlive(daemon) && _node.IsMounted);

        await _node.Node.HangExecutorAsync();

        Assert.NotEqual(first, _node.Node.View.Incarnation);
        Assert.False(Guard.GuardedNode.IsAlive(daemon));
        Assert.False(_node.IsMounted);
        Assert.Empty(_node.Node.View.MayRun);
        // Within its deadline: nothing was left for an escalation.
        Assert.DoesNotContain(_node.Node.Log, line => line.Contains("[1411]", StringComparison.Ordinal));
        Assert.Contains(_node.Node.Log, line => line.Contains($"incarnation {first} ended, all services proven stopped", StringComparison.Ordinal));
    }
}
