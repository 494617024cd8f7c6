using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Bus;

/// <summary>From the transport's context to our handlers: a scope, the crash points, the inbox.</summary>
internal static class Consuming
{
    public static async Task WithInboxAsync<TConsumer, T>(ConsumeContext<T> context, IServiceProvider services)
        where TConsumer : InboxConsumer<T> where T : class
    {
        Receive(context, services);
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        UnitOfWork unit = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        unit.MessageType = typeof(T).Name;
        Delivery delivery = Of(context);
        await unit.RunAsync(
            async (work, token) =>
            {
                if (await work.InboxAsync(delivery.MessageId, typeof(TConsumer).Name))
                {
                    TConsumer consumer = scope.ServiceProvider.GetRequiredService<TConsumer>();
                    await consumer.HandleAsync(context.Message, delivery, work, token);
                }
            },
            context.CancellationToken);
    }

    public static async Task PlainAsync<THandler, T>(ConsumeContext<T> context, IServiceProvider services)
        where THandler : class, IMessageHandler<T> where T : class
    {
        Receive(context, services);
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(context.Message, Of(context), context.CancellationToken);
    }

    public static Task FunctionAsync<T>(
        ConsumeContext<T> context, IServiceProvider services, Func<T, Delivery, CancellationToken, Task> handle) where T : class
    {
        Receive(context, services);
        return handle(context.Message, Of(context), context.CancellationToken);
    }

    /// <summary>Notes the type for the point after the acknowledgement, and passes the first point.</summary>
    public static void Receive<T>(ConsumeContext<T> context, IServiceProvider services) where T : class
    {
        context.ReceiveContext.GetOrAddPayload(() => new ReceivedType(typeof(T).Name));
        services.GetRequiredService<ICrashPoint>().Reached(CrashPoints.Received, typeof(T).Name);
    }

    public static Delivery Of(ConsumeContext context)
    {
        // A foreign sender may give no id; one made up here keeps each delivery a message of its own.
        Guid id = context.MessageId ?? Guid.NewGuid();
        return new Delivery(
            id, context.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
            context.ReceiveContext.Redelivered, context.ReceiveContext.InputAddress.Segments[^1]);
    }
}
