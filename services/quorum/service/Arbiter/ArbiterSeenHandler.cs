using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service.Arbiter;

/// <summary>Remembers how far a peer saw the arbiter count (rule S14).</summary>
internal sealed class ArbiterSeenHandler(ReplicaView view) : IMessageHandler<ArbiterSeen>
{
    public Task HandleAsync(ArbiterSeen message, Delivery delivery, CancellationToken cancellationToken)
    {
        view.Note(new ArbiterSight(message.Era, message.Sequence, message.Generation));
        return Task.CompletedTask;
    }
}
