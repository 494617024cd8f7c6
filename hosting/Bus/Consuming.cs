using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts.V1;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Queries;
using Quorate.Hosting.Refusals;

namespace Quorate.Hosting.Bus;

/// <summary>From the transport's context to our handlers: a scope, the crash points, the inbox, who wants the answer.</summary>
internal static class Consuming
{
    public static async Task WithInboxAsync<TConsumer, T>(ConsumeContext<T> context, IServiceProvider services)
        where TConsumer : InboxConsumer<T> where T : class
    {
        Receive(context, services);
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        UnitOfWork unit = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        Delivery delivery = Begin(unit, context, services);
        await unit.RunAsync(
            async (work, token) =>
            {
                if (!await work.InboxAsync(delivery.MessageId, typeof(TConsumer).Name))
                {
                    return;
                }
                if (delivery.IsExpired && context.Message is ICommand command)
                {
                    await work.Outbox.PublishAsync(Refusal.Expired(command, null), command.RequestId);
                    return;
                }
                TConsumer consumer = scope.ServiceProvider.GetRequiredService<TConsumer>();
                await consumer.HandleAsync(context.Message, delivery, work, token);
            },
            context.CancellationToken);
    }

    public static async Task PlainAsync<THandler, T>(ConsumeContext<T> context, IServiceProvider services)
        where THandler : class, IMessageHandler<T> where T : class
    {
        Receive(context, services);
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(context.Message, DeliveryOf(context, services), context.CancellationToken);
    }

    public static Task FunctionAsync<T>(
        ConsumeContext<T> context, IServiceProvider services, Func<T, Delivery, CancellationToken, Task> handle) where T : class
    {
        Receive(context, services);
        return handle(context.Message, DeliveryOf(context, services), context.CancellationToken);
    }

    /// <summary>Answers a query to the one who asked. It is not asked twice, and nobody else hears the answer.</summary>
    public static async Task QueryAsync<THandler, T>(ConsumeContext<T> context, IServiceProvider services)
        where THandler : class, IQueryHandler<T> where T : class, IQuery
    {
        Receive(context, services);
        Delivery delivery = DeliveryOf(context, services);
        if (delivery.IsExpired)
        {
            return;
        }
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        QueryAnswering answering = services.GetRequiredService<QueryAnswering>();
        await answering.AnswerAsync(scope.ServiceProvider.GetRequiredService<THandler>(), context.Message, delivery, context.CancellationToken);
    }

    /// <summary>Notes the type for the point after the acknowledgement, and passes the first point.</summary>
    public static void Receive<T>(ConsumeContext<T> context, IServiceProvider services) where T : class
    {
        context.ReceiveContext.GetOrAddPayload(() => new ReceivedType(typeof(T).Name));
        services.GetRequiredService<ICrashPoint>().Reached(CrashPoints.Received, typeof(T).Name);
    }

    /// <summary>Tells a unit of work which delivery it works on, and who wants the answer to it.</summary>
    public static Delivery Begin<T>(UnitOfWork unit, ConsumeContext<T> context, IServiceProvider services) where T : class
    {
        Delivery delivery = DeliveryOf(context, services);
        unit.MessageType = typeof(T).Name;
        unit.Delivery = delivery;
        if (context.Message is ICommand command)
        {
            unit.Replies.Expect(command.RequestId, delivery.ReplyTo);
        }
        return delivery;
    }

    private static Delivery DeliveryOf<T>(ConsumeContext<T> context, IServiceProvider services) where T : class =>
        Deliveries.Of(context, context.Message, services.GetRequiredService<TimeProvider>());
}
