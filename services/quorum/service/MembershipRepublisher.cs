using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>
/// Says again every ttl what was said before: the membership, for whoever missed it, and how far the arbiter was seen to count, for the
/// other replicas (rule S14). A task of its own, since a broker that hangs must not keep a replica from its beat.
/// </summary>
internal sealed class MembershipRepublisher(
    QuorumTiming timing, QuorateOptions options, ReplicaView view, IBusSender bus, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                TimeSpan pause = timing.TickInterval;
                if (view.Membership is { } membership)
                {
                    pause = timing.RepublishInterval;
                    await bus.TryPublishAsync(membership, stoppingToken);
                    await bus.TryPublishAsync(view.Seen(options.Replica), stoppingToken);
                }

                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
