using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Resources;

namespace Quorate.Tests.Integration.Guard;

/// <summary>The machine's own systemctl, run by a guard against a systemd of this test. Source: systemctl(1), org.freedesktop.systemd1(5); rule S9.</summary>
public sealed class When_a_systemd_unit_is_a_resource : IAsyncLifetime
{
    private const string Unit = "web.service";
    private const string Failing = "fails.service";
    private const long LeaseMilliseconds = 60_000;
    private const long ShortMilliseconds = 500;

    private readonly GuardedNode _node = new();
    private FakeSystemd? _systemd;
    private GuardProcess? _guard;

    private FakeSystemd Systemd => _systemd ?? throw new InvalidOperationException("the test has not begun");

    private GuardClient Client => _guard?.Client ?? throw new InvalidOperationException("the test has not begun");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.DisposeAsync();
        }

        await _node.RemoveAsync();
        if (_systemd is not null)
        {
            await _systemd.DisposeAsync();
        }
    }

    [SystemctlFact]
    public async Task It_is_started_and_then_runs()
    {
        await BeginAsync();

        ResourceRunState before = await MonitorAsync();
        AgentResult start = await RunAsync("start");
        ResourceRunState after = await MonitorAsync();

        Assert.True(start.IsSuccess, start.ToString());
        Assert.Equal((ResourceRunState.NotRunning, ResourceRunState.Running), (before, after));
    }

    [SystemctlFact]
    public async Task A_start_that_fails_is_told_as_such_and_leaves_nothing()
    {
        await BeginAsync();

        AgentResult start = await RunAsync("start", Failing);
        ResourceRunState after = await MonitorAsync(Failing);

        Assert.Equal((AgentEnd.Exited, 1), (start.End, start.ExitCode));
        Assert.False(AgentMeaning.IsStarted(start));
        Assert.Equal(ResourceRunState.NotRunning, after);
    }

    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task It_is_proven_stopped_when_it_is_inactive_and_not_while_it_stops()
    {
        await BeginAsync();
        await RunAsync("start");
        await Systemd.HoldStopAsync(Unit);

        Task<AgentResult> stop = RunAsync("stop");
        await UntilItStopsAsync();
        ResourceRunState meanwhile = await MonitorAsync();
        bool hasEnded = stop.IsCompleted;
        await Systemd.SetAsync(Unit, "inactive");
        AgentResult stopped = await stop;

        Assert.Equal((ResourceRunState.Unknown, false), (meanwhile, hasEnded));
        Assert.True(AgentMeaning.IsStopped(stopped), stopped.ToString());
        Assert.Equal(ResourceRunState.NotRunning, await MonitorAsync());
    }

    /// <summary>The guard kills the systemctl that waits, never the unit's own processes: those are systemd's.</summary>
    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task A_stop_whose_systemctl_is_killed_proves_nothing()
    {
        await BeginAsync();
        await RunAsync("start");
        await Systemd.HoldStopAsync(Unit);

        using CancellationTokenSource cancellation = new();
        Task<AgentResult> stop = Client.RunAsync(GuardedNode.Web, Invocation("stop"), cancellation.Token);
        await UntilItStopsAsync();
        await cancellation.CancelAsync();
        AgentEnd end = (await stop.WaitAsync(GuardedNode.Patience)).End;
        ResourceRunState state = await MonitorAsync();

        Assert.Equal((AgentEnd.Cancelled, ResourceRunState.Unknown), (end, state));
        await Systemd.SetAsync(Unit, "inactive");
    }

    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task An_incarnation_ends_only_when_it_has_stopped()
    {
        await BeginAsync(ShortMilliseconds);
        await RunAsync("start");
        await Systemd.HoldStopAsync(Unit);
        TaskCompletionSource unproven = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.Unproven += report =>
        {
            // On a slow machine systemctl may be killed before it has asked for anything: then the first round finds the unit active.
            if (report.Reasons.Any(reason => reason.Contains("ActiveState=deactivating", StringComparison.Ordinal)))
            {
                unproven.TrySetResult();
            }
        };

        Task<GuardReport.Ended> end = Client.EndIncarnationAsync("test", CancellationToken.None);
        await unproven.Task.WaitAsync(GuardedNode.Patience);
        bool hasEnded = end.IsCompleted;
        await Systemd.SetAsync(Unit, "inactive");
        await end.WaitAsync(GuardedNode.Patience);

        Assert.False(hasEnded);
    }

    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task One_that_failed_is_stopped_once_none_of_its_processes_is_left()
    {
        await ServeAsync();
        await Systemd.SetAsync(Unit, "failed", tasks: 2);

        ResourceRunState withProcesses = await MonitorAsync();
        await Systemd.SetAsync(Unit, "failed");
        ResourceRunState without = await MonitorAsync();

        Assert.Equal((ResourceRunState.Unknown, ResourceRunState.NotRunning), (withProcesses, without));
    }

    /// <summary>What KillMode=process or none leaves behind.</summary>
    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task One_that_is_inactive_with_a_process_left_is_not_stopped()
    {
        await ServeAsync();
        await Systemd.SetAsync(Unit, "inactive", tasks: 1);

        ResourceRunState state = await MonitorAsync();

        Assert.Equal(ResourceRunState.Unknown, state);
    }

    [SystemctlFact]
    public async Task One_that_does_not_exist_cannot_be_started_and_does_not_run()
    {
        await BeginAsync();

        AgentResult start = await RunAsync("start", "nowhere.service");
        AgentResult stop = await RunAsync("stop", "nowhere.service");

        Assert.False(AgentMeaning.IsStarted(start));
        Assert.True(AgentMeaning.IsStopped(stop), stop.ToString());
        Assert.Equal(ResourceRunState.NotRunning, await MonitorAsync("nowhere.service"));
    }

    [SystemctlFact]
    [Trait("Rule", "S9")]
    public async Task Without_its_bus_nothing_is_known()
    {
        await ServeAsync();
        bool wasKnown = await MonitorAsync() == ResourceRunState.NotRunning;
        await Systemd.DisposeAsync();
        _systemd = null;

        AgentResult monitor = await RunAsync("monitor");

        Assert.True(wasKnown);
        Assert.Equal((AgentEnd.Exited, ResourceRunState.Unknown), (monitor.End, AgentMeaning.Judge(AgentClass.Systemd, monitor)));
        Assert.NotEqual(0, monitor.ExitCode);
    }

    /// <summary>A guard with a lease that may run what is in its journal, and stops it at its end.</summary>
    private async Task BeginAsync(long stopMilliseconds = 20_000)
    {
        await ServeAsync();
        Client.SetLease(GuardedNode.BootMilliseconds() + LeaseMilliseconds);
        GuardRequest.Begin begin = _node.Start(1) with
        {
            Stop = [Invocation("stop") with { TimeoutMilliseconds = stopMilliseconds }],
            Monitor = [Invocation("monitor")],
        };
        await Client.BeginAsync(begin, CancellationToken.None).WaitAsync(GuardedNode.Patience);
    }

    /// <summary>A systemd with both units, stopped, and a guard that may look at them.</summary>
    private async Task ServeAsync()
    {
        _systemd = await FakeSystemd.StartAsync();
        _node.Agent(SystemdUnit.Program, Systemd.Systemctl);
        await Systemd.SetAsync(Unit, "inactive");
        await Systemd.SetAsync(Failing, "inactive");
        _guard = _node.Serve();
        await Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
    }

    private async Task UntilItStopsAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (!(await RunAsync("monitor")).Output.Contains("ActiveState=deactivating\n", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < GuardedNode.Patience, $"{Unit} does not stop");
        }
    }

    private async Task<ResourceRunState> MonitorAsync(string unit = Unit) => AgentMeaning.Judge(AgentClass.Systemd, await RunAsync("monitor", unit));

    private Task<AgentResult> RunAsync(string action, string unit = Unit) =>
        Client.RunAsync(GuardedNode.Web, Invocation(action, unit), CancellationToken.None).WaitAsync(GuardedNode.Patience);

    private AgentInvocation Invocation(string action, string unit = Unit) =>
        _node.Run(unit, action) with { Class = AgentClass.Systemd, Provider = "", Resource = $"systemd:{unit}" };
}
