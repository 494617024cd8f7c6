using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Sagas;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// Places services: under the lock <c>evaluation</c> it loads one situation, lets the planner decide about all services the event
/// concerns together, and applies the plan in one transaction (rule S12). A sweep every ttl finds what a lost hint left (rule S13).
/// </summary>
internal sealed class Evaluator(
    IDatabase database,
    UnitOfWorkFactory units,
    PlanApplier applier,
    RowFailures failures,
    ConfigurationHolder configuration,
    ConfigurationLoader loader,
    ConfigurationDifferences differences,
    EvaluationSignals signals,
    ArbiterLooks looks,
    SchedulerTiming timing,
    TimeProvider time,
    ILogger<Evaluator> logger) : BackgroundService
{
    /// <summary>The lock and its token row.</summary>
    public const string LockName = "evaluation";

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private ImmutableSortedSet<ServiceName> _unreadable = [];
    private ImmutableSortedSet<ServiceName> _unplanned = [];
    private long _lockRaisedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        EvaluationRequest carried = new([], IsMembershipNew: true, IsSweep: true);
        long swept = time.GetTimestamp();
        TimeSpan pause = RetryPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EvaluateAsync(carried, stoppingToken);
                pause = RetryPause;
                swept = carried.IsSweep ? time.GetTimestamp() : swept;
                carried = await signals.WaitAsync(timing.Sweep - time.GetElapsedTime(swept), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or StaleLockTokenException
                or SagaConflictException or RowUnreadableException or DatabaseForgetsException or OperationCanceledException)
            {
                // The rows still say what is to be done: the same request is tried again, and the sweep would find it too.
                logger.EvaluationFailed(failure.Message);
                await Task.Delay(RetryPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure)
            {
                // An error of our own. Nothing was written, and every replica would meet it at every start: were they to end, nothing would be
                // left to carry out what does not need the planner.
                logger.EvaluationBroke(failure, pause);
                await failures.RaiseAsync(CatalogueMessage.DomainScoreInvalid, null, failure.Message, stoppingToken);
                // What was asked for may be what cannot be planned; all there is to do is found without it.
                carried = new EvaluationRequest([], IsMembershipNew: true, IsSweep: true);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < timing.Sweep ? pause * 2 : timing.Sweep;
            }
        }
    }

    private async Task EvaluateAsync(EvaluationRequest request, CancellationToken ct)
    {
        await looks.PrepareAsync(database, ct);
        await using IDistributedSynchronizationHandle handle = await LockAsync(ct);
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(ct, handle.HandleLostToken);
        UnitOfWork uow = units.Create();

        EvaluationInput? input = await LoadAsync(uow, held.Token);
        if (input is null)
        {
            return;
        }
        ImmutableArray<string> traces = input.Traces(request);
        using Activity? span = traces.IsEmpty ? null : Traces.Begin($"evaluate membership {input.Newest.Generation}", traces[0]);
        span.LinkTo(traces.Skip(1));
        if (await applier.EndIncarnationsAsync(uow, input, held.Token))
        {
            input = await LoadAsync(uow, held.Token) ?? input;
        }
        // Without quorum nothing is placed: permission is withdrawn by the leases, the distributed state stays as it is (#69).
        await applier.ApplyAsync(uow, handle, input, input.Newest.IsQuorate ? await PlanAsync(input, request, held.Token) : [], held.Token);
    }

    /// <summary>Takes the lock; #33 is raised when it cannot be had, and again every sweep while that lasts.</summary>
    private async Task<IDistributedSynchronizationHandle> LockAsync(CancellationToken ct)
    {
        try
        {
            IDistributedSynchronizationHandle handle = await database.Locks.CreateLock(LockName).AcquireAsync(timing.LockPatience, ct);
            _lockRaisedAt = 0;
            return handle;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            if (_lockRaisedAt == 0 || time.GetElapsedTime(_lockRaisedAt) >= timing.Sweep)
            {
                _lockRaisedAt = time.GetTimestamp();
                await failures.RaiseAsync(CatalogueMessage.EvaluationLockFailed, null, failure.Message, ct);
            }
            throw;
        }
    }

    /// <summary>Loads the situation. A row that cannot be read is left out and raised as #34 when that begins.</summary>
    private async Task<EvaluationInput?> LoadAsync(UnitOfWork uow, CancellationToken ct)
    {
        List<RowUnreadableException> unreadable = [];
        EvaluationInput? input = await uow.RunAsync(
            async (work, token) =>
            {
                unreadable.Clear();
                return await EvaluationInput.LoadAsync(work, RefreshedAsync, differences, unreadable.Add, token);
            },
            ct);
        foreach (RowUnreadableException broken in unreadable.Where(broken => !_unreadable.Contains(broken.Service)))
        {
            await failures.RaiseAsync(CatalogueMessage.EvaluationStatusUnknown, broken.Service, broken.Message, ct);
        }
        _unreadable = [.. unreadable.Select(broken => broken.Service)];
        return input;
    }

    private async Task<ClusterConfiguration> RefreshedAsync(UnitOfWork work, CancellationToken ct)
    {
        await loader.RefreshAsync(work, ct);
        return configuration.Current;
    }

    /// <summary>Plans. A service over which the planner fails is left out, and raised as #32 and #34 when that begins.</summary>
    private async Task<ImmutableArray<ServicePlan>> PlanAsync(EvaluationInput input, EvaluationRequest request, CancellationToken ct)
    {
        PlacementSituation situation = input.Situation(time.GetUtcNow());
        // One plan for each service: what a membership change says about it comes before the sweep's word.
        Dictionary<ServiceName, ServicePlan> plans = [];
        Dictionary<ServiceName, Exception> leftOut = [];
        foreach (PlacementEvent cause in input.Causes(request))
        {
            PlacementPlan together = SturdyPlanner.Plan(situation, cause);
            foreach (ServicePlan plan in together.Services)
            {
                plans.TryAdd(plan.Service, plan);
            }
            foreach ((ServiceName service, Exception failure) in together.LeftOut)
            {
                leftOut.TryAdd(service, failure);
            }
        }
        foreach ((ServiceName service, Exception failure) in leftOut.Where(pair => !_unplanned.Contains(pair.Key)))
        {
            logger.PlanBroke(failure, service);
            await failures.RaiseAsync(CatalogueMessage.DomainScoreInvalid, service, failure.Message, ct);
            await failures.RaiseAsync(CatalogueMessage.EvaluationStatusUnknown, service, failure.Message, ct);
        }
        // Only a sweep asks for whatever is amiss: what another evaluation did not come across is not mended by that.
        _unplanned = request.IsSweep ? [.. leftOut.Keys] : _unplanned.Union(leftOut.Keys);
        return [.. plans.Values.OrderBy(plan => plan.Service)];
    }
}
