using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>A journal that takes its time costs the operation it belongs to, and not the lease of the whole node.</summary>
[Trait("Rule", "S9")]
public sealed class When_the_disk_hangs
{
    [Fact]
    public async Task Leases_behind_a_begin_that_waits_for_the_disk_are_taken()
    {
        const int LeaseMilliseconds = 2_000;
        GuardedNode node = new();
        bool hasEnded = false;
        await using (GuardProcess guard = node.Serve())
        {
            guard.Client.Ending += _ => hasEnded = true;
            await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
            string draft = await JournalThatHangsAsync(node);
            long begun = GuardedNode.BootMilliseconds();
            guard.Client.SetLease(begun + LeaseMilliseconds);

            Task begin = guard.Client.BeginAsync(node.Start(1), CancellationToken.None);
            await GuardedNode.UntilAsync(
                () =>
                {
                    guard.Client.SetLease(GuardedNode.BootMilliseconds() + LeaseMilliseconds);
                    return GuardedNode.BootMilliseconds() > begun + LeaseMilliseconds + 500;
                },
                "the first lease is over");
            bool hadEnded = hasEnded;
            bool wasBegun = begin.IsCompleted;
            await File.ReadAllBytesAsync(draft).WaitAsync(GuardedNode.Patience);

            Assert.False(hadEnded);
            Assert.False(wasBegun);
            await begin.WaitAsync(GuardedNode.Patience);
        }

        await node.RemoveAsync();
    }

    /// <summary>Rule S9: journalled before exec, even for an executor that does not wait for the answer.</summary>
    [Fact]
    public async Task No_agent_runs_before_the_begin_it_needs_is_on_disk()
    {
        GuardedNode node = new();
        await using (GuardProcess guard = node.Serve())
        {
            await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
            string draft = await JournalThatHangsAsync(node);
            guard.Client.SetLease(GuardedNode.BootMilliseconds() + 60_000);

            Task begin = guard.Client.BeginAsync(node.Start(1), CancellationToken.None);
            Task<AgentResult> run = guard.Client.RunAsync(GuardedNode.Web, node.Run("daemon", "start"), CancellationToken.None);
            AgentResult monitor = await guard.Client.RunAsync(GuardedNode.Web, node.Run("daemon", "monitor"), CancellationToken.None).WaitAsync(GuardedNode.Patience);
            string[] before = node.Written;
            await File.ReadAllBytesAsync(draft).WaitAsync(GuardedNode.Patience);
            await begin.WaitAsync(GuardedNode.Patience);
            AgentResult started = await run.WaitAsync(GuardedNode.Patience);

            Assert.Equal(7, monitor.ExitCode);
            Assert.Equal(["monitor a"], before);
            Assert.True(started.IsSuccess, started.ToString());
        }

        await node.RemoveAsync();
    }

    /// <summary>A pipe nobody reads stands where the journal is written: opening it waits, as a write to a dead disk does.</summary>
    private static async Task<string> JournalThatHangsAsync(GuardedNode node)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(GuardedNode.Web.Value)))[..24];
        string draft = Path.Combine(node.StateDirectory, "journal", $"{name}.json.new");
        using Process mkfifo = Process.Start("mkfifo", [draft]);
        await mkfifo.WaitForExitAsync();
        Assert.Equal(0, mkfifo.ExitCode);
        return draft;
    }
}
