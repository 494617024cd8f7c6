using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Agents;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Journal;
using Quorate.Executor.Guard.Native;
using Quorate.Executor.Guard.Session;
using Quorate.Executor.Guard.Watchdogs;

namespace Quorate.Executor.Guard;

/// <summary>
/// One incarnation after another. While one serves, the executor's requests are carried out and the lease is watched. It ends when
/// the lease expires, when the executor asks, or when the guard is told to stop; then nothing is admitted until every service is
/// proven stopped, and only then there is a next one.
/// </summary>
internal sealed partial class Guard
{
    /// <summary>A longer lease than this is a mistake: 1 hour.</summary>
    private const long LeaseMaxMilliseconds = 3_600_000;

    private static readonly TimeSpan DiskRetryInterval = TimeSpan.FromSeconds(1);

    private readonly GuardOptions _options;
    private readonly Log _log;
    private readonly StateDirectory _state;
    private readonly IContainment _containment;
    private readonly AgentRunner _runner;
    private readonly ServiceJournal _journal;
    private readonly IncarnationEnding _incarnationEnding;
    private readonly LeaseTimer _lease;
    private readonly Runs _runs = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _watchdogTimeout;
    private WatchdogFeeding? _feeding;
    private IncarnationRecord? _record;
    private ExecutorSession? _session;
    private Task _ending = Task.CompletedTask;
    private TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _ended;
    private OnLeaseLoss _onLeaseLoss;
    private bool _isServing;
    private bool _isLeaving;
    private bool _awaitsHello;

    public Guard(GuardOptions options, Log log, StateDirectory state, IContainment containment, AgentRunner runner)
    {
        _options = options;
        _log = log;
        _state = state;
        _containment = containment;
        _runner = runner;
        _journal = new ServiceJournal(state);
        _incarnationEnding = new IncarnationEnding(
            new ServiceStopping(runner, containment, log), containment, _journal.Write, options.StopDeadlineMilliseconds, new Escalation(options, log).Escalate, log);
        _record = state.ReadIncarnation();
        _onLeaseLoss = state.ReadOnLeaseLoss();
        _lease = new LeaseTimer("lease", OnLeaseExpired);
    }

    /// <summary>Called when an incarnation ended by a lease's end: the executor must not live on.</summary>
    public Action KillExecutor { get; set; } = () => { };

    /// <summary>True once nothing shall follow the incarnation that ends or serves now.</summary>
    public bool IsLeaving
    {
        get
        {
            lock (_gate)
            {
                return _isLeaving;
            }
        }
    }

    /// <summary>Completes once the last incarnation ended and nothing shall follow.</summary>
    public Task Left => _left.Task;

    /// <summary>The ending under way; completed where none is.</summary>
    public Task Ending
    {
        get
        {
            lock (_gate)
            {
                return _ending;
            }
        }
    }

    /// <summary>Feeds a watchdog from now on; to be called before <see cref="Start"/>, so that each incarnation's promise holds its time.</summary>
    /// <param name="watchdog">Armed.</param>
    public void Feed(IWatchdogDevice watchdog)
    {
        _watchdogTimeout = watchdog.Timeout;
        _feeding = new WatchdogFeeding(watchdog, () => _incarnationEnding.IsOverdue, _log);
        _feeding.Start();
    }

    /// <summary>
    /// Begins the first incarnation of this guard: what an earlier guard of this directory left is killed, stopped by its journal
    /// and proven stopped first (rule S9).
    /// </summary>
    public void Start()
    {
        lock (_gate)
        {
            _ending = RunEnding(StartAsync);
        }
    }

    /// <summary>Takes the executor's line. The hello goes out at once, or when the incarnation begins.</summary>
    /// <returns>Completes when the incarnation of that hello has ended.</returns>
    public Task Attach(ExecutorSession session)
    {
        lock (_gate)
        {
            _session = session;
            session.Start(request => Take(session, request), (id, problem) => Refuse(session, id, "a line", problem));
            _awaitsHello = !_isServing;
            if (_isServing)
            {
                SayHello(session);
            }

            return _over.Task;
        }
    }

    /// <summary>The executor is gone: what it had under way is killed, so that the next one finds a still node.</summary>
    public async Task DetachAsync(ExecutorSession session)
    {
        lock (_gate)
        {
            if (_session == session)
            {
                _session = null;
            }
        }

        session.Close("gone");
        session.EndWriting();
        await _runs.CancelAllAsync();
    }

    /// <summary>Ends the incarnation, and then this guard.</summary>
    public void Leave(string reason)
    {
        lock (_gate)
        {
            _isLeaving = true;
            BeginEnding(reason, killsExecutor: false);
        }
    }

    private static Task RunEnding(Func<Task> ending) => Task.Run(async () =>
    {
        try
        {
            await ending();
        }
        catch (Exception bug)
        {
            // A guard that cannot end an incarnation must not look alive: its executor ends with it, the next guard stops all.
            Environment.FailFast("an incarnation could not be ended", bug);
        }
    });

    private async Task StartAsync()
    {
        ImmutableArray<JournalEntry> entries = _journal.Entries;
        if (_record is { } old && entries.Any(entry => !entry.IsStopProven))
        {
            _log.IncarnationEnding(old.Current, "an earlier guard of this state directory died with it");
        }

        await _incarnationEnding.EndAsync(KillAllAsync, entries, leaseDeadline: 0, ReportUnproven);
        await BeginNextAsync("an earlier guard's incarnation");
    }

    private Task KillAllAsync() =>
        _containment.KillAsync(ContainedGroup.Everything, TimeSpan.FromMilliseconds(_options.StopDeadlineMilliseconds));

    private void OnLeaseExpired()
    {
        lock (_gate)
        {
            long late = BootClock.NowMilliseconds() - _lease.DeadlineMilliseconds;
            if (!_isServing || _lease.DeadlineMilliseconds == 0 || late < 0 || _record is not { } record)
            {
                return;
            }

            if (_onLeaseLoss != OnLeaseLoss.Stop)
            {
                _log.LeaseHeld(record.Current, late, _onLeaseLoss);
                return;
            }

            _log.LeaseExpired(record.Current, late);
            BeginEnding("its lease expired", killsExecutor: true);
        }
    }

    /// <summary>Under the gate.</summary>
    private void BeginEnding(string reason, bool killsExecutor)
    {
        if (!_isServing || _record is not { } record)
        {
            return;
        }

        _isServing = false;
        _ended = _over;
        _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.IncarnationEnding(record.Current, reason);
        _session?.Send(new GuardReport.Ending { Incarnation = record.Current, Reason = reason });
        _ending = RunEnding(() => EndAsync(reason, killsExecutor));
    }

    private async Task EndAsync(string reason, bool killsExecutor)
    {
        // A lease that was held beyond its end is no reason to hurry: the time for stopping begins now.
        long lease = _lease.DeadlineMilliseconds;
        long leaseDeadline = _onLeaseLoss != OnLeaseLoss.Stop && lease < BootClock.NowMilliseconds() ? 0 : lease;
        await _incarnationEnding.EndAsync(() => KillRunsAsync(killsExecutor), _journal.Entries, leaseDeadline, ReportUnproven);
        await BeginNextAsync(reason);
    }

    private async Task KillRunsAsync(bool killsExecutor)
    {
        if (killsExecutor)
        {
            KillExecutor();
        }

        await _runs.CancelAllAsync();
    }

    private void ReportUnproven(ImmutableArray<string> reasons)
    {
        lock (_gate)
        {
            _session?.Send(new GuardReport.Unproven { Incarnation = _record?.Current ?? new Incarnation("none"), Reasons = reasons });
        }
    }

    /// <summary>Goes on, as soon as the disk takes the new incarnation down.</summary>
    private async Task BeginNextAsync(string reason)
    {
        while (true)
        {
            try
            {
                BeginNext(reason);
                return;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _log.JournalUnwritable("the incarnation", failure.Message);
                await Task.Delay(DiskRetryInterval);
            }
        }
    }

    private void BeginNext(string reason)
    {
        // On disk first; nobody changes these while no incarnation serves.
        IncarnationRecord? before = _record;
        IncarnationRecord next = _state.MintIncarnation(before);
        _journal.Clear();
        lock (_gate)
        {
            _lease.Set(0);
            _ended?.TrySetResult();
            if (before is not null)
            {
                _log.IncarnationEnded(before.Current);
                _session?.Send(new GuardReport.Ended { Incarnation = before.Current, Reason = reason, IsLeaving = _isLeaving });
            }

            if (_isLeaving)
            {
                _feeding?.Disarm();
                _left.TrySetResult();
                return;
            }

            _record = next;
            _isServing = true;
            _log.IncarnationBegun(next.Current);

            // A child that served the old incarnation goes with it; a host in serve mode goes on with the new one.
            _session = _options.IsServing || _awaitsHello ? _session : null;
            _awaitsHello = false;
            if (_session is { } session)
            {
                SayHello(session);
            }
        }
    }

    /// <summary>Under the gate, while serving.</summary>
    private void SayHello(ExecutorSession session)
    {
        if (_record is not { } record)
        {
            return;
        }

        ImmutableArray<JournalEntry> entries = _journal.Entries;
        session.Send(new GuardReport.Hello
        {
            Protocol = GuardLine.ProtocolVersion,
            Node = _options.Node,
            Incarnation = record.Current,
            ProvenEnded = record.Ended,
            StopDeadlineMilliseconds = _options.StopDeadlineMilliseconds,
            IsSelfFencing = _options.IsRebooting || _feeding is not null,
            WatchdogMilliseconds = (long)_watchdogTimeout.TotalMilliseconds,
            OnLeaseLoss = _onLeaseLoss,
            BootTimeMilliseconds = BootClock.NowMilliseconds(),
            LeaseDeadlineMilliseconds = _lease.DeadlineMilliseconds,
            Containment = _containment.Name,
            Entries = entries.Length,
        });
        foreach (JournalEntry entry in entries)
        {
            session.Send(new GuardReport.Entry { Journal = entry });
        }
    }
}
