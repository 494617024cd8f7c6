using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Quorum.Service;

/// <summary>Publishes the membership for a scheduler that starts.</summary>
internal sealed class RequestMembershipHandler(ReplicaView view, IBusSender bus, ILogger<RequestMembershipHandler> logger) : IMessageHandler<RequestMembership>
{
    public async Task HandleAsync(RequestMembership message, Delivery delivery, CancellationToken cancellationToken)
    {
        logger.MembershipRequested(message.RequestedBy);
        if (view.Membership is { } membership)
        {
            await bus.TryPublishAsync(membership, cancellationToken);
        }
    }
}
