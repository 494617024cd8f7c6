using System.Data.Common;
using Quorate.Contracts;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Deadlines;

/// <summary>
/// Finds commands that were accepted and whose message never arrived: it went to the error queue while the database was away, or was
/// removed by hand. They are sent again, which is harmless, and after a while answered as failed: every accepted command has an answer.
/// </summary>
internal sealed class CommandSweep(
    UnitOfWorkFactory units, DecisionWriter writer, ArbiterLooks looks, TimeProvider time, ILogger<CommandSweep> logger) : BackgroundService
{
    private const int BatchMax = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A queue may be long; a second copy changes nothing, but helps nobody either.</summary>
    private static readonly TimeSpan SendAgainAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        try
        {
            await units.Create().RunAsync(
                async (work, token) =>
                {
                    DateTimeOffset now = time.GetUtcNow();
                    IReadOnlyList<OperationRow> rows = await OperationStore.NotTakenAsync(work, now - SendAgainAfter, now - GiveUpAfter, BatchMax, token);
                    if (rows.Count > 0)
                    {
                        await looks.RequireAsync(work, await MembershipStore.NewestAsync(work, token), token);
                    }
                    foreach (OperationRow row in rows)
                    {
                        await RescueAsync(work, row, now, token);
                    }
                },
                ct);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            logger.TickFailed(failure.Message);
        }
    }

    private Task RescueAsync(UnitOfWork work, OperationRow row, DateTimeOffset now, CancellationToken ct)
    {
        bool isOver = now - DateTimeOffset.FromUnixTimeMilliseconds(row.RequestedAt) > GiveUpAfter;
        return row.IsForQuorum ? RescueQuorumCommandAsync(work, row, isOver, ct) : RescueServiceCommandAsync(work, row, isOver, ct);
    }

    /// <summary>The quorum service answers each copy; what it did for the first changes nothing by the second (rule S5).</summary>
    private async Task RescueQuorumCommandAsync(UnitOfWork work, OperationRow row, bool isOver, CancellationToken ct)
    {
        NodeName about = new(row.Node ?? CommandIntake.Cluster);
        if (isOver)
        {
            string reason = $"the quorum service has not answered within {GiveUpAfter.TotalMinutes} minutes: whether it was carried out is not known; see "
                + "`quorate status` and `quorate fence log`, and whether a quorum replica runs";
            await writer.AnswerAsync(work, about, new Effect.Answer(row.RequestId, ResultCode.Fail, null, [reason]), ct);
        }
        else if (MayBeSentAgain(row))
        {
            logger.CommandSentAgain(row.Command, about.Value, row.RequestId);
            await CommandIntake.SendToQuorumAsync(work, row);
        }
    }

    /// <summary>
    /// False for an order to fence, or to take for fenced, that names no incarnation: a second copy could meet the node's next life. The others
    /// name one, or count once by their request id.
    /// </summary>
    private static bool MayBeSentAgain(OperationRow row) =>
        row.Incarnation is not null || row.Command is not (CommandIntake.Fence or CommandIntake.AcknowledgeFence);

    private async Task RescueServiceCommandAsync(UnitOfWork work, OperationRow row, bool isOver, CancellationToken ct)
    {
        ServiceName service = new(row.Service);
        if (isOver)
        {
            string reason = $"not carried out: its message did not get through within {GiveUpAfter.TotalMinutes} minutes; see #46 and #50 in the log";
            await writer.AnswerAsync(work, service, new Effect.Answer(row.RequestId, ResultCode.Fail, null, [reason]), ct);
            return;
        }
        logger.CommandSentAgain(row.Command, row.Service, row.RequestId);
        await CommandIntake.SendAsync(
            work, ServiceCommands.Message(row.Command, row.RequestId, service, row.Node is null ? null : new NodeName(row.Node)));
    }
}
