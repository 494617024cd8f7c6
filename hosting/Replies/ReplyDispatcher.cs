using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Hosting.Replies;

/// <summary>
/// Sends committed answers to the queues of those who asked, beside the outbox, so that a queue that is full, slow or gone holds up no order
/// and no other answer for long. An answer that cannot be given is dropped with #40: it is kept with its command, and asking again with the
/// same request id gets it.
/// </summary>
internal sealed class ReplyDispatcher(
    IDatabase database, TablePrefix tables, OutboxSignal signal, BusConnection bus, MessageRaiser raiser, TimeProvider time,
    ILogger<ReplyDispatcher> logger) : BackgroundService
{
    public const int AttemptsMax = 3;
    private const int BatchMax = 100;

    /// <summary>How many requests one raised message names.</summary>
    private const int NamedMax = 5;

    /// <summary>All answers of a batch are sent side by side, so this is about what a batch takes at most.</summary>
    private static readonly TimeSpan SendWait = TimeSpan.FromSeconds(3);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new DispatchLoop(tables.ReplyOutbox, signal.Replies, BatchMax, time, logger).RunAsync(DispatchAsync, static _ => Task.CompletedTask, stoppingToken);

    /// <summary>Sends one batch. Returns how many rows are done with; null when something waits and another replica has the turn.</summary>
    internal async Task<int?> DispatchAsync(CancellationToken cancellationToken)
    {
        if (!bus.IsReady || !await IsAnythingWaitingAsync(cancellationToken))
        {
            return 0;
        }
        await using DatabaseTransaction? work = await database.TryBeginExclusiveAsync($"dispatch {tables.ReplyOutbox}", cancellationToken);
        if (work is null)
        {
            return null;
        }
        // Those that failed come last: they must not fill every batch.
        List<ReplyRow> rows = [.. await work.Connection.QueryAsync<ReplyRow>(
            $"""
            SELECT id, message_id, message_type, request_id, address, body, attempts, trace_parent, trace_state FROM {tables.ReplyOutbox}
            ORDER BY attempts, id LIMIT {BatchMax}
            """, transaction: work.Transaction)];
        await Task.WhenAll(rows.Select(row => SendAsync(row, cancellationToken)));
        await SettleAsync(work, rows);
        await work.CommitAsync(CancellationToken.None);
        await RaiseAsync([.. rows.Where(IsDropped)], cancellationToken);
        return rows.Count(static row => row.IsSent || IsDropped(row));
    }

    private static bool IsDropped(ReplyRow row) => row.Failure is not null && (row.IsHopeless || row.Attempts + 1 >= AttemptsMax);

    private static Activity? SpanOf(ReplyRow row) =>
        row.TraceParent is null ? null : Traces.Begin($"reply {MessageTypes.ShortName(row.MessageType)}", row.TraceParent, row.TraceState);

    private async Task<bool> IsAnythingWaitingAsync(CancellationToken cancellationToken)
    {
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>($"SELECT COUNT(*) FROM (SELECT 1 FROM {tables.ReplyOutbox} LIMIT 1) AS any_row") > 0;
    }

    private async Task SendAsync(ReplyRow row, CancellationToken cancellationToken)
    {
        try
        {
            Type type = MessageTypes.Find(row.MessageType);
            object message = JsonSerializer.Deserialize(row.Body, type) ?? throw new InvalidOperationException("the stored answer is null");
            using Activity? span = SpanOf(row);
            row.IsSent = await bus.ReplyAsync(message, type, row.MessageId, ReplyAddress.Parse(row.Address), SendWait, cancellationToken);
            if (!row.IsSent)
            {
                (row.Failure, row.IsHopeless) = ("there is no such queue", true);
            }
        }
        catch (BusUnavailableException failure)
        {
            logger.BusUnavailable(tables.Value, failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            row.Failure = failure.Message;
            logger.SendFailed(row.MessageId, row.MessageType, row.Attempts + 1, row.Failure);
        }
    }

    private async Task SettleAsync(DatabaseTransaction work, List<ReplyRow> rows)
    {
        // Numbers of our own making, so they may stand in the text: a list parameter means different things to the two drivers.
        string done = string.Join(',', rows.Where(static row => row.IsSent || IsDropped(row)).Select(static row => row.Id));
        string failed = string.Join(',', rows.Where(static row => row.Failure is not null && !IsDropped(row)).Select(static row => row.Id));
        if (done.Length > 0)
        {
            await work.Connection.ExecuteAsync($"DELETE FROM {tables.ReplyOutbox} WHERE id IN ({done})", transaction: work.Transaction);
        }
        if (failed.Length > 0)
        {
            await work.Connection.ExecuteAsync($"UPDATE {tables.ReplyOutbox} SET attempts = attempts + 1 WHERE id IN ({failed})", transaction: work.Transaction);
        }
    }

    /// <summary>One message for all of a batch: whoever asks without waiting does so by the hundred.</summary>
    private async Task RaiseAsync(List<ReplyRow> dropped, CancellationToken cancellationToken)
    {
        foreach (ReplyRow row in dropped)
        {
            logger.ReplyDropped(row.RequestId, ReplyAddress.Parse(row.Address).Address, row.Failure!); // dropped ones have failed
            logger.ActionReplyFailed();
        }
        if (dropped.Count > 0)
        {
            MessageDefinition definition = MessageCatalogue.Of(CatalogueMessage.ActionReplyFailed);
            string text = $"{MessageText.Format(definition, [])} ({string.Join(", ", dropped.Take(NamedMax).Select(static row => row.RequestId))}: {dropped[0].Failure})";
            await raiser.TryRaiseAsync(definition.Number, text, tables.Value, cancellationToken: cancellationToken);
        }
    }
}
