using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Events;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Keeps the newest membership and asks for its evaluation. An older or repeated one changes nothing.</summary>
internal sealed class MembershipConsumer(EvaluationSignals signals, TimeProvider time, ILogger<MembershipConsumer> logger) : InboxConsumer<MembershipChanged>
{
    public override async Task HandleAsync(MembershipChanged message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        // Read before it is stored: one that no decision can be made from would stop every evaluation, after each restart again.
        _ = MembershipView.From(message);
        long? behind = await CompareConfigurationAsync(message, work, cancellationToken);
        MembershipChanged? before = await MembershipStore.NewestAsync(work, cancellationToken);
        if (!await MembershipStore.OfferAsync(work, message, cancellationToken))
        {
            return;
        }
        if (behind is { } own)
        {
            logger.QuorumCountsByAnother(message.ConfigurationVersion, own, message.ConfigurationVersion + 1);
        }
        if (EventText.Of(before, message) is { } text)
        {
            await EventStore.AppendAsync(work, time.GetUtcNow(), "membership", null, null, text, message, cancellationToken);
        }
        string nodes = string.Join(", ", message.Nodes.Select(node => $"{node.Name} {node.State.ToString().ToLowerInvariant()}"));
        logger.MembershipStored(message.Generation, message.IsQuorate ? "quorate" : "not quorate", nodes);
        work.OnCommitted(signals.MembershipChanged);
    }

    /// <summary>
    /// Quorum and schedulers must decide by one configuration. Its publication may be lost (a broker that came up empty, a message that was
    /// dropped), so it is told again with each membership until quorum counts by it (rule S13).
    /// </summary>
    /// <returns>The version in force here where quorum's is not older, and another; null as a rule.</returns>
    private static async Task<long?> CompareConfigurationAsync(MembershipChanged message, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (message.ConfigurationDigest.Length == 0
            || await ConfigurationStore.NewestDigestAsync(work, cancellationToken) is not { } digest || digest == message.ConfigurationDigest
            || await ConfigurationStore.FindAsync(work, digest, cancellationToken) is not { } stored)
        {
            return null;
        }
        if (stored.Version > message.ConfigurationVersion)
        {
            await work.Outbox.PublishAsync(
                new ConfigurationPublished { Version = (int)stored.Version, Digest = stored.Digest, Text = stored.Text }, CommandIntake.Cluster);
            return null;
        }
        return stored.Version;
    }
}
