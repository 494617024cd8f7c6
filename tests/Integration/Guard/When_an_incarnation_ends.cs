using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: DESIGN rules S7 and S9: at the lease's end everything is stopped and proven before a new incarnation begins.</summary>
[Trait("Rule", "S9")]
public sealed class When_an_incarnation_ends : IAsyncLifetime
{
    private readonly GuardedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.RemoveAsync();

    [Theory]
    [InlineData("")]
    [InlineData("stop does nothing")]
    public async Task By_its_lease_a_daemon_that_called_setsid_is_gone_before_the_next_one(string stubborn)
    {
        await using GuardProcess guard = _node.Serve();
        TaskCompletionSource<(GuardHello Hello, bool IsAlive)> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        GuardHello first = await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        guard.Client.HelloReceived += hello =>
        {
            if (hello.Greeting.Incarnation != first.Greeting.Incarnation)
            {
                second.TrySetResult((hello, GuardedNode.IsAlive(_node.DaemonIdOrNone())));
            }
        };

        int daemon = await _node.StartDaemonAsync(guard.Client, 1_500, stubborn);
        Assert.True(GuardedNode.IsAlive(daemon));
        (GuardHello hello, bool wasAlive) = await second.Task.WaitAsync(GuardedNode.Patience);

        Assert.False(wasAlive);
        Assert.False(GuardedNode.IsAlive(daemon));
        Assert.Equal(first.Greeting.Incarnation, Assert.Single(hello.Greeting.ProvenEnded));
        Assert.Empty(hello.Journal);
        Assert.Contains(_node.Written, line => line == "stop a");
        Assert.Contains(_node.Log, line => line.Contains("[69]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_that_cannot_be_proven_is_never_claimed()
    {
        _node.Agent("held", "echo \"$1\" >> \"$OCF_RESKEY_dir/log\"; [ \"$1\" = monitor ] && [ ! -e \"$OCF_RESKEY_dir/released\" ] && exit 1; [ \"$1\" = monitor ] && exit 7; exit 0");
        await using GuardProcess guard = _node.Serve(stopDeadlineMilliseconds: 500);
        TaskCompletionSource<GuardReport.Unproven> unproven = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<GuardReport.Ended> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        guard.Client.Unproven += report => unproven.TrySetResult(report);
        guard.Client.Ended += report => ended.TrySetResult(report);
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);

        guard.Client.SetLease(GuardedNode.BootMilliseconds() + 700);
        await guard.Client.BeginAsync(_node.Start(1, "held"), CancellationToken.None);
        await GuardedNode.UntilAsync(() => _node.Log.Any(line => line.Contains("[1411]", StringComparison.Ordinal)), "the deadline passes");
        bool wasClaimed = ended.Task.IsCompleted;
        File.WriteAllText(Path.Combine(_node.Root, "released"), "");
        await ended.Task.WaitAsync(GuardedNode.Patience);

        Assert.False(wasClaimed);
        Assert.Contains("held:a", Assert.Single((await unproven.Task).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_request_all_is_stopped_and_a_new_one_begins()
    {
        await using GuardProcess guard = _node.Serve();
        GuardHello first = await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        int daemon = await _node.StartDaemonAsync(guard.Client, 60_000);

        GuardReport.Ended ended = await guard.Client.EndIncarnationAsync("quorum dissolved", CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.Equal(first.Greeting.Incarnation, ended.Incarnation);
        Assert.False(GuardedNode.IsAlive(daemon));
    }

    [Fact]
    public async Task A_guard_that_leaves_stops_all_and_exits()
    {
        await using GuardProcess guard = _node.Serve();
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        int daemon = await _node.StartDaemonAsync(guard.Client, 60_000);

        GuardReport.Ended ended = await guard.Client.LeaveAsync("maintenance", CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.True(ended.IsLeaving);
        Assert.Equal(0, await guard.WaitForExitAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience));
        Assert.False(GuardedNode.IsAlive(daemon));
    }

    [Fact]
    public async Task A_guard_killed_leaves_its_successor_to_stop_and_prove()
    {
        GuardProcess guard = _node.Serve();
        GuardHello first = await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        int daemon = await _node.StartDaemonAsync(guard.Client, 60_000);
        guard.Kill();
        await guard.DisposeAsync();
        Assert.True(GuardedNode.IsAlive(daemon));

        await using GuardProcess next = _node.Serve();
        GuardHello hello = await next.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.Equal(first.Greeting.Incarnation, Assert.Single(hello.Greeting.ProvenEnded));
        Assert.NotEqual(first.Greeting.Incarnation, hello.Greeting.Incarnation);
        Assert.False(GuardedNode.IsAlive(daemon));
        Assert.Contains(_node.Written, line => line == "stop a");
    }

    [Fact]
    public async Task A_second_guard_of_the_same_directory_is_refused()
    {
        await using GuardProcess guard = _node.Serve();
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);

        await using GuardProcess second = _node.Serve();

        Assert.Equal(3, await second.WaitForExitAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience));
        await GuardedNode.UntilAsync(() => _node.Log.Any(line => line.Contains($"another guard (process {guard.Id})", StringComparison.Ordinal)), "it says why");
    }

    [Fact]
    public async Task A_host_that_goes_away_ends_what_ran()
    {
        int daemon;
        await using (GuardProcess guard = _node.Serve())
        {
            await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
            daemon = await _node.StartDaemonAsync(guard.Client, 60_000);
        }

        Assert.False(GuardedNode.IsAlive(daemon));
    }

    [Fact]
    public async Task The_lease_of_an_ended_one_is_not_the_next_ones()
    {
        await using GuardProcess guard = _node.Serve();
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        Incarnation first = guard.Client.Incarnation;
        guard.Client.SetLease(GuardedNode.BootMilliseconds() + 60_000);
        await guard.Client.EndIncarnationAsync("test", CancellationToken.None).WaitAsync(GuardedNode.Patience);
        await GuardedNode.UntilAsync(() => guard.Client.Incarnation != first, "the next hello");

        GuardRefusedException refused = await Assert.ThrowsAsync<GuardRefusedException>(() => guard.Client.BeginAsync(_node.Start(1), CancellationToken.None));

        Assert.Contains("lease", refused.Message, StringComparison.Ordinal);
    }
}
