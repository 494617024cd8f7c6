using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>The ears of <see cref="QuorumDouble"/>.</summary>
internal sealed class QuorumDoubleHandler(QuorumDouble quorum, IBusSender bus) : IMessageHandler<RequestMembership>
{
    public Task HandleAsync(RequestMembership message, Delivery delivery, CancellationToken cancellationToken) =>
        message.Look.Length > 0 && quorum.Ask(message.Look) is { } seen ? bus.TryPublishAsync(seen, cancellationToken) : Task.CompletedTask;
}
