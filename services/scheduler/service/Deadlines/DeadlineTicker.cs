using System.Data.Common;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Sagas;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Deadlines;

/// <summary>
/// Makes due what is due: an operation nobody answered in time is sent again. A deadline stays due until its row moves (rule S13),
/// and never replaces an owner (rule S8).
/// </summary>
internal sealed class DeadlineTicker(
    IDatabase database,
    UnitOfWorkFactory units,
    ServiceDecisions decisions,
    SchedulerTiming timing,
    TimeProvider time,
    ILogger<DeadlineTicker> logger) : BackgroundService
{
    private const int BatchMax = 100;

    /// <summary>Services whose deadline could not be looked at, so that it is said once and not at every tick.</summary>
    private readonly HashSet<ServiceName> _skipped = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(timing.Tick, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
            {
                logger.TickFailed(failure.Message);
            }
        }
    }

    private async Task TickAsync(CancellationToken ct)
    {
        IReadOnlyList<ServiceName> due;
        await using (DbConnection connection = await database.OpenAsync(ct))
        {
            due = await ServiceStore.OverdueAsync(connection, time.GetUtcNow(), BatchMax, ct);
        }
        foreach (ServiceName name in due)
        {
            try
            {
                await DecideAsync(name, ct);
                _skipped.Remove(name);
            }
            catch (Exception failure) when (failure is RowUnreadableException or SagaConflictException)
            {
                // The others are looked at all the same; this one stays due until its row moves (rule S13).
                if (_skipped.Add(name))
                {
                    logger.DeadlineSkipped(name, failure.Message);
                }
            }
        }
    }

    private Task DecideAsync(ServiceName name, CancellationToken ct) => units.Create().RunAsync(
        async (work, token) =>
        {
            // A row that somebody else has is moving, or stays due: waiting for it would hold up the deadlines of all others.
            if (await ServiceStore.TryLockAsync(work, ServiceStore.IdOf(name), token) is { } stored)
            {
                using Activity? span = Traces.Begin($"deadline {name}", stored.Trace);
                await decisions.DecideAsync(work, stored, new ServiceEvent.DeadlineDue(), "deadline", token);
            }
        },
        ct);

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
