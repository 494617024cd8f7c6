using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Agents;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Journal;
using Quorate.Executor.Guard.Native;
using Quorate.Executor.Guard.Session;

namespace Quorate.Executor.Guard;

/// <summary>What the executor asks of the guard, and what is refused.</summary>
internal sealed partial class Guard
{
    /// <summary>The newest begin of each service, completed once it is on disk or refused; under the gate.</summary>
    private readonly Dictionary<ServiceName, Task> _begins = [];

    /// <summary>One write at a time; held while the disk works.</summary>
    private readonly Lock _onLeaseLossDisk = new();

    private void Take(ExecutorSession session, GuardRequest request)
    {
        switch (request)
        {
            case GuardRequest.Lease lease:
                TakeLease(lease);
                break;
            case GuardRequest.Cancel cancel:
                _runs.Cancel(session, cancel.Id);
                break;
            case GuardRequest.Run run:
                TakeRun(session, run);
                break;
            case GuardRequest.Begin begin:
                TakeBegin(session, begin);
                break;
            case GuardRequest.Finish finish:
                TakeFinish(session, finish);
                break;
            case GuardRequest.SetOnLeaseLoss set:
                TakeSetOnLeaseLoss(session, set);
                break;
            case GuardRequest.End end:
                TakeEnd(session, end, end.Id, end.Reason, isLeaving: false);
                break;
            case GuardRequest.Leave leave:
                TakeEnd(session, leave, leave.Id, leave.Reason, isLeaving: true);
                break;
            default:
                Refuse(session, 0, request.GetType().Name, "this guard does not know it");
                break;
        }
    }

    private void TakeLease(GuardRequest.Lease lease)
    {
        lock (_gate)
        {
            long now = BootClock.NowMilliseconds();
            long current = _lease.DeadlineMilliseconds;
            if (RefuseIncarnation(lease) is not null || lease.DeadlineMilliseconds <= current || (current > 0 && current <= now && _onLeaseLoss == OnLeaseLoss.Stop))
            {
                return;
            }

            if (lease.DeadlineMilliseconds > now + LeaseMaxMilliseconds)
            {
                _log.RequestRefused("a lease", $"it would last until {lease.DeadlineMilliseconds}, more than {LeaseMaxMilliseconds} ms from {now}");
                return;
            }

            _lease.Set(lease.DeadlineMilliseconds);
            if (_onLeaseLoss == OnLeaseLoss.Stop)
            {
                _incarnationEnding.Arm(lease.DeadlineMilliseconds);
            }
        }
    }

    /// <summary>Off the reading thread: it writes, and a disk may hang.</summary>
    private void TakeSetOnLeaseLoss(ExecutorSession session, GuardRequest.SetOnLeaseLoss set)
    {
        if (_runs.TryBegin(session, set.Id, cancellation => Task.Run(() => SetOnLeaseLoss(session, set, cancellation), CancellationToken.None)) is { } refusal)
        {
            Refuse(session, set.Id, NameOf(set), refusal);
        }
    }

    /// <summary>Stop counts from now on and is written then; what is weaker is written first, so that nobody who comes later enforces too little.</summary>
    private void SetOnLeaseLoss(ExecutorSession session, GuardRequest.SetOnLeaseLoss set, CancellationToken cancellation)
    {
        bool isStop = set.OnLeaseLoss == OnLeaseLoss.Stop;
        string? refusal = ActByOnLeaseLoss(set, acts: isStop, cancellation) ?? TryWrite(set.OnLeaseLoss);
        Answer(session, set.Id, NameOf(set), refusal ?? (isStop ? null : ActByOnLeaseLoss(set, acts: true, cancellation)));
    }

    private string? ActByOnLeaseLoss(GuardRequest.SetOnLeaseLoss set, bool acts, CancellationToken cancellation)
    {
        lock (_gate)
        {
            bool isStop = set.OnLeaseLoss == OnLeaseLoss.Stop;
            long lease = _lease.DeadlineMilliseconds;
            bool isOver = lease > 0 && lease <= BootClock.NowMilliseconds();

            // Cancelled with its executor: the next one was told what was done until then.
            string? refusal = cancellation.IsCancellationRequested ? "it was cancelled"
                : RefuseIncarnation(set)
                ?? (isOver && (isStop || _onLeaseLoss == OnLeaseLoss.Stop) ? "the lease has run out" : null);
            if (refusal is not null || !acts)
            {
                return refusal;
            }

            _onLeaseLoss = set.OnLeaseLoss;
            if (!isStop)
            {
                _incarnationEnding.Relax();
            }
            else if (lease > 0)
            {
                _incarnationEnding.Arm(lease);
            }

            _log.OnLeaseLossSet(set.OnLeaseLoss);
            return null;
        }
    }

    private string? TryWrite(OnLeaseLoss onLeaseLoss)
    {
        try
        {
            lock (_onLeaseLossDisk)
            {
                _state.WriteOnLeaseLoss(onLeaseLoss);
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log.JournalUnwritable("what is done on lease loss", failure.Message);
            return $"it cannot be written: {failure.Message}";
        }
    }

    /// <summary>Off the reading thread, checks included: a disk that hangs must not keep the leases behind this line waiting.</summary>
    private void TakeRun(ExecutorSession session, GuardRequest.Run run)
    {
        Task begun = JournalRules.HarmlessActions.Contains(run.Invocation.Action) ? Task.CompletedTask : BegunOf(run.Service);
        if ((AgentRunner.Refusal(run.Invocation) ?? _runs.TryBegin(session, run.Id, cancellation => RunAsync(session, run, begun, cancellation))) is { } refusal)
        {
            Refuse(session, run.Id, NameOf(run), refusal);
        }
    }

    /// <summary>The end of the incarnation cancels it, whether its agent runs already or not.</summary>
    private async Task RunAsync(ExecutorSession session, GuardRequest.Run run, Task begun, CancellationToken cancellation)
    {
        // An executor that does not wait for the answer to its begin gets no agent run before the disk has it either (rule S9).
        await begun;
        if (CheckRun(run) is { } refusal)
        {
            Refuse(session, run.Id, NameOf(run), refusal);
            return;
        }

        TimeSpan limit = TimeSpan.FromMilliseconds(AgentTimeouts.CeilingMilliseconds);
        AgentResult result = await _runner.RunAsync(run.Service, run.Invocation, limit, cancellation);
        if (result.End == AgentEnd.Missing || result.ExitCode == (int)OcfExitCode.NotInstalled)
        {
            result = result with { NeverStarted = _journal.WasNeverStarted(run.Service, run.Invocation) };
        }

        session.Send(new GuardReport.Ran { Id = run.Id, Result = result });
    }

    private string? CheckRun(GuardRequest.Run run)
    {
        bool isFirstSight = false;
        string? refusal;

        // Before the gate: a disk that hangs must not keep the lease's end waiting.
        bool isInstalled = !JournalRules.HarmlessActions.Contains(run.Invocation.Action) && _runner.Find(run.Invocation, out _) is not null;
        lock (_gate)
        {
            JournalEntry? known = _journal.Find(run.Service);
            refusal = RefuseIncarnation(run) ?? JournalRules.RefuseRun(known, run, HasLease());
            isFirstSight = refusal is null && isInstalled && known is not null && known.Missing.Contains(run.Invocation.Resource);
            if (isFirstSight && known is not null)
            {
                _journal.Remember(known with { Missing = known.Missing.Remove(run.Invocation.Resource) });
            }
        }

        // An agent installed since the start was begun: from now on its resource may run, and the disk knows before it does.
        return refusal ?? (isFirstSight ? TryWrite(run.Service) : null);
    }

    /// <summary>Off the reading thread, as a run: it writes, and a disk may hang.</summary>
    private void TakeBegin(ExecutorSession session, GuardRequest.Begin begin)
    {
        string? refusal = null;
        foreach (AgentInvocation invocation in begin.Stop.Concat(begin.Monitor))
        {
            refusal ??= AgentRunner.Refusal(invocation);
        }

        Task before = BegunOf(begin.Service);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        refusal ??= _runs.TryBegin(session, begin.Id, async cancellation =>
        {
            await before;
            Begin(session, begin, cancellation);
            begun.SetResult();
        });
        if (refusal is not null)
        {
            Refuse(session, begin.Id, NameOf(begin), refusal);
            return;
        }

        lock (_gate)
        {
            _begins[begin.Service] = begun.Task;
        }
    }

    /// <summary>What of a service comes later has to wait for this.</summary>
    private Task BegunOf(ServiceName service)
    {
        lock (_gate)
        {
            return _begins.GetValueOrDefault(service, Task.CompletedTask);
        }
    }

    private void Begin(ExecutorSession session, GuardRequest.Begin begin, CancellationToken cancellation)
    {
        ImmutableArray<string> missing =
            [.. begin.Stop.Concat(begin.Monitor).Where(invocation => _runner.Find(invocation, out _) is null).Select(invocation => invocation.Resource).Distinct()];
        string? refusal;
        JournalEntry? known;
        JournalEntry? begun = null;
        lock (_gate)
        {
            known = _journal.Find(begin.Service);

            // Cancelled with its executor: the next one was told the journal without it.
            refusal = cancellation.IsCancellationRequested ? "it was cancelled"
                : RefuseIncarnation(begin) ?? JournalRules.RefuseBegin(known, begin, HasLease());
            if (refusal is null)
            {
                begun = JournalRules.AfterBegin(known, begin, missing);
                _journal.Remember(begun);
            }
        }

        refusal ??= TryWrite(begin.Service);
        lock (_gate)
        {
            refusal ??= RefuseIncarnation(begin);
            if (refusal is not null && begun is not null && _isServing)
            {
                // Refused, so nothing of it will run: what was begun before is in force again.
                _journal.TakeBack(begun, known);
            }
        }

        Answer(session, begin.Id, NameOf(begin), refusal);
    }

    /// <summary>Off the reading thread: a kill may take its time.</summary>
    private void TakeFinish(ExecutorSession session, GuardRequest.Finish finish)
    {
        Task begun = BegunOf(finish.Service);
        if (_runs.TryBegin(session, finish.Id, _ => FinishAsync(session, finish, begun)) is { } refusal)
        {
            Refuse(session, finish.Id, NameOf(finish), refusal);
        }
    }

    private async Task FinishAsync(ExecutorSession session, GuardRequest.Finish finish, Task begun)
    {
        await begun;
        if (CheckFinish(finish) is { } early)
        {
            Refuse(session, finish.Id, NameOf(finish), early);
            return;
        }

        bool isEmpty = !finish.IsStopProven
            || await _containment.KillAsync(ContainedGroup.Of(finish.Service), TimeSpan.FromMilliseconds(_options.StopDeadlineMilliseconds));
        string? refusal = isEmpty ? null : "a process of it cannot be killed: it is not stopped";
        lock (_gate)
        {
            refusal ??= CheckFinish(finish);
            if (refusal is null && _journal.Find(finish.Service) is { } known)
            {
                _journal.Remember(JournalRules.AfterFinish(known, finish));
            }
        }

        Answer(session, finish.Id, NameOf(finish), refusal ?? TryWrite(finish.Service));
    }

    private static string NameOf(GuardRequest.SetOnLeaseLoss set) => $"{set.OnLeaseLoss} on lease loss";

    private static string NameOf(GuardRequest.Run run) => $"{run.Invocation.Action} of {run.Invocation.Resource}";

    private static string NameOf(GuardRequest.Begin begin) => $"{begin.Action} of {begin.Service} in epoch {begin.Epoch}";

    private static string NameOf(GuardRequest.Finish finish) => $"the end of epoch {finish.Epoch} of {finish.Service}";

    private string? CheckFinish(GuardRequest.Finish finish)
    {
        lock (_gate)
        {
            return RefuseIncarnation(finish) ?? JournalRules.RefuseFinish(_journal.Find(finish.Service), finish);
        }
    }

    private void TakeEnd(ExecutorSession session, GuardRequest request, long id, string reason, bool isLeaving)
    {
        lock (_gate)
        {
            bool isEndingAlready = !_isServing && request.Incarnation == _record?.Current;
            if (!isEndingAlready && RefuseIncarnation(request) is { } refusal)
            {
                Refuse(session, id, isLeaving ? "to leave" : "to end", refusal);
                return;
            }

            _isLeaving |= isLeaving;
            BeginEnding(reason, killsExecutor: false);
        }
    }

    /// <summary>Writes the service's journal as it is in memory; the reason where the disk refuses. The gate is not held: a disk may hang.</summary>
    private string? TryWrite(ServiceName service)
    {
        try
        {
            if (_journal.Find(service) is { } entry)
            {
                _journal.Write(entry);
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log.JournalUnwritable(service.Value, failure.Message);
            return $"the journal cannot be written: {failure.Message}";
        }
    }

    private void Answer(ExecutorSession session, long id, string request, string? refusal)
    {
        if (refusal is null)
        {
            session.Send(new GuardReport.Done { Id = id });
        }
        else
        {
            Refuse(session, id, request, refusal);
        }
    }

    private void Refuse(ExecutorSession session, long id, string request, string reason)
    {
        _log.RequestRefused(request, reason);
        session.Send(new GuardReport.Refused { Id = id, Reason = reason });
    }

    private bool HasLease() => _lease.DeadlineMilliseconds > BootClock.NowMilliseconds();

    private string? RefuseIncarnation(GuardRequest request) =>
        !_isServing ? "this incarnation is over: everything is being stopped"
        : request.Incarnation != _record?.Current ? $"incarnation {request.Incarnation} is not the current one"
        : null;
}
