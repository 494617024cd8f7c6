using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Hosting.Outbox;

/// <summary>
/// Sends what was committed. One dispatcher works at a time over all replicas, so messages of one ordering key leave in their order;
/// a message keeps its id when it is sent again. An unreachable broker costs a row nothing; a row that fails by itself
/// <see cref="AttemptsMax"/> times is parked and raised, and those behind it go on.
/// </summary>
internal sealed class OutboxDispatcher(
    IDatabase database, TablePrefix tables, OutboxSignal signal, BusConnection bus, IEnumerable<IUndeliveredMessages> undelivered, ICrashPoint crash,
    Instruments instruments, TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    public const int AttemptsMax = 5;
    private const int BatchMax = 100;

    private static readonly TimeSpan SendWait = TimeSpan.FromSeconds(5);

    /// <summary>No send begins after this; with <see cref="SendWait"/> it stays below the server's limit for idle transactions.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new DispatchLoop(tables.Outbox, signal.Messages, BatchMax, time, logger).RunAsync(DispatchAsync, CleanAsync, stoppingToken);

    private Task CleanAsync(CancellationToken cancellationToken) =>
        BusTablesCleaning.CleanAsync(database, tables, time.GetUtcNow(), cancellationToken);

    /// <summary>Sends one batch. Returns how many left; null when something waits and another replica has the turn.</summary>
    internal async Task<int?> DispatchAsync(CancellationToken cancellationToken)
    {
        if (!bus.IsReady || !await IsAnythingWaitingAsync(cancellationToken))
        {
            return 0;
        }
        await using DatabaseTransaction? work = await database.TryBeginExclusiveAsync($"dispatch {tables.Outbox}", cancellationToken);
        if (work is null)
        {
            return null;
        }
        List<OutboxRow> rows = [.. await work.Connection.QueryAsync<OutboxRow>(
            $"""
            SELECT id, message_id, message_type, exchange, ordering_key, body, attempts, trace_parent, trace_state FROM {tables.Outbox}
            WHERE is_parked = 0 ORDER BY id LIMIT {BatchMax}
            """, transaction: work.Transaction)];
        long begun = time.GetTimestamp();
        await Task.WhenAll(rows.GroupBy(static row => row.OrderingKey).Select(group => SendInOrderAsync(group, begun, cancellationToken)));
        await SettleAsync(work, rows);
        await work.CommitAsync(CancellationToken.None);
        await RaiseParkedAsync(rows, cancellationToken);
        await TellUndeliveredAsync(rows, cancellationToken);
        return rows.Count(static row => row.IsSent);
    }

    /// <summary>Whoever wrote the message is long done; its trace goes on here. A message without one begins one when the transport sends it.</summary>
    private static Activity? SpanOf(OutboxRow row) =>
        row.TraceParent is null ? null : Traces.Begin($"outbox {MessageTypes.ShortName(row.MessageType)}", row.TraceParent, row.TraceState);

    private static bool IsParked(OutboxRow row) => row.Failure is not null && row.Attempts + 1 >= AttemptsMax;

    private async Task<bool> IsAnythingWaitingAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM {tables.Outbox} WHERE is_parked = 0 LIMIT 1) AS any_row") > 0;
    }

    private async Task SendInOrderAsync(IEnumerable<OutboxRow> rows, long begun, CancellationToken cancellationToken)
    {
        foreach (OutboxRow row in rows)
        {
            if (time.GetElapsedTime(begun) > BatchTime)
            {
                return;
            }
            try
            {
                Type type = MessageTypes.Find(row.MessageType);
                object message = JsonSerializer.Deserialize(row.Body, type)
                    ?? throw new InvalidOperationException("the stored message is null");
                using (SpanOf(row))
                {
                    row.IsReturned = !await bus.DeliverAsync(message, type, row.MessageId, row.Exchange, SendWait, cancellationToken);
                }
                row.IsSent = true;
                crash.Reached(CrashPoints.Sent, MessageTypes.ShortName(row.MessageType));
            }
            catch (BusUnavailableException failure)
            {
                logger.BusUnavailable(tables.Value, failure.Message);
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                row.Failure = $"{failure.GetType().Name}: {failure.Message}";
                logger.SendFailed(row.MessageId, row.MessageType, row.Attempts + 1, row.Failure);
                if (!IsParked(row))
                {
                    return;
                }
            }
        }
    }

    private async Task SettleAsync(DatabaseTransaction work, List<OutboxRow> rows)
    {
        // Numbers of our own making, so they may stand in the text: a list parameter means different things to the two drivers.
        string sent = string.Join(',', rows.Where(static row => row.IsSent).Select(static row => row.Id));
        if (sent.Length > 0)
        {
            await work.Connection.ExecuteAsync($"DELETE FROM {tables.Outbox} WHERE id IN ({sent})", transaction: work.Transaction);
        }
        foreach (OutboxRow row in rows.Where(static row => row.Failure is not null))
        {
            await work.Connection.ExecuteAsync(
                $"UPDATE {tables.Outbox} SET attempts = attempts + 1, failure = @Failure, is_parked = @isParked WHERE id = @Id",
                new { row.Failure, isParked = IsParked(row) ? 1 : 0, row.Id }, work.Transaction);
        }
    }

    private async Task RaiseParkedAsync(List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        foreach (OutboxRow row in rows.Where(IsParked))
        {
            string text = $"Message {row.MessageId} ({MessageTypes.ShortName(row.MessageType)}) for {row.OrderingKey} could not be sent "
                + $"{AttemptsMax} times and is parked in {tables.Outbox}: {row.Failure}";
            logger.MessageParked(text);
            instruments.Raised(Log.MessageParkedId, tables.Value);
            MessageRaised raised = new() { Number = Log.MessageParkedId, Text = text, At = time.GetUtcNow(), Component = tables.Value };
            await bus.TryDeliverAsync(raised, typeof(MessageRaised), null, cancellationToken);
        }
    }

    /// <summary>A queue that is not there is no reason to send again: whoever reads it says so when it is back, and is asked again then.</summary>
    private async Task TellUndeliveredAsync(List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        foreach (OutboxRow row in rows.Where(static row => row.IsReturned))
        {
            logger.QueueNotThere(row.MessageId, MessageTypes.ShortName(row.MessageType), row.Exchange!); // what is published is never given back
        }
        List<UndeliveredMessage> messages = [.. rows
            .Where(static row => row.Exchange is not null && (row.IsReturned || row is { Failure: not null, Attempts: 0 }))
            .Select(static row => new UndeliveredMessage(row.MessageType, row.Exchange!, row.Body, row.Failure ?? "there is no such queue"))];
        foreach (IUndeliveredMessages listener in messages.Count > 0 ? undelivered : [])
        {
            await listener.TellAsync(messages, cancellationToken);
        }
    }
}
