using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Quorum.Service;

/// <summary>Remembers how far a peer saw the arbiter count (rule S14).</summary>
internal sealed class ArbiterSeenHandler(ReplicaView view) : IMessageHandler<ArbiterSeen>
{
    public Task HandleAsync(ArbiterSeen message, Delivery delivery, CancellationToken cancellationToken)
    {
        view.Note(new ReplicaView.Seen(message.Era, message.Sequence, message.Generation));
        return Task.CompletedTask;
    }
}
