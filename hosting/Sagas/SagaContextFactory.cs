using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Sagas;

/// <summary>
/// Runs a saga event in one transaction: the inbox mark first, then the row, locked, then what the machine writes. The machine of a
/// message that was consumed before is not asked.
/// </summary>
internal sealed class SagaContextFactory<TSaga, TStore>(IServiceScopeFactory scopes, string queue)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, SagaStateMachineInstance where TStore : class, ISagaStore<TSaga>
{
    private const string NoQueries = "this saga is found by its id alone: correlate with CorrelateById";

    private readonly string _consumer = $"{queue} {typeof(TSaga).Name}";

    public void Probe(ProbeContext context) => context.Add("persistence", "quorate");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Consuming.Receive(context, scope.ServiceProvider);
        UnitOfWork unit = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        Delivery delivery = Consuming.Begin(unit, context, scope.ServiceProvider);
        ISagaStore<TSaga> store = scope.ServiceProvider.GetRequiredService<TStore>();
        try
        {
            await unit.RunAsync(
                async (work, token) =>
                {
                    if (await work.InboxAsync(delivery.MessageId, _consumer))
                    {
                        await next.Send(new SagaContext<TSaga, T>(context, store, work, scope.ServiceProvider));
                    }
                },
                context.CancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && context.GetRetryAttempt() == 0)
        {
            await store.FailedAsync(context.Message, failure, context.CancellationToken);
            throw;
        }
    }

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => throw new NotSupportedException(NoQueries);

    Task<T> ILoadSagaRepositoryContextFactory<TSaga>.Execute<T>(
        Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken) =>
        throw new NotSupportedException(NoQueries);

    Task<T> IQuerySagaRepositoryContextFactory<TSaga>.Execute<T>(
        Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken) =>
        throw new NotSupportedException(NoQueries);
}
