using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: DESIGN 4, <c>on_lease_loss="keep"</c> and maintenance; rules S8 and S9; ADR 0009.</summary>
[Trait("Rule", "S9")]
public sealed class When_a_lease_is_held : IAsyncLifetime
{
    private readonly GuardedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.RemoveAsync();

    [Theory]
    [InlineData(OnLeaseLoss.Keep)]
    [InlineData(OnLeaseLoss.Maintenance)]
    public async Task Its_end_stops_nothing_starts_nothing_and_a_later_one_goes_on(OnLeaseLoss onLeaseLoss)
    {
        await using GuardProcess guard = await ServeAsync(stopDeadlineMilliseconds: 500);
        Incarnation incarnation = guard.Client.Incarnation;
        int daemon = await _node.StartDaemonAsync(guard.Client, 1_000);
        await SetAsync(guard, onLeaseLoss);
        await UntilLoggedAsync("[1424]", "the lease is over");
        await GuardedNode.UntilAsync(PastStopDeadline(), "the stop deadline is over too");

        GuardRefusedException refused = await Assert.ThrowsAsync<GuardRefusedException>(
            () => guard.Client.RunAsync(GuardedNode.Web, _node.Run("daemon", "start"), CancellationToken.None));
        AgentResult monitor = await guard.Client.RunAsync(GuardedNode.Web, _node.Run("daemon", "monitor"), CancellationToken.None);
        guard.Client.SetLease(GuardedNode.BootMilliseconds() + 60_000);
        AgentResult start = await guard.Client.RunAsync(GuardedNode.Web, _node.Run("daemon", "start", "b"), CancellationToken.None);

        Assert.Contains("lease", refused.Message, StringComparison.Ordinal);
        Assert.True(monitor.IsSuccess && start.IsSuccess);
        Assert.True(GuardedNode.IsAlive(daemon));
        Assert.Equal(incarnation, guard.Client.Incarnation);
        Assert.DoesNotContain(_node.Written, line => line.StartsWith("stop", StringComparison.Ordinal));
        Assert.DoesNotContain(_node.Log, line => line.Contains("[1411]", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public async Task A_guard_that_is_to_stop_again_ends_the_lease_it_has()
    {
        await using GuardProcess guard = await ServeAsync();
        Incarnation incarnation = guard.Client.Incarnation;
        int daemon = await _node.StartDaemonAsync(guard.Client, 60_000);
        await SetAsync(guard, OnLeaseLoss.Keep);
        await SetAsync(guard, OnLeaseLoss.Stop);
        guard.Client.SetLease(GuardedNode.BootMilliseconds() + 60_100);
        await guard.Client.EndIncarnationAsync("test", CancellationToken.None).WaitAsync(GuardedNode.Patience);
        Assert.False(GuardedNode.IsAlive(daemon));
        await GuardedNode.UntilAsync(() => guard.Client.Incarnation != incarnation, "the next hello");

        int second = await _node.StartDaemonAsync(guard.Client, 1_000);
        await GuardedNode.UntilAsync(() => !GuardedNode.IsAlive(second), "its lease ended it");
    }

    /// <summary>Its executor would have to be granted a lease first: a lease that has run out would end what runs at once.</summary>
    [Fact]
    public async Task It_cannot_be_made_to_stop_again_while_the_lease_has_run_out()
    {
        await using GuardProcess guard = await ServeAsync();
        int daemon = await _node.StartDaemonAsync(guard.Client, 1_000);
        await SetAsync(guard, OnLeaseLoss.Keep);
        await UntilLoggedAsync("[1424]", "the lease is over");

        GuardRefusedException refused = await Assert.ThrowsAsync<GuardRefusedException>(() => SetAsync(guard, OnLeaseLoss.Stop));

        Assert.Contains("run out", refused.Message, StringComparison.Ordinal);
        Assert.True(GuardedNode.IsAlive(daemon));
    }

    [Fact]
    public async Task It_is_still_so_after_a_restart_of_the_guard_and_in_the_next_incarnation()
    {
        await using (GuardProcess guard = await ServeAsync())
        {
            await SetAsync(guard, OnLeaseLoss.Maintenance);
            guard.Kill();
        }

        await using GuardProcess next = _node.Serve();
        GuardHello hello = await next.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        await next.Client.EndIncarnationAsync("test", CancellationToken.None).WaitAsync(GuardedNode.Patience);
        await GuardedNode.UntilAsync(() => next.Client.Incarnation != hello.Greeting.Incarnation, "the next hello");
        int daemon = await _node.StartDaemonAsync(next.Client, 1_000);
        await UntilLoggedAsync("[1424]", "the lease is over");

        Assert.Equal(OnLeaseLoss.Maintenance, hello.Greeting.OnLeaseLoss);
        Assert.True(GuardedNode.IsAlive(daemon));
    }

    /// <summary>What one incarnation announced is not known of the next.</summary>
    [Fact]
    [Trait("Rule", "S5")]
    public async Task Of_another_incarnation_it_is_refused()
    {
        await using GuardProcess guard = await ServeAsync();

        await Assert.ThrowsAsync<GuardRefusedException>(
            () => guard.Client.SetOnLeaseLossAsync(new Incarnation("00"), OnLeaseLoss.Keep, CancellationToken.None));
    }

    /// <summary>The time for stopping begins when it is asked to end, not when the lease ended long ago: stops run, and nothing escalates.</summary>
    [Fact]
    [Trait("Rule", "S7")]
    public async Task Asked_to_end_later_it_stops_in_order()
    {
        await using GuardProcess guard = await ServeAsync(stopDeadlineMilliseconds: 1_500);
        int daemon = await _node.StartDaemonAsync(guard.Client, 700);
        await SetAsync(guard, OnLeaseLoss.Keep);
        await UntilLoggedAsync("[1424]", "the lease is over");
        await GuardedNode.UntilAsync(PastStopDeadline(1_700), "and long so");

        await guard.Client.EndIncarnationAsync("refused", CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.False(GuardedNode.IsAlive(daemon));
        Assert.Contains("stop a", _node.Written);
        Assert.DoesNotContain(_node.Log, line => line.Contains("[1411]", StringComparison.Ordinal));
    }

    private static Func<bool> PastStopDeadline(long milliseconds = 1_000)
    {
        long end = GuardedNode.BootMilliseconds() + milliseconds;
        return () => GuardedNode.BootMilliseconds() > end;
    }

    private async Task<GuardProcess> ServeAsync(int stopDeadlineMilliseconds = 10_000)
    {
        GuardProcess guard = _node.Serve(stopDeadlineMilliseconds);
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        return guard;
    }

    private static Task SetAsync(GuardProcess guard, OnLeaseLoss onLeaseLoss) =>
        guard.Client.SetOnLeaseLossAsync(guard.Client.Incarnation, onLeaseLoss, CancellationToken.None).WaitAsync(GuardedNode.Patience);

    private Task UntilLoggedAsync(string number, string what) =>
        GuardedNode.UntilAsync(() => _node.Log.Any(line => line.Contains(number, StringComparison.Ordinal)), what);
}
