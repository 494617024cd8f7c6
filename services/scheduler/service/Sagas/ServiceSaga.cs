using MassTransit;
using Quorate.Contracts;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>One service as MassTransit sees it: the state by name, and the record all decisions are made from.</summary>
public sealed class ServiceSaga : SagaStateMachineInstance
{
    /// <inheritdoc/>
    public Guid CorrelationId { get; set; }

    /// <summary>The machine's name of the record's state; stored as text.</summary>
    public string CurrentState { get; set; } = nameof(ServiceState.Uninitialized);

    /// <summary>The row as it was locked.</summary>
    internal StoredService Stored { get; set; } = null!;

    /// <summary>The record to write; the locked one until a decision replaced it.</summary>
    internal ServiceRecord Record { get; set; } = null!;
}
