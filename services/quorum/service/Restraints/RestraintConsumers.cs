using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Core.Restraints;

namespace Quorate.Quorum.Service.Restraints;

/// <summary>Locks the cluster.</summary>
internal sealed class LockServicesConsumer(RestraintKeeper keeper, ILogger<LockServicesConsumer> logger) : InboxConsumer<LockServices>
{
    public override async Task HandleAsync(LockServices message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await keeper.ApplyAsync(work, message, static state => Restraint.Lock(state, isOn: true));
    }
}

/// <summary>Unlocks the cluster.</summary>
internal sealed class UnlockServicesConsumer(RestraintKeeper keeper, ILogger<UnlockServicesConsumer> logger) : InboxConsumer<UnlockServices>
{
    public override async Task HandleAsync(UnlockServices message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await keeper.ApplyAsync(work, message, static state => Restraint.Lock(state, isOn: false));
    }
}

/// <summary>Takes a node out of use.</summary>
internal sealed class DrainNodeConsumer(RestraintKeeper keeper, ConfigurationInForce configuration, ILogger<DrainNodeConsumer> logger)
    : InboxConsumer<DrainNode>
{
    public override async Task HandleAsync(DrainNode message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId, message.Node, null) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await keeper.ApplyAsync(work, message, state => Restraint.Drain(state, configuration.Current, message.Node, isOn: true));
    }
}

/// <summary>Puts a node into use again.</summary>
internal sealed class UndrainNodeConsumer(RestraintKeeper keeper, ConfigurationInForce configuration, ILogger<UndrainNodeConsumer> logger)
    : InboxConsumer<UndrainNode>
{
    public override async Task HandleAsync(UndrainNode message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId, message.Node, null) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        await keeper.ApplyAsync(work, message, state => Restraint.Drain(state, configuration.Current, message.Node, isOn: false));
    }
}
