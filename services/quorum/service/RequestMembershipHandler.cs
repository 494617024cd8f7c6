using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>Publishes the membership for a scheduler that starts, and looks at the database for one that asks for that (rule S14).</summary>
internal sealed class RequestMembershipHandler(
    ReplicaView view, QuorumTiming timing, QuorateOptions options, IBusSender bus, TimeProvider time, ILogger<RequestMembershipHandler> logger)
    : IMessageHandler<RequestMembership>
{
    public async Task HandleAsync(RequestMembership message, Delivery delivery, CancellationToken cancellationToken)
    {
        logger.MembershipRequested(message.RequestedBy);
        if (message.Look is { Length: > 0 } look && await LookAsync(cancellationToken))
        {
            await bus.TryPublishAsync(view.Seen(options.Replica, look), cancellationToken);
        }

        if (view.Membership is { } membership)
        {
            await bus.TryPublishAsync(membership, cancellationToken);
        }
    }

    /// <summary>Who asks again finds another replica, or this one when the database is there again.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        Task look = view.NextLook;
        view.Kick();
        try
        {
            await look.WaitAsync(timing.HeartbeatInterval, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
