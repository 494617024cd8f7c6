using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;

namespace Quorate.Hosting;

/// <summary>Hosting's own events, 1500 to 1599.</summary>
internal static partial class Log
{
    public const int MessageParkedId = 1501;

    [LoggerMessage(EventId = 1500, Level = LogLevel.Warning, Message = "Outbox of {Tables} could not be read: {Reason}")]
    public static partial void DispatchFailed(this ILogger logger, string tables, string reason);

    [LoggerMessage(EventId = MessageParkedId, Level = LogLevel.Error, Message = "{Text}")]
    public static partial void MessageParked(this ILogger logger, string text);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "Message {MessageId} ({MessageType}) was not sent, attempt {Attempt}: {Reason}")]
    public static partial void SendFailed(this ILogger logger, Guid messageId, string messageType, int attempt, string reason);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "The outbox of {Tables} waits for the bus: {Reason}")]
    public static partial void BusUnavailable(this ILogger logger, string tables, string reason);

    [LoggerMessage(EventId = 1504, Level = LogLevel.Warning, Message = "The bus is not up after {Seconds} s; this process goes on without it and keeps trying")]
    public static partial void StartedWithoutBus(this ILogger logger, double seconds);

    [LoggerMessage(EventId = 1505, Level = LogLevel.Warning, Message = "The database is not ready: {Reason}; trying again for {Seconds} s")]
    public static partial void DatabaseNotReady(this ILogger logger, string reason, double seconds);

    [LoggerMessage(EventId = 1506, Level = LogLevel.Information, Message = "The bus is up, {Endpoints} endpoints are connected")]
    public static partial void BusIsUp(this ILogger logger, int endpoints);

    [LoggerMessage(EventId = 1507, Level = LogLevel.Warning, Message = "No round trip over the bus for {Seconds} s: {Reason}")]
    public static partial void NoRoundTrip(this ILogger logger, double seconds, string reason);

    [LoggerMessage(EventId = 1508, Level = LogLevel.Warning, Message = "Queue {Queue} could not be removed: {Reason}. It expires by itself")]
    public static partial void QueueNotRemoved(this ILogger logger, string queue, string reason);

    [LoggerMessage(EventId = 1509, Level = LogLevel.Warning,
        Message = "Parked message {Id} ({Type}) of {Queue} was {What} by an operator; message id {MessageId}")]
    public static partial void ParkedMessageSettled(this ILogger logger, string id, string type, string queue, string what, string messageId);

    [LoggerMessage(EventId = 1510, Level = LogLevel.Warning, Message = "Parked messages could not be counted: {Reason}")]
    public static partial void ParkedNotCounted(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1511, Level = LogLevel.Warning,
        Message = "Queue {Queue} has not been consumed for {Seconds} s although the broker is there; its endpoint is started anew")]
    public static partial void EndpointStartedAnew(this ILogger logger, string queue, double seconds);

    [LoggerMessage(EventId = 1512, Level = LogLevel.Warning, Message = "The endpoint of queue {Queue} could not be started anew: {Reason}; it is tried again")]
    public static partial void EndpointNotStarted(this ILogger logger, string queue, string reason);

    [LoggerMessage(EventId = 1514, Level = LogLevel.Warning, Message = "Whether the broker is there could not be found out: {Reason}; it is asked again")]
    public static partial void BrokerNotAsked(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1513, Level = LogLevel.Warning, Message = "{MessageType} was not sent, for a reason that is no outage: {Reason}")]
    public static partial void NotSent(this ILogger logger, string messageType, string reason);

    [LoggerMessage(EventId = 1515, Level = LogLevel.Warning, Message = "The bus could not be started: {Reason}; it is tried again in {Seconds} s")]
    public static partial void BusNotStarted(this ILogger logger, string reason, double seconds);

    [LoggerMessage(EventId = 1516, Level = LogLevel.Warning, Message = "A message that came to {Queue} cannot be understood and was put into its error queue: {Reason}")]
    public static partial void MessageRefused(this ILogger logger, string queue, string reason);

    [LoggerMessage(EventId = 1517, Level = LogLevel.Warning, Message = "The answer to request {RequestId} cannot be given to {Queue}: {Reason}")]
    public static partial void ReplyDropped(this ILogger logger, string requestId, string queue, string reason);

    [LoggerMessage(EventId = 1518, Level = LogLevel.Information, Message = "The answer to {Query} has nobody to go to: there is no queue {Queue} any more")]
    public static partial void AskerIsGone(this ILogger logger, string query, string queue);

    [LoggerMessage(EventId = 1540, Level = LogLevel.Warning, Message = "Message {MessageId} ({MessageType}) found no queue {Queue}: whoever reads it is not there")]
    public static partial void QueueNotThere(this ILogger logger, Guid messageId, string messageType, string queue);

    [LoggerMessage(EventId = 1541, Level = LogLevel.Critical, Message = "This process could not start: {Reason}")]
    public static partial void NotStarted(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1542, Level = LogLevel.Warning, Message = "Nothing is taken from {Queues} yet, {Seconds} s after the start: {Reason}")]
    public static partial void QueuesNotOpened(this ILogger logger, string queues, double seconds, string reason);

    [LoggerMessage(EventId = (int)CatalogueMessage.ConfigurationUnreachable, EventName = nameof(CatalogueMessage.ConfigurationUnreachable),
        Level = LogLevel.Critical, Message = "#5: Couldn't connect to ccsd!")]
    public static partial void ConfigurationUnreachable(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartupFailed, EventName = nameof(CatalogueMessage.StartupFailed),
        Level = LogLevel.Critical, Message = "#8: Couldn't initialize services")]
    public static partial void StartupFailed(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.ListenerNotOpened, EventName = nameof(CatalogueMessage.ListenerNotOpened),
        Level = LogLevel.Critical, Message = "#10: Couldn't set up listen socket")]
    public static partial void ListenerNotOpened(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.StateListenerNotOpened, EventName = nameof(CatalogueMessage.StateListenerNotOpened),
        Level = LogLevel.Critical, Message = "#11: Couldn't set up VF listen socket")]
    public static partial void StateListenerNotOpened(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.MessageHeaderNotReceived, EventName = nameof(CatalogueMessage.MessageHeaderNotReceived),
        Level = LogLevel.Error, Message = "#37: Error receiving message header")]
    public static partial void MessageHeaderNotReceived(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.MessageMagicInvalid, EventName = nameof(CatalogueMessage.MessageMagicInvalid),
        Level = LogLevel.Error, Message = "#38: Invalid magic: Wanted 0x{Wanted}, got 0x{Got}")]
    public static partial void MessageMagicInvalid(this ILogger logger, string wanted, string got);

    [LoggerMessage(EventId = (int)CatalogueMessage.MessageIncomplete, EventName = nameof(CatalogueMessage.MessageIncomplete),
        Level = LogLevel.Error, Message = "#39: Error receiving entire request")]
    public static partial void MessageIncomplete(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.ActionReplyFailed, EventName = nameof(CatalogueMessage.ActionReplyFailed),
        Level = LogLevel.Error, Message = "#40: Error replying to action request.")]
    public static partial void ActionReplyFailed(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.MessagesParked, EventName = nameof(CatalogueMessage.MessagesParked),
        Level = LogLevel.Error, Message = "#1520: Messages are parked in {Queue}: {Parked}")]
    public static partial void MessagesParked(this ILogger logger, string queue, long parked);

    [LoggerMessage(EventId = (int)CatalogueMessage.ParkedMessagesDropped, EventName = nameof(CatalogueMessage.ParkedMessagesDropped),
        Level = LogLevel.Critical, Message = "#1521: The room for parked messages of {Queue} is used up, the oldest are dropped")]
    public static partial void ParkedMessagesDropped(this ILogger logger, string queue);

    [LoggerMessage(EventId = 1530, Level = LogLevel.Warning,
        Message = "The API on {Addresses} is open: whoever reaches it may give commands. Set Quorate:TokensFile, or listen on 127.0.0.1 alone")]
    public static partial void ApiIsOpen(this ILogger logger, string addresses);

    [LoggerMessage(EventId = 1531, Level = LogLevel.Information, Message = "The tokens of {File} are taken: {Count} count now")]
    public static partial void TokensTaken(this ILogger logger, string file, int count);

    [LoggerMessage(EventId = 1532, Level = LogLevel.Error,
        Message = "The tokens file was changed and cannot be used: {Reason}. Those that counted before count on; correct the file")]
    public static partial void TokensNotTaken(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1533, Level = LogLevel.Information, Message = "{Method} {Path} is asked for by {Name}")]
    public static partial void AskedFor(this ILogger logger, string method, PathString path, string name);
}
