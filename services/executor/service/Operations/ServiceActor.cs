using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Core.Status;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Executor.Service.Operations;

/// <summary>
/// All work on one service here, one thing after another: operations as they come, and status checks while it runs. An operation
/// ends a check that is under way. Services do not wait for each other.
/// </summary>
internal sealed partial class ServiceActor(ServiceName service, ActorContext context, JournalEntry? journal)
{
    /// <summary>Orders that may wait for one service; a scheduler has one under way at a time.</summary>
    private const int OrdersMax = 8;

    private readonly Channel<Work> _work = Channel.CreateBounded<Work>(new BoundedChannelOptions(OrdersMax) { SingleReader = true });

    private readonly Lock _gate = new();
    private CancellationTokenSource? _checking;
    private LocalTree? _local = journal is null ? null : LocalTree.Of(journal);
    private bool _mayRun = journal is { StartEpoch: > 0, IsStopProven: false };
    private long _startEpoch = journal?.StartEpoch ?? 0;
    private ServiceChecks? _checks;
    private TimeSpan _pollInterval = StatusPoll.Default;

    /// <summary>True while the service was started here and is not proven stopped.</summary>
    public bool MayRun => Volatile.Read(ref _mayRun);

    /// <summary>True while something non-critical of it is left stopped.</summary>
    public bool IsPartial => _checks is { IsPartial: true };

    /// <summary>Takes an admitted order; false when too many wait.</summary>
    public bool TryOperate(OperateService order) => TryAdd(LimitOf(order), cancellation => OperateAsync(order, cancellation), order, Traces.Here);

    /// <summary>Settles what an earlier executor of this incarnation left unfinished.</summary>
    /// <param name="order">As that one took it.</param>
    /// <param name="trace">Where the trace stood that it came with; null for none.</param>
    public bool TryResume(OperateService order, string? trace) => TryAdd(LimitOf(order), cancellation => ResumeAsync(order, cancellation), order, trace);

    /// <summary>Carries on a service that an earlier executor of this incarnation started.</summary>
    public bool TryAdopt() => TryAdd(context.Starts, AdoptAsync);

    /// <summary>Probes it at once, if it is being checked at all, instead of when its checks are due.</summary>
    public bool TryProbeAgain() => TryAdd(context.Stops, cancellation => _checks is null ? Task.CompletedTask : AdoptAsync(cancellation));

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await NextAsync(cancellation) is { } work)
            {
                using Activity? span = SpanOf(work);
                await work.Limit.WaitAsync(cancellation);
                try
                {
                    await work.RunAsync(cancellation);
                }
                catch (Exception failure) when (IsOfThisServiceAlone(failure, cancellation))
                {
                    Fail(work.Order, failure);
                }
                finally
                {
                    work.Limit.Release();
                }
            }
            else
            {
                await CheckAsync(cancellation);
            }
        }
    }

    /// <summary>From here to its answer, with the time it waits for its turn; below its own order, whatever order made this actor.</summary>
    private static Activity? SpanOf(Work work) => work.Order is not { } order ? null
        : Traces.Begin($"{order.Action.ToString().ToLowerInvariant()} {order.Service}", work.Trace)
            ?.SetTag("quorate.service", order.Service.Value).SetTag("quorate.node", order.Node.Value)
            .SetTag("quorate.incarnation", order.Incarnation.Value).SetTag("quorate.epoch", order.Epoch);

    /// <summary>Without its guard, an IOException, this process is of no use to anybody.</summary>
    private static bool IsOfThisServiceAlone(Exception failure, CancellationToken cancellation) =>
        failure is not IOException && !cancellation.IsCancellationRequested;

    /// <summary>An error in our own code concerns its service alone: what is running of it now is not known, and the scheduler sees to it (rule S13).</summary>
    private void Fail(OperateService? order, Exception failure)
    {
        string detail = $"internal error of the executor, {failure.GetType().Name}: {failure.Message}";
        context.Logger.WorkFailed(service.Value, failure);
        if (order is not null)
        {
            context.Ended(Answers.To(order, new OperationResult { Outcome = OperationOutcome.Failed, Detail = detail }));
        }
        else
        {
            context.Failed(service, _startEpoch, service.Value, null, detail);
        }
    }

    /// <summary>Whatever starts that hang have taken, a stop finds room: what another node waits for is a stop.</summary>
    private SemaphoreSlim LimitOf(OperateService order) => order.Action is NodeAction.Start or NodeAction.Condstart ? context.Starts : context.Stops;

    private bool TryAdd(SemaphoreSlim limit, Func<CancellationToken, Task> run, OperateService? order = null, string? trace = null)
    {
        bool isAdded = _work.Writer.TryWrite(new Work(limit, run, order, trace));
        lock (_gate)
        {
            _checking?.Cancel();
        }

        return isAdded;
    }

    /// <summary>The next operation; null when it is time to look for due checks.</summary>
    private async Task<Work?> NextAsync(CancellationToken cancellation)
    {
        if (_checks?.NextDue is null)
        {
            return await _work.Reader.ReadAsync(cancellation);
        }

        using CancellationTokenSource tick = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        tick.CancelAfter(_pollInterval);
        try
        {
            return await _work.Reader.ReadAsync(tick.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task OperateAsync(OperateService order, CancellationToken cancellation)
    {
        context.Logger.OperationBegins(order.Action, service.Value, order.Epoch, order.Reason);
        OperationResult result = order.Action switch
        {
            NodeAction.Start => await StartAsync(order, cancellation),
            NodeAction.Stop => await StopAsync(order, cancellation),
            NodeAction.Probe => await ProbeAsync(order, cancellation),
            NodeAction.Convalesce => await ConvalesceAsync(cancellation),
            NodeAction.Receive => await ReceiveAsync(order, cancellation),
            NodeAction.Migrate => await MigrateAsync(order, cancellation),
            NodeAction.Condstop => await CondstopAsync(order, cancellation),
            NodeAction.Condstart => await CondstartAsync(order, cancellation),
            _ => throw new InvariantViolation($"an order for {service} has no known action: {order.Action}"),
        };
        context.Ended(Answers.To(order, result));
    }

    private async Task<OperationResult> StartAsync(OperateService order, CancellationToken cancellation)
    {
        TreeLookup lookup = await context.Trees.FindAsync(order, cancellation);
        if (lookup.Tree is not { } tree)
        {
            // What this version cannot run it will not be able to run at the next attempt either.
            return new OperationResult
            {
                Outcome = lookup.NotRunnable is null ? OperationOutcome.Refused : OperationOutcome.Failed,
                Resource = lookup.NotRunnable,
                Detail = lookup.Problem,
            };
        }

        LocalTree local = LocalTree.Of(tree, order);
        OperationResult result = await context.Runner.StartAsync(order, local, tree, () => TakeStarted(local), cancellation);
        if (result.Outcome == OperationOutcome.Succeeded)
        {
            BeginChecks();
        }

        return result;
    }

    /// <summary>The start is in the guard's journal: from now on its tree is the one that may run. A refused one changes nothing (rule S10).</summary>
    private void TakeStarted(LocalTree local)
    {
        (_checks, _local, _startEpoch) = (null, local, local.StartEpoch);
        Volatile.Write(ref _mayRun, true);
    }

    private async Task<OperationResult> StopAsync(OperateService order, CancellationToken cancellation)
    {
        (LocalTree? local, string problem) = await LocalAsync(order, cancellation);
        if (local is null)
        {
            return _startEpoch == 0 && !MayRun ? NothingBegun(problem) : new OperationResult { Outcome = OperationOutcome.Refused, Detail = problem };
        }

        _checks = null;
        OperationResult result = await context.Runner.StopAsync(order, local, cancellation);
        if (result.IsRunning == false && result.Outcome == OperationOutcome.Succeeded)
        {
            Volatile.Write(ref _mayRun, false);
        }

        return result;
    }

    /// <summary>
    /// The guard lets nothing start before its start is journalled, and an incarnation begins with everything proven stopped: where
    /// no start was begun, nothing runs, whether or not its tree can be read.
    /// </summary>
    private static OperationResult NothingBegun(string problem) => new()
    {
        Outcome = OperationOutcome.Succeeded,
        IsRunning = false,
        Detail = $"nothing of it was ever started here; {problem}",
    };

    private async Task<OperationResult> ProbeAsync(OperateService order, CancellationToken cancellation)
    {
        (LocalTree? local, string problem) = await LocalAsync(order, cancellation);
        if (local is null)
        {
            return new OperationResult { Outcome = OperationOutcome.Refused, Detail = problem };
        }

        OperationResult result = (await context.Runner.ProbeAsync(service, local, cancellation)).ToResult();
        // A mere group has no monitor to ask; what was begun here is all there is to know.
        return local.Monitor.IsEmpty ? result with { IsRunning = MayRun } : result;
    }

    private async Task ResumeAsync(OperateService order, CancellationToken cancellation)
    {
        if (order.Action == NodeAction.Convalesce)
        {
            await AdoptAsync(cancellation);
        }

        if (order.Action == NodeAction.Migrate && journal?.Epoch == order.Epoch && _local is { } local)
        {
            context.Ended(Answers.To(order, Settled(await context.Runner.SettleMigrationAsync(order, local, Answers.Interrupted, cancellation))));
            return;
        }

        // What a condstart had done when its executor died is not known; one that had not begun is begun now.
        bool isHalfDone = order.Action == NodeAction.Start || (order.Action == NodeAction.Condstart && journal?.Epoch == order.Epoch);
        if (!isHalfDone)
        {
            // Stopping and probing again is the same operation: each ends in the same proof.
            await OperateAsync(order, cancellation);
            return;
        }

        OperationResult probe = _local is null
            ? new OperationResult { Outcome = OperationOutcome.Failed, IsRunning = false, Detail = "nothing of it had begun" }
            : (await context.Runner.ProbeAsync(service, _local, cancellation)).ToResult();
        bool wasWhole = journal is { Outcome: OperationOutcome.Succeeded } && journal.Epoch == order.Epoch && probe is { Outcome: OperationOutcome.Succeeded, Resource: null }
            && (probe.IsRunning == true || _local!.Monitor.IsEmpty); // A journal with an outcome has a tree.
        OperationResult result = wasWhole ? probe with { IsRunning = true } : Answers.OfInterrupted(probe);
        if (wasWhole)
        {
            BeginChecks();
        }

        context.Logger.OperationResumed(service.Value, order.Epoch, result.Detail);
        context.Ended(Answers.To(order, result));
    }

    private async Task AdoptAsync(CancellationToken cancellation)
    {
        if (_local is null)
        {
            return;
        }

        // What was left stopped, before the executor that did so ended, is not missed.
        BeginChecks();
        ImmutableHashSet<string> notExpected = _checks?.NotExpected ?? [];
        LocalTree expected = _local with { Monitor = [.. _local.Monitor.Where(run => !notExpected.Contains(run.Resource))] };
        TreeProbe probe = await context.Runner.ProbeAsync(service, expected, cancellation);
        context.Logger.ServiceAdopted(service.Value, _startEpoch, probe.Detail);
        if (!probe.IsWhole && probe.Resource is { } resource)
        {
            context.Failed(service, _startEpoch, resource, probe.ExitCode, probe.Detail);
        }
    }

    private void BeginChecks()
    {
        if (_local is not { Tree: { } tree } local)
        {
            return;
        }

        _checks = new ServiceChecks(service, context, tree, _startEpoch);
        _pollInterval = context.Trees.PollIntervalOf(local.ConfigurationDigest);
    }

    /// <summary>Runs what is due, until an operation comes in between.</summary>
    private async Task CheckAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource checking = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
        {
            _checking = checking;
        }

        try
        {
            await (_checks?.RunDueAsync(checking.Token) ?? Task.CompletedTask);
        }
        catch (Exception failure) when (IsOfThisServiceAlone(failure, cancellation))
        {
            Fail(order: null, failure);
        }
        finally
        {
            lock (_gate)
            {
                _checking = null;
            }
        }
    }

    private async Task<OperationResult> ConvalesceAsync(CancellationToken cancellation)
    {
        if (!MayRun || _checks is not { } checks)
        {
            return new OperationResult { Outcome = OperationOutcome.Refused, Detail = "it does not run here" };
        }

        string? failure = await checks.ConvalesceAsync(cancellation);
        return failure is null
            ? new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = true, Detail = "everything of it runs" }
            : new OperationResult { Outcome = OperationOutcome.Failed, IsRunning = true, Detail = failure };
    }

    private async Task<(LocalTree? Local, string Problem)> LocalAsync(OperateService order, CancellationToken cancellation)
    {
        if (_local is not null)
        {
            return (_local, "");
        }

        TreeLookup lookup = await context.Trees.FindAsync(order, cancellation);
        return lookup.Tree is { } tree
            ? (LocalTree.Of(tree, order), "")
            : (null, lookup.Problem);
    }

    /// <summary>An operation, what it takes a place of while it runs, the order that waits for its answer, and where the trace stands that it came with.</summary>
    private sealed record Work(SemaphoreSlim Limit, Func<CancellationToken, Task> RunAsync, OperateService? Order, string? Trace);
}
