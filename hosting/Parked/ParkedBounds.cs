using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Quorate.Hosting.Parked;

/// <summary>
/// How much may be parked. What is beyond is dropped, the oldest first: a parked message is a hint that nobody could use, and all work is
/// derived again from the rows (rule S13), while a broker without disk stops everything.
/// </summary>
public static class ParkedBounds
{
    /// <summary>Messages in one queue of parked ones.</summary>
    public const int MessagesMax = 10_000;

    /// <summary>Bytes in one queue of parked ones.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    /// <summary>Messages of one place that are shown at a time.</summary>
    public const int ShownMax = 100;

    /// <summary>
    /// How often a parked message may be looked at: each look takes it and puts it back. The limit of the queue it came from, 20, would be
    /// copied otherwise, and twenty looks at the list would remove what they show.
    /// </summary>
    private const int LooksMax = 1_000_000;

    /// <summary>What failed at an endpoint that ends with its process is kept beyond it for so long: later nobody knows the queue's name.</summary>
    private static readonly TimeSpan TemporaryRetention = TimeSpan.FromHours(1);

    /// <summary>The bounds as arguments of the queue.</summary>
    internal static void Apply(IRabbitMqQueueConfigurator queue)
    {
        queue.SetQueueArgument("x-max-length", MessagesMax);
        queue.SetQueueArgument("x-max-length-bytes", BytesMax);
        queue.SetQueueArgument("x-overflow", "drop-head");
        queue.SetQueueArgument("x-queue-type", "quorum");
        queue.SetQueueArgument("x-delivery-limit", LooksMax);
        if (queue is EntitySettings { Durable: false })
        {
            queue.Durable = true;
            queue.AutoDelete = false;
            queue.Exclusive = false;
            queue.SetQueueArgument("x-expires", (int)TemporaryRetention.TotalMilliseconds);
        }
    }
}
