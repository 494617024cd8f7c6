using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: issue: "subreaper where none can be made", "a daemon that called setsid included".</summary>
[Trait("Rule", "S7")]
public sealed class When_no_cgroup_can_be_made
{
    /// <summary>As nginx and postgres do, which write their titles over it: the mark in the environment is gone.</summary>
    [Fact]
    public async Task A_daemon_without_its_environment_and_its_parents_does_not_outlive_the_incarnation()
    {
        GuardedNode node = new() { Containment = "processes" };
        node.Agent("escapes", """
            case $1 in
            start) (setsid env -i /bin/sh -c 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 1000' "$OCF_RESKEY_dir/a.pid" > /dev/null 2>&1 &) ; while [ ! -e "$OCF_RESKEY_dir/a.pid" ]; do :; done ;;
            monitor) exit 7 ;;
            esac
            """);
        await using (GuardProcess guard = node.Serve())
        {
            GuardHello hello = await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
            guard.Client.SetLease(GuardedNode.BootMilliseconds() + 60_000);
            await guard.Client.BeginAsync(node.Start(1, "escapes"), CancellationToken.None);
            AgentResult started = await guard.Client.RunAsync(GuardedNode.Web, node.Run("escapes", "start"), CancellationToken.None);
            bool wasAlive = GuardedNode.IsAlive(node.DaemonId());

            await guard.Client.EndIncarnationAsync("test", CancellationToken.None).WaitAsync(GuardedNode.Patience);

            Assert.Equal("processes", hello.Greeting.Containment);
            Assert.True(started.IsSuccess, started.ToString());
            Assert.True(wasAlive);
            Assert.False(GuardedNode.IsAlive(node.DaemonId()));
        }

        await node.RemoveAsync();
    }
}
