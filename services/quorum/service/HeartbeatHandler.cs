using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Quorum.Service;

/// <summary>Heartbeats over the bus, answered to the queue of the incarnation that sent them.</summary>
internal sealed class HeartbeatHandler(HeartbeatIntake intake, IBusSender bus) : IMessageHandler<NodeHeartbeat>
{
    public async Task HandleAsync(NodeHeartbeat message, Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            if (await intake.AskAsync(message, cancellationToken) is { } answer)
            {
                await bus.TrySendAsync(answer, QueueNames.ToExecutor(message.Node, message.Incarnation), cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            // Older than a ttl: an answer would grant nothing any more, and the node has sent newer ones.
        }
    }
}
