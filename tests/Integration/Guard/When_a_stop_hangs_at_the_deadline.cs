using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;

namespace Quorate.Tests.Integration.Guard;

/// <summary>
/// Source: DESIGN rule S7. What hangs here never ends by itself, as an agent in uninterruptible sleep or a dead disk would; the
/// escalation is observed and nothing is rebooted.
/// </summary>
[Trait("Rule", "S7")]
public sealed class When_a_stop_hangs_at_the_deadline : IDisposable
{
    private const long StopDeadline = 700;

    private readonly Log _log = new("n1");
    private readonly TaskCompletionSource<(string Reason, long At)> _escalated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _released.TrySetResult();
        _log.Dispose();
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("stop")]
    [InlineData("kill")]
    [InlineData("write")]
    public async Task The_node_is_destroyed_in_time_all_the_same(string whatHangs)
    {
        IncarnationEnding ending = Ending(whatHangs);
        long begun = BootClock.NowMilliseconds();

        Task end = ending.EndAsync(() => whatHangs == "prepare" ? _released.Task : Task.CompletedTask, [Entry], leaseDeadline: begun, _ => { });
        (_, long at) = await _escalated.Task.WaitAsync(GuardedNode.Patience);

        Assert.InRange(at - begun, StopDeadline, StopDeadline + 400);
        Assert.False(end.IsCompleted);
    }

    [Fact]
    public async Task The_node_is_destroyed_although_the_guard_never_came_to_end_the_incarnation()
    {
        long leaseEnd = BootClock.NowMilliseconds() + 100;

        Ending("nothing").Arm(leaseEnd);
        (_, long at) = await _escalated.Task.WaitAsync(GuardedNode.Patience);

        Assert.InRange(at - leaseEnd, StopDeadline, StopDeadline + 400);
    }

    [Fact]
    public async Task One_that_is_proven_stopped_in_time_escalates_nothing()
    {
        IncarnationEnding ending = Ending("nothing");
        long begun = BootClock.NowMilliseconds();

        await ending.EndAsync(() => Task.CompletedTask, [Entry], leaseDeadline: begun, _ => { }).WaitAsync(GuardedNode.Patience);
        ending.Arm(begun + 60_000);
        await GuardedNode.UntilAsync(() => BootClock.NowMilliseconds() > begun + StopDeadline + 200, "the deadline has passed");

        Assert.False(_escalated.Task.IsCompleted);
    }

    [Fact]
    public async Task A_service_that_hangs_keeps_no_other_from_another_round()
    {
        ScriptedStopping stopping = new(entry => entry.Service == Entry.Service ? _released.Task : Task.CompletedTask) { FailuresFirst = 2 };
        IncarnationEnding ending = new(stopping, new ScriptedContainment(Task.CompletedTask), _ => { }, StopDeadline, Escalate, _log);

        Task end = ending.EndAsync(
            () => Task.CompletedTask, [Entry, Entry with { Service = new ServiceName("service:other") }], BootClock.NowMilliseconds(), _ => { });
        await GuardedNode.UntilAsync(() => stopping.Proven > 0, "the other one is proven");
        bool wasOver = end.IsCompleted;
        _released.TrySetResult();
        await end.WaitAsync(GuardedNode.Patience);

        Assert.False(wasOver);
    }

    private static JournalEntry Entry => new()
    {
        Service = GuardedNode.Web, Epoch = 1, StartEpoch = 1, Action = NodeAction.Start, ConfigurationDigest = "d", ConfigurationVersion = 1,
    };

    private IncarnationEnding Ending(string whatHangs) => new(
        new ScriptedStopping(_ => whatHangs == "stop" ? _released.Task : Task.CompletedTask),
        new ScriptedContainment(whatHangs == "kill" ? _released.Task : Task.CompletedTask),
        _ => (whatHangs == "write" ? _released.Task : Task.CompletedTask).Wait(),
        StopDeadline,
        Escalate,
        _log);

    private void Escalate(string reason, bool isFirst) => _escalated.TrySetResult((reason, BootClock.NowMilliseconds()));

    private sealed class ScriptedStopping(Func<JournalEntry, Task> hang) : IServiceStopping
    {
        private int _calls;
        private int _proven;

        public int FailuresFirst { get; init; }

        public int Proven => Volatile.Read(ref _proven);

        public async Task<string?> StopAsync(JournalEntry entry, EndingTimes times)
        {
            await hang(entry);
            if (Interlocked.Increment(ref _calls) <= FailuresFirst)
            {
                return $"{entry.Service} still runs";
            }

            Interlocked.Increment(ref _proven);
            return null;
        }
    }

    private sealed class ScriptedContainment(Task hang) : IContainment
    {
        public string Name => "scripted";

        public string Mark(ContainedGroup group) => "";

        public string? Open(ContainedGroup group) => null;

        public async Task<bool> KillAsync(ContainedGroup group, TimeSpan limit)
        {
            await hang;
            return true;
        }

        public void DiscardIfEmpty(ContainedGroup group)
        {
        }

        public void Close()
        {
        }
    }
}
