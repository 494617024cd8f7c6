using System.Diagnostics;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;
using Quorate.Executor.Guard.Watchdogs;

namespace Quorate.Tests.Integration.Guard;

/// <summary>
/// Source: DESIGN rule S7; issue: a watchdog fed by the guard. The device here is one that counts: a real one would reset this machine.
/// </summary>
[Trait("Rule", "S7")]
public sealed class When_a_watchdog_is_fed : IDisposable
{
    private readonly Log _log = new("n1");
    private readonly CountingDevice _device = new();
    private bool _isOverdue;

    public void Dispose() => _log.Dispose();

    [Fact]
    public void It_starves_from_the_stop_deadline_until_all_is_proven()
    {
        WatchdogFeeding feeding = new(_device, () => _isOverdue, _log);
        feeding.FeedOnce();
        _isOverdue = true;
        feeding.FeedOnce();
        feeding.FeedOnce();
        int whileOverdue = _device.Feeds;
        _isOverdue = false;
        feeding.FeedOnce();

        Assert.Equal((1, 2), (whileOverdue, _device.Feeds));
        Assert.False(_device.IsDisarmed);
    }

    [Fact]
    public void It_is_fed_several_times_within_its_timeout() =>
        Assert.InRange(_device.Timeout / new WatchdogFeeding(_device, () => false, _log).Interval, 3, 20);

    [Fact]
    public async Task A_thread_feeds_it_until_it_is_disarmed_and_never_after()
    {
        WatchdogFeeding feeding = new(_device, () => false, _log);
        feeding.Start();
        await GuardedNode.UntilAsync(() => _device.Feeds >= 3, "it is fed again and again");
        feeding.Disarm();
        feeding.FeedOnce();

        Assert.True(_device.IsDisarmed);
        Assert.False(_device.WasFedAfterwards);
    }

    /// <summary>The clock says it, not the thread that escalates: that one may hang in the reboot that does not come.</summary>
    [Fact]
    public async Task An_ending_is_overdue_once_its_deadline_passed_and_no_longer_once_it_is_proven()
    {
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IncarnationEnding ending = new(
            new NothingToStop(), new EmptyContainment(), _ => { }, stopDeadlineMilliseconds: 500, (_, _) => hanging.Task.Wait(), _log);
        long begun = BootClock.NowMilliseconds();

        Task end = ending.EndAsync(() => released.Task, [], leaseDeadline: begun, _ => { });
        bool wasOverdue = ending.IsOverdue;
        await GuardedNode.UntilAsync(() => BootClock.NowMilliseconds() > begun + 550, "the deadline has passed");
        hanging.TrySetResult();
        bool isOverdue = ending.IsOverdue;
        released.TrySetResult();
        await end.WaitAsync(GuardedNode.Patience);

        Assert.Equal((false, true, false), (wasOverdue, isOverdue, ending.IsOverdue));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("file")]
    public async Task One_that_was_named_and_cannot_be_used_keeps_the_guard_from_starting(string what)
    {
        GuardedNode node = new();
        string path = Path.Combine(node.Root, what);
        if (what == "file")
        {
            File.WriteAllText(path, "");
        }

        (int code, string errors) = await RunGuardAsync(
            "--state", node.StateDirectory, "--node", "n1", "--watchdog", path, "--serve");
        await node.RemoveAsync();

        Assert.Equal(3, code);
        Assert.Contains(what == "file" ? $"{path} is no watchdog that can be used" : $"the watchdog {path} cannot be opened: open: No such file", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--watchdog watchdog0 -- /bin/true", "the absolute path of a device is needed, or none")]
    [InlineData("--watchdog-timeout 0 -- /bin/true", "a number from 1 to 600 (seconds) is needed")]
    [InlineData("--watchdog-timeout 9999999999 -- /bin/true", "a number from 1 to 600 (seconds) is needed")]
    [InlineData("--watchdog none --watchdog-timeout 5 -- /bin/true", "--watchdog-timeout contradicts having no watchdog")]
    [InlineData("--watchdog-timeout 5 --serve", "--watchdog-timeout contradicts having no watchdog")]
    public void Options_that_contradict_each_other_are_refused(string options, string reason)
    {
        GuardOptions? parsed = GuardOptions.Parse(["--state", "s", "--node", "n1", .. options.Split(' ')], out string problem);

        Assert.Null(parsed);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    /// <summary>A demo on somebody's own machine must not arm what resets it.</summary>
    [Fact]
    public void A_host_of_several_nodes_uses_one_only_when_it_is_named()
    {
        GuardOptions? unnamed = GuardOptions.Parse(["--state", "s", "--node", "n1", "--serve"], out _);
        GuardOptions? named = GuardOptions.Parse(["--state", "s", "--node", "n1", "--watchdog", "/dev/watchdog1", "--serve"], out _);
        GuardOptions? alone = GuardOptions.Parse(["--state", "s", "--node", "n1", "--", "/bin/true"], out _);

        Assert.Equal((true, false, false), (unnamed?.UsesNoWatchdog, named?.UsesNoWatchdog, alone?.UsesNoWatchdog));
    }

    private static async Task<(int Code, string Errors)> RunGuardAsync(params string[] arguments)
    {
        using Process guard = Process.Start(new ProcessStartInfo(GuardedNode.GuardFile, arguments)
        {
            RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        using CancellationTokenSource limit = new(GuardedNode.Patience);
        string errors = await guard.StandardError.ReadToEndAsync(limit.Token);
        await guard.WaitForExitAsync(limit.Token);
        return (guard.ExitCode, errors);
    }

    private sealed class CountingDevice : IWatchdogDevice
    {
        private int _feeds;

        public TimeSpan Timeout => TimeSpan.FromMilliseconds(50);

        public int Feeds => Volatile.Read(ref _feeds);

        public bool IsDisarmed { get; private set; }

        public bool WasFedAfterwards { get; private set; }

        public bool Feed()
        {
            WasFedAfterwards |= IsDisarmed;
            Interlocked.Increment(ref _feeds);
            return true;
        }

        public void Disarm() => IsDisarmed = true;
    }

    private sealed class NothingToStop : IServiceStopping
    {
        public Task<string?> StopAsync(JournalEntry entry, EndingTimes times) => Task.FromResult<string?>(null);
    }

    private sealed class EmptyContainment : IContainment
    {
        public string Name => "empty";

        public string Mark(ContainedGroup group) => "";

        public string? Open(ContainedGroup group) => null;

        public Task<bool> KillAsync(ContainedGroup group, TimeSpan limit) => Task.FromResult(true);

        public void DiscardIfEmpty(ContainedGroup group)
        {
        }

        public void Close()
        {
        }
    }
}
