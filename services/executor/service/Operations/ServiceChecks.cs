using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Status;
using Quorate.Executor.Core.Trees;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>The checks of one running service, and what is repaired here when one fails. One run of a service has one of these.</summary>
/// <remarks>Source: rgmanager.md 2.7 and 2.8.</remarks>
internal sealed class ServiceChecks
{
    private readonly ServiceName _service;
    private readonly ActorContext _context;
    private readonly long _startEpoch;
    private readonly ImmutableArray<ResourceNode> _steps;
    private readonly ImmutableDictionary<StatusCheck, AgentInvocation> _runs;
    private StatusSchedule _schedule;
    private InlineRecovery _recovery;

    public ServiceChecks(ServiceName service, ActorContext context, ResourceNode tree, long startEpoch)
    {
        (_service, _context, _startEpoch) = (service, context, startEpoch);
        _steps = ResourceOrder.Start(tree);
        _runs = StatusPlan.Of(tree).DistinctBy(row => row.Check).ToImmutableDictionary(row => row.Check, row => OnNode.Named(row.Run, context.Node));
        _schedule = StatusSchedule.Begin(_runs.Keys, BootClock.Milliseconds);
        _recovery = InlineRecovery.Of(tree).Without(context.WasLeftStopped(service));
    }

    /// <summary>When something is due; null when nothing ever is.</summary>
    public long? NextDue => _schedule.NextDue;

    /// <summary>True while something non-critical of it is left stopped.</summary>
    public bool IsPartial => _recovery.IsPartial;

    /// <summary>What is not expected to run, as <c>type:name</c>.</summary>
    public ImmutableHashSet<string> NotExpected => _recovery.NotExpected;

    /// <summary>Runs what is due; a failure that is not repaired here ends the round and is told each time it is seen again.</summary>
    public async Task RunDueAsync(CancellationToken cancellation)
    {
        foreach (StatusCheck check in _schedule.Due(BootClock.Milliseconds))
        {
            if (cancellation.IsCancellationRequested || (!_recovery.IsQuiesced(check.Step) && !await CheckAsync(check, cancellation)))
            {
                return;
            }
        }
    }

    /// <summary>Starts again what was left stopped, one subtree after the other; each that runs is checked from then on.</summary>
    /// <returns>What could not be started, and is left stopped with those after it; null when all runs.</returns>
    public async Task<string?> ConvalesceAsync(CancellationToken cancellation)
    {
        foreach ((ResourceNode subtree, InlineRecovery next) in _recovery.Convalesce())
        {
            if (await _context.Runner.StartSubtreeAsync(_service, subtree, _context.Node, cancellation) is { } failure)
            {
                await LeaveStoppedAsync(subtree, cancellation);
                return failure;
            }

            _recovery = next;
            _context.LeftStopped(_service, _recovery.LeftStopped);
            BeginAnew(subtree);
        }

        return null;
    }

    private async Task<bool> CheckAsync(StatusCheck check, CancellationToken cancellation)
    {
        AgentInvocation run = _runs[check];
        if (await RunAsync(run, cancellation) is not { } result)
        {
            return false;
        }

        _schedule = _schedule.Ended(check, BootClock.Milliseconds);
        if (result.End == AgentEnd.Cancelled || AgentMeaning.Judge(run.Class, result) == ResourceRunState.Running)
        {
            return result.End != AgentEnd.Cancelled;
        }

        string detail = AgentMeaning.Describe(run, result);
        _context.Logger.StatusFailed(_service.Value, _startEpoch, detail);
        (InlineStep step, InlineRecovery next) = _recovery.Failed(check.Step, BootClock.Milliseconds);
        if (step is InlineStep.Recover recover)
        {
            if (await RecoversAsync(recover.Resource, cancellation))
            {
                return true;
            }

            (step, next) = _recovery.FailedAfterRecover(check.Step, BootClock.Milliseconds);
        }

        try
        {
            return await RepairAsync(step, next, cancellation) is not { } why || Fail(run, result, $"{detail}; {why}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An operation came in between: it stops, or looks at, the whole tree.
            return false;
        }
    }

    /// <returns>Why the whole service has failed; null where it has not.</returns>
    private async Task<string?> RepairAsync(InlineStep step, InlineRecovery next, CancellationToken cancellation)
    {
        if (step is InlineStep.Quiesce quiesce)
        {
            _context.Logger.SubtreeLeftStopped(_service.Value, quiesce.Subtree.Label);
            await LeaveStoppedAsync(quiesce.Subtree, cancellation);
            // Not before: an operation that comes in between leaves it as it was, and a later check finds it again.
            _recovery = next;
            _context.LeftStopped(_service, _recovery.LeftStopped);
            return null;
        }

        _recovery = next;
        switch (step)
        {
            case InlineStep.Tolerate tolerate:
                _context.Logger.FailureTolerated(_service.Value, tolerate.Count, tolerate.Max);
                return null;
            case InlineStep.Restart restart:
                _context.Logger.SubtreeRestarted(_service.Value, restart.Subtree.Label, restart.Count, restart.Max);
                return await RestartAsync(restart.Subtree, cancellation);
            case InlineStep.Fail fail:
                return fail.Why;
            default:
                throw new InvariantViolation($"unknown inline step {step.GetType().Name}");
        }
    }

    /// <summary>What is not critical fails nothing, not even by its stop: the stop of the whole service has to prove it anyway.</summary>
    private async Task LeaveStoppedAsync(ResourceNode subtree, CancellationToken cancellation)
    {
        if (await _context.Runner.StopSubtreeAsync(_service, subtree, _context.Node, cancellation) is { } failure)
        {
            _context.Logger.SubtreeNotStopped(_service.Value, subtree.Label, failure);
        }
    }

    private async Task<string?> RestartAsync(ResourceNode subtree, CancellationToken cancellation)
    {
        string? failure = await _context.Runner.StopSubtreeAsync(_service, subtree, _context.Node, cancellation)
            ?? await _context.Runner.StartSubtreeAsync(_service, subtree, _context.Node, cancellation);
        if (failure is null)
        {
            BeginAnew(subtree);
            return null;
        }

        return $"inline recovery of {subtree.Label} failed: {failure}";
    }

    /// <summary>What was started just now is checked one interval later.</summary>
    private void BeginAnew(ResourceNode subtree)
    {
        HashSet<ResourceNode> below = new(ResourceOrder.Start(subtree), ReferenceEqualityComparer.Instance);
        long now = BootClock.Milliseconds;
        foreach (StatusCheck check in _runs.Keys.Where(check => below.Contains(_steps[check.Step])))
        {
            _schedule = _schedule.Ended(check, now);
        }
    }

    private async Task<bool> RecoversAsync(ResourceNode resource, CancellationToken cancellation) =>
        InvocationOf.Action(resource, "recover") is { } recover && await RunAsync(OnNode.Named(recover, _context.Node), cancellation) is { IsSuccess: true };

    private bool Fail(AgentInvocation run, AgentResult result, string detail)
    {
        _context.Failed(_service, _startEpoch, run.Resource, result.ExitCode, detail);
        return false;
    }

    /// <returns>Null when an operation came in between, or the guard did not run it.</returns>
    private async Task<AgentResult?> RunAsync(AgentInvocation run, CancellationToken cancellation)
    {
        try
        {
            await _context.Checks.WaitAsync(cancellation);
            try
            {
                return await _context.Agents.RunAsync(_service, run, cancellation);
            }
            finally
            {
                _context.Checks.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (GuardRefusedException refusal)
        {
            _context.Logger.CheckNotRun(_service.Value, run.Resource, refusal.Message);
            return null;
        }
    }
}
