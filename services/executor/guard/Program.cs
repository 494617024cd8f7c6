using System.Runtime.InteropServices;
using Quorate.Executor.Guard;
using Quorate.Executor.Guard.Agents;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Journal;
using Quorate.Executor.Guard.Native;
using Quorate.Executor.Guard.Session;
using Quorate.Executor.Guard.Watchdogs;

const int Done = 0;
const int BadUsage = 2;
const int Unusable = 3;

if (GuardOptions.Parse(args, out string problem) is not { } options)
{
    using Log usage = new("-");
    usage.BadOption(problem);
    foreach (string line in GuardOptions.Usage.Split('\n'))
    {
        usage.Plain(line);
    }

    return BadUsage;
}

using Log log = new(options.Node.Value);
try
{
    using StateDirectory state = StateDirectory.Take(options.StateDirectory);
    string guardId = state.ReadOrMintId();
    IContainment containment = Containments.Choose(options.Containment, guardId, state.Location, log);
    int code = options.IsDestroying ? await DestroyAsync(containment) : await GuardAsync(state, containment);
    containment.Close();
    return code;
}
catch (StateDirectoryException failure)
{
    log.StateUnusable(failure.Message);
    return Unusable;
}
catch (WatchdogException failure)
{
    log.StateUnusable(failure.Message);
    return Unusable;
}

static async Task<int> DestroyAsync(IContainment containment) =>
    await containment.KillAsync(ContainedGroup.Everything, TimeSpan.FromSeconds(5)) ? Done : Unusable;

async Task<int> GuardAsync(StateDirectory state, IContainment containment)
{
    Children children = new();
    AgentRunner runner = new(new AgentLookup(options.AgentDirectories), containment, children, new OutputPump(), state.AgentTemporaryDirectory);
    Guard guard;
    try
    {
        guard = new(options, log, state, containment, runner);
        FeedWatchdog(guard);
    }
    catch (Exception failure) when (failure is StateDirectoryException or WatchdogException)
    {
        // Without its journal nothing can be stopped or proven. What an earlier guard left must not run on unwatched all the same.
        await DestroyAsync(containment);
        throw;
    }

    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => OnSignal(guard, signal));
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => OnSignal(guard, signal));
    log.GuardStarted(containment.Name, state.Location);
    guard.Start();
    if (options.IsServing)
    {
        await ServeAsync(guard);
    }
    else
    {
        ExecutorProcess executor = new(options, log, guard, containment, children);
        guard.KillExecutor = executor.Kill;
        await executor.KeepAsync();
    }

    return Done;
}

// Only once its state was read: from the moment it is open, only a guard that works keeps this machine from being reset.
void FeedWatchdog(Guard guard)
{
    string path = options.Watchdog ?? GuardOptions.WatchdogDefault;
    if (options.UsesNoWatchdog || (options.Watchdog is null && !File.Exists(path)))
    {
        return;
    }

    try
    {
        WatchdogDevice device = WatchdogDevice.Open(path, options.WatchdogTimeoutSeconds);
        log.WatchdogArmed(path, device.Timeout, TimeSpan.FromSeconds(options.WatchdogTimeoutSeconds));
        guard.Feed(device);
    }
    catch (WatchdogException failure) when (options.Watchdog is null)
    {
        log.NoWatchdog(failure.Message);
    }
}

static async Task ServeAsync(Guard guard)
{
    TimeSpan lastLinesTimeMax = TimeSpan.FromSeconds(2);
    ExecutorSession session = new(input: 0, output: 1);
    _ = guard.Attach(session);
    await Task.WhenAny(session.Closed, guard.Left);
    guard.Leave("its host is gone");
    await guard.Left;
    await session.DrainAsync(lastLinesTimeMax);
}

static void OnSignal(Guard guard, PosixSignalContext signal)
{
    signal.Cancel = true;
    guard.Leave($"it was told to stop ({signal.Signal})");
}
