using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#1520 and #1521: messages that nobody could handle or send. Our own.</summary>
internal static class QueueMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.MessagesParked, Error, Scheduler,
            "Messages are parked in <queue>: <number>", ["Queue", "Parked"],
            "A message could not be handled, or not be sent, as often as that is tried, so it was put aside and those behind it went on. "
            + "Services are safe: all work is derived again from the database.",
            "Look at each of them and its reason with `quorate queues`. Remove the reason, then say `quorate queues replay` with its id, or "
            + "`quorate queues drop` if nobody needs it any more."),

        new(CatalogueMessage.ParkedMessagesDropped, Critical, Scheduler,
            "The room for parked messages of <queue> is used up, the oldest are dropped", ["Queue"],
            "Ten thousand messages, or 64 MiB, of one queue are parked, which means that something fails every time. What is dropped is "
            + "lost; services are safe, since all work is derived again from the database.",
            "Look at the newest reasons with `quorate queues`, remove the cause, and then replay or drop what is parked."),
    ];
}
