using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Sagas;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>
/// Gives the machine its row. The row is written where the decision is, by <see cref="Evaluation.ServiceDecisions"/>, the same way
/// for events of the bus, deadlines and plans; so there is nothing left to write when the machine is done.
/// </summary>
internal sealed class ServiceSagaStore(RowFailures failures) : ISagaStore<ServiceSaga>
{
    private bool _isLocked;

    public async Task<ServiceSaga?> LoadAsync(UnitOfWork work, Guid correlationId, CancellationToken cancellationToken)
    {
        StoredService? stored = await ServiceStore.LockAsync(work, correlationId, cancellationToken);
        _isLocked = true;
        return stored is null ? null : new ServiceSaga
        {
            CorrelationId = correlationId,
            CurrentState = stored.Record.State.ToString(),
            Stored = stored,
            Record = stored.Record,
        };
    }

    /// <summary>Rows come from the configuration: no event makes a service.</summary>
    public Task<bool> InsertAsync(UnitOfWork work, ServiceSaga saga, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a service's row is made when the configuration is loaded");

    public Task<bool> UpdateAsync(UnitOfWork work, ServiceSaga saga, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task DeleteAsync(UnitOfWork work, ServiceSaga saga, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a service's row stays as long as the service is configured");

    public async Task FailedAsync(object message, Exception failure, CancellationToken cancellationToken)
    {
        Exception cause = failure is SagaException { InnerException: { } inner } ? inner : failure;
        if (RowFailures.IsWorthRaising(cause) && NeededFor(message) is var (moment, service))
        {
            RowStep step = cause is RowUnreadableException ? RowStep.Read : _isLocked ? RowStep.Write : RowStep.Lock;
            await failures.RaiseAsync(moment, step, service, cause, cancellationToken);
        }
    }

    /// <summary>What the row was needed for; null for a probe, which has no number of its own.</summary>
    private static (RowMoment Moment, ServiceName Service)? NeededFor(object message) => message switch
    {
        OperationEnded { Action: NodeAction.Start } report => (RowMoment.StartEnd, report.Service),
        OperationEnded { Action: NodeAction.Stop, Outcome: OperationOutcome.Failed } report => (RowMoment.MarkFailed, report.Service),
        OperationEnded { Action: NodeAction.Stop } report => (RowMoment.StopEnd, report.Service),
        ServiceStatusFailed report => (RowMoment.StatusCheck, report.Service),
        EnableService command => (RowMoment.Start, command.Service),
        IServiceCommand command => (RowMoment.Stop, command.Service),
        _ => null,
    };
}
