using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Sagas;

/// <summary>One event's view of the saga's row.</summary>
internal sealed class SagaContext<TSaga, T> : ConsumeContextScope<T>, SagaRepositoryContext<TSaga, T>
    where TSaga : class, SagaStateMachineInstance where T : class
{
    private readonly ISagaStore<TSaga> _store;
    private readonly UnitOfWork _work;
    private readonly SagaConsumeContextFactory<UnitOfWork, TSaga> _contexts = new();

    public SagaContext(ConsumeContext<T> context, ISagaStore<TSaga> store, UnitOfWork work, IServiceProvider services)
        : base(context, work, services)
    {
        _store = store;
        _work = work;
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        _contexts.CreateSagaConsumeContext(_work, consumeContext, instance, mode);

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => Context(instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance) =>
        await _store.InsertAsync(_work, instance, CancellationToken)
            ? await Context(instance, SagaConsumeContextMode.Insert)
            : null!; // MassTransit's contract: null says that the row exists.

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
        await _store.LoadAsync(_work, correlationId, CancellationToken) is { } saga
            ? await Context(saga, SagaConsumeContextMode.Load)
            : null!; // MassTransit's contract: null says that there is no row.

    public async Task Save(SagaConsumeContext<TSaga> context) =>
        Require(await _store.InsertAsync(_work, context.Saga, CancellationToken), context.Saga);

    public async Task Update(SagaConsumeContext<TSaga> context) =>
        Require(await _store.UpdateAsync(_work, context.Saga, CancellationToken), context.Saga);

    public Task Delete(SagaConsumeContext<TSaga> context) => _store.DeleteAsync(_work, context.Saga, CancellationToken);

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    private static void Require(bool isWritten, TSaga saga)
    {
        if (!isWritten)
        {
            throw new SagaConflictException($"{typeof(TSaga).Name} {saga.CorrelationId} was changed by another transaction");
        }
    }

    /// <summary>Made from this context, which carries the unit of work and the scope to the machine's steps.</summary>
    private Task<SagaConsumeContext<TSaga, T>> Context(TSaga saga, SagaConsumeContextMode mode) =>
        _contexts.CreateSagaConsumeContext(_work, this, saga, mode);
}
