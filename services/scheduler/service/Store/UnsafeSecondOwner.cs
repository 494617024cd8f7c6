using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// TEST ONLY: breaks rule S8 on purpose, so that an end-to-end test which cannot see a second owner turns out to be blind. Every stop of
/// a running service becomes a start on all other members, and every start after the first, such as that of a takeover, goes to all
/// others too. On only with <c>QUORATE_TEST_UNSAFE_SECOND_OWNER=1</c>, in a lab.
/// </summary>
internal sealed class UnsafeSecondOwner(ILogger<UnsafeSecondOwner> logger)
{
    private const string Switch = "QUORATE_TEST_UNSAFE_SECOND_OWNER";

    /// <summary>Set by ./lab for its own processes: outside a lab the switch does nothing.</summary>
    private const string LabMark = "QUORATE_LAB_ID";

    /// <summary>The first start of a service stays as it is: a lab has to come up before something can go wrong in it.</summary>
    private const long FirstEpoch = 1;

    private readonly bool _isOn = Environment.GetEnvironmentVariable(Switch) == "1"
        && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(LabMark));

    /// <summary>Takes the place of an order when the switch is on; false when the order is to be sent as it is.</summary>
    public async Task<bool> ReplacesAsync(UnitOfWork uow, OperateService order, CancellationToken ct)
    {
        bool doubles = order.Action == NodeAction.Stop || (order.Action == NodeAction.Start && order.Epoch > FirstEpoch);
        if (!_isOn || !doubles || await MembershipStore.NewestAsync(uow, ct) is not { } membership)
        {
            return false;
        }
        foreach (MemberNode other in membership.Nodes.Where(node => node.State == NodeState.Online && node.Name != order.Node))
        {
            logger.SecondOwnerForced(order.Service, other.Name);
            Incarnation incarnation = other.Incarnation!.Value; // a node that is online has one
            await uow.Outbox.SendAsync(
                order with { Action = NodeAction.Start, Node = other.Name, Incarnation = incarnation },
                QueueNames.ToExecutor(other.Name, incarnation),
                order.Service.Value);
        }
        return order.Action == NodeAction.Stop;
    }
}
