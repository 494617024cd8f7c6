using System.Data.Common;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Telemetry;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// Raises the numbered message of a row that could not be locked, read or written. Nothing is lost by it: the transaction was rolled
/// back and is tried again; this only tells an operator why it takes so long.
/// </summary>
internal sealed class RowFailures(MessageRaiser raiser, ILogger<RowFailures> logger)
{
    private const string Component = "scheduler";

    /// <summary>True for what an operator should hear of: not for two transactions in each other's way, which is every day's work.</summary>
    public static bool IsWorthRaising(Exception failure) =>
        failure is RowUnreadableException or TimeoutException || (failure is DbException database && !IsCollision(database));

    /// <summary>Raises the message of this moment.</summary>
    /// <param name="moment">What the row was needed for.</param>
    /// <param name="step">What failed.</param>
    /// <param name="service">Whose row.</param>
    /// <param name="failure">Why.</param>
    /// <param name="ct">Ends the attempt to publish it; it is logged all the same.</param>
    public async Task RaiseAsync(RowMoment moment, RowStep step, ServiceName service, Exception failure, CancellationToken ct)
    {
        logger.EventFailed(service, step.ToString().ToLowerInvariant(), failure.Message);
        await RaiseAsync(MessageOf(moment, step), service, failure.Message, ct);
        if (moment == RowMoment.MarkFailed && step == RowStep.Lock)
        {
            await RaiseAsync(CatalogueMessage.ReportLockFailed, service, failure.Message, ct);
        }
    }

    /// <summary>Logs and publishes a message whose holes are a service, an error, or both.</summary>
    public async Task RaiseAsync(CatalogueMessage message, ServiceName? service, string error, CancellationToken ct)
    {
        MessageDefinition definition = MessageCatalogue.Of(message);
        string[] values = [.. definition.Holes.Select(hole => hole == "Service" ? service?.Value ?? "none" : error)];
        logger.Catalogued(message, values);
        await raiser.TryRaiseAsync(definition.Number, MessageText.Format(definition, values), Component, service, cancellationToken: ct);
    }

    private static bool IsCollision(DbException failure) => failure.SqlState is "40001" or "40P01";

    private static CatalogueMessage MessageOf(RowMoment moment, RowStep step) => (moment, step) switch
    {
        (RowMoment.Start, RowStep.Lock) => CatalogueMessage.StartLockFailed,
        (RowMoment.Start, RowStep.Read) => CatalogueMessage.StartStatusUnknown,
        (RowMoment.Start, _) => CatalogueMessage.StartStateNotWritten,
        (RowMoment.StartEnd, RowStep.Lock) => CatalogueMessage.StartEndLockFailed,
        (RowMoment.StartEnd, _) => CatalogueMessage.StartEndStatusUnknown,
        (RowMoment.Stop, RowStep.Lock) => CatalogueMessage.StopLockFailed,
        (RowMoment.Stop, RowStep.Read) => CatalogueMessage.StopStatusUnknown,
        (RowMoment.StopEnd, RowStep.Lock) => CatalogueMessage.StopEndLockFailed,
        (RowMoment.StopEnd, RowStep.Read) => CatalogueMessage.StopEndStatusUnknown,
        (RowMoment.StopEnd, _) => CatalogueMessage.StopEndStateNotWritten,
        (RowMoment.StatusCheck, RowStep.Lock) => CatalogueMessage.StatusLockFailed,
        (RowMoment.StatusCheck, RowStep.Read) => CatalogueMessage.StatusStateUnknown,
        (RowMoment.MarkFailed, RowStep.Lock) => CatalogueMessage.MarkFailedLockFailed,
        (RowMoment.MarkFailed, RowStep.Read) => CatalogueMessage.MarkFailedStatusUnknown,
        (RowMoment.MarkFailed, _) => CatalogueMessage.MarkFailedStateNotWritten,
        // What a failed check leads to begins with a stop.
        _ => CatalogueMessage.StopStateNotWritten,
    };
}
