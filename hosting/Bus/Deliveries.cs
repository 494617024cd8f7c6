using System.Globalization;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Quorate.Contracts.V1;
using Quorate.Hosting.Replies;
using RabbitMQ.Client;

namespace Quorate.Hosting.Bus;

/// <summary>Reads what the transport says about a message: who sent it when, until when it counts, and who wants the answer.</summary>
internal static class Deliveries
{
    public static Delivery Of(ConsumeContext context, object message, TimeProvider time)
    {
        // A foreign sender may give no id; one made up here keeps each delivery a message of its own.
        Guid id = context.MessageId ?? Guid.NewGuid();
        return new Delivery(
            id, context.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
            context.ReceiveContext.Redelivered, context.ReceiveContext.InputAddress.Segments[^1])
        {
            IsExpired = IsExpired(context, message, time.GetUtcNow()),
            ReplyTo = ReplyToOf(context),
        };
    }

    /// <summary>Where plain JSON is to be answered to; null when the message does not say.</summary>
    public static ReplyAddress? ReplyToOf(ReceiveContext context) =>
        PropertiesOf(context) is { } properties && properties.IsReplyToPresent()
            ? ReplyAddress.Of(properties.ReplyTo, properties.IsCorrelationIdPresent() ? properties.CorrelationId : null)
            : null;

    private static ReplyAddress? ReplyToOf(ConsumeContext context) => context switch
    {
        { ResponseAddress: { } client, RequestId: { } request } => ReplyAddress.OfClient(client, request),
        _ => ReplyToOf(context.ReceiveContext),
    };

    /// <summary>
    /// What expires at the broker is dropped there. What expires in our hands, while the database is away, is judged here: the property counts
    /// from when the broker had the message, of which we know no more than that it was before we got it.
    /// </summary>
    private static bool IsExpired(ConsumeContext context, object message, DateTimeOffset now) =>
        (message is ICommand { ExpiresAt: { } until } && until <= now)
        || (context.ExpirationTime is { } expiration && DateTime.SpecifyKind(expiration, DateTimeKind.Utc) <= now.UtcDateTime)
        || (PropertiesOf(context.ReceiveContext) is { } properties && properties.IsExpirationPresent()
            && long.TryParse(properties.Expiration, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && context.ReceiveContext.ElapsedTime.TotalMilliseconds > milliseconds);

    private static IReadOnlyBasicProperties? PropertiesOf(ReceiveContext context) =>
        context.TryGetPayload(out RabbitMqBasicConsumeContext? delivered) ? delivered.Properties : null;
}
