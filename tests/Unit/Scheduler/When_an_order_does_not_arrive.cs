using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Which message an order is worth whose node's queue is not there. Source: messages #14, #35 and #58.</summary>
public sealed class When_an_order_does_not_arrive
{
    [Theory]
    [InlineData(Intent.Failback, NodeAction.Stop, 35), Trait("Message", "35")]
    [InlineData(Intent.Failback, NodeAction.Start, 58), Trait("Message", "58")]
    [InlineData(Intent.Relocate, NodeAction.Start, 58)]
    [InlineData(Intent.Relocate, NodeAction.Stop, 14), Trait("Message", "14")]
    [InlineData(Intent.Start, NodeAction.Start, 14)]
    [InlineData(null, NodeAction.Probe, 14)]
    public void It_depends_on_what_it_was_for(Intent? intent, NodeAction action, int expected)
    {
        ServiceRecord service = Waiting(intent, action);

        CatalogueMessage message = UndeliveredOrder.MessageFor(service, OrderOf(service));

        Assert.Equal(expected, (int)message);
    }

    /// <summary>The service has gone on since: the move does not wait for this one.</summary>
    [Fact]
    public void One_that_counts_no_more_holds_up_no_move()
    {
        ServiceRecord service = Waiting(Intent.Relocate, NodeAction.Start);
        OperateService order = OrderOf(service);

        CatalogueMessage[] messages =
        [
            UndeliveredOrder.MessageFor(null, order),
            UndeliveredOrder.MessageFor(service with { Pending = null }, order),
            UndeliveredOrder.MessageFor(service, order with { Epoch = order.Epoch - 1 }),
            UndeliveredOrder.MessageFor(service, order with { Node = new("n9") }),
            UndeliveredOrder.MessageFor(service, order with { Incarnation = new("old") }),
        ];

        Assert.All(messages, message => Assert.Equal(CatalogueMessage.StateNotSent, message));
    }

    private static ServiceRecord Waiting(Intent? intent, NodeAction action) => ServiceRecord.New(new("service:s"), DateTimeOffset.UnixEpoch) with
    {
        Epoch = 7,
        Journey = intent is { } known ? new Journey(known) : null,
        Pending = new PendingOperation(action, new("n1"), new("a1"), 1, DateTimeOffset.UnixEpoch),
    };

    private static OperateService OrderOf(ServiceRecord service) => new()
    {
        Service = service.Name,
        Epoch = service.PendingEpoch,
        Attempt = 1,
        Action = service.Pending!.Action, // there: it waits
        Node = service.Pending.Node,
        Incarnation = service.Pending.Incarnation,
        ConfigurationDigest = "",
        ConfigurationVersion = 1,
    };
}
