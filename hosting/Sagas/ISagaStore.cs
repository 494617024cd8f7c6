using MassTransit;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Sagas;

/// <summary>How a service keeps its saga's row. Every statement runs on <c>work.Connection</c> with <c>work.Transaction</c>.</summary>
public interface ISagaStore<TSaga> where TSaga : class, SagaStateMachineInstance
{
    /// <summary>Reads the row and locks it (<c>work.Dialect.ForUpdate</c>); null when there is none.</summary>
    Task<TSaga?> LoadAsync(UnitOfWork work, Guid correlationId, CancellationToken cancellationToken);

    /// <summary>Writes a new row.</summary>
    /// <returns>False when one exists (<c>ON CONFLICT DO NOTHING</c>): the message is tried again.</returns>
    Task<bool> InsertAsync(UnitOfWork work, TSaga saga, CancellationToken cancellationToken);

    /// <summary>Writes the row back if its version is the one that was loaded, and raises the version.</summary>
    /// <returns>False when the version moved: the message is tried again.</returns>
    Task<bool> UpdateAsync(UnitOfWork work, TSaga saga, CancellationToken cancellationToken);

    /// <summary>Removes the row of a finished saga.</summary>
    Task DeleteAsync(UnitOfWork work, TSaga saga, CancellationToken cancellationToken);

    /// <summary>
    /// An event failed and its transaction was rolled back; it is tried again or goes to the error queue. Called once for each
    /// delivery, on the store that served the event, to say so to an operator. Must not throw.
    /// </summary>
    Task FailedAsync(object message, Exception failure, CancellationToken cancellationToken) => Task.CompletedTask;
}
