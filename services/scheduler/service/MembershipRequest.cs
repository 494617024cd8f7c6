using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;

namespace Quorate.Scheduler.Service;

/// <summary>Asks quorum for the membership at start. A lost request costs one ttl: quorum repeats the membership by itself.</summary>
internal sealed class MembershipRequest(IBusSender bus, QuorateOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new RequestMembership { RequestedBy = options.Replica }, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
