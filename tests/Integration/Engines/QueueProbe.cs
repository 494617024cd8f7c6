using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Engines;

/// <summary>Whether a queue is there. A passive declaration counts as a use and would keep it; a message that comes back does not.</summary>
internal static class QueueProbe
{
    public static async Task ExpiresAsync(IConnection connection, string queue)
    {
        CreateChannelOptions confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using IChannel channel = await connection.CreateChannelAsync(confirmed);
        await Eventually.HoldsAsync("the queue has expired", async () =>
        {
            try
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, "{}"u8.ToArray());
                return false;
            }
            catch (PublishException refused) when (refused.IsReturn)
            {
                return true;
            }
        });
    }
}
