using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core.Maintenance;
using Quorate.Quorum.Service.Orders;

namespace Quorate.Quorum.Service.Maintenance;

/// <summary>Switches maintenance on or off; answered once the nodes have confirmed (<see cref="MaintenanceAnswers"/>).</summary>
internal sealed class SetMaintenanceConsumer(ReplicaView view, TimeProvider time, ILogger<SetMaintenanceConsumer> logger) : InboxConsumer<SetMaintenance>
{
    public override async Task HandleAsync(SetMaintenance message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (await CommandAnswers.RefuseAsync(work, message.RequestId) is { } fault)
        {
            logger.OrderUnusable(delivery.MessageId, fault);
            return;
        }

        LeaseStore leases = new(work.Connection, work.Transaction, work.Dialect);
        MaintenanceStore store = new(work.Connection, work.Transaction);
        // One switch at a time, and each request once: a late copy of an old one must not switch back.
        _ = await leases.ReadStateAsync(forUpdate: true);
        if (await OrderKeeper.RepeatAsync(work, message, CommandAnswers.ClusterKey))
        {
            return;
        }

        await store.SwitchAsync(message.IsOn);
        long change = (await leases.ReadStateAsync()).MaintenanceChange;
        await store.AddAsync(new MaintenanceRequest(message.RequestId, message.IsOn, change, time.GetUtcNow()));
        work.OnCommitted(view.Kick);
        logger.MaintenanceOrdered(message.IsOn ? "on" : "off", message.RequestId);
    }
}
