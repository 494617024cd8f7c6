using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Executor.Core.Operations;

/// <summary>Decides what an executor does with an order (rule S8).</summary>
public static class OperationAdmission
{
    /// <summary>Digits of a SHA-256 in hexadecimal.</summary>
    private const int DigestLength = 64;

    /// <summary>Decides about one order.</summary>
    /// <param name="newest">The newest operation taken for the service by this incarnation; null when there is none.</param>
    /// <param name="order">What arrived.</param>
    /// <param name="node">This node.</param>
    /// <param name="incarnation">This node's present incarnation.</param>
    /// <param name="lease">Its permission to run.</param>
    /// <param name="now">Milliseconds of CLOCK_BOOTTIME.</param>
    /// <param name="mayWait">True while a start may still wait for this incarnation's first lease.</param>
    public static Admission Decide(
        TakenOperation? newest, OperateService order, NodeName node, Incarnation incarnation, LeaseState lease, long now, bool mayWait = false)
    {
        if (order.Node != node)
        {
            return new Admission.Refuse(TakesEpoch: false, $"this is node {node}, the order is for {order.Node}");
        }

        if (order.Incarnation != incarnation)
        {
            return new Admission.Refuse(TakesEpoch: false, $"this is incarnation {incarnation}, the order is for {order.Incarnation}");
        }

        if (newest is not null && order.Epoch == newest.Order.Epoch)
        {
            return SameEpoch(newest, order);
        }

        if (newest is not null && order.Epoch < newest.Order.Epoch)
        {
            return new Admission.Refuse(TakesEpoch: false, Text($"epoch {order.Epoch} is not above {newest.Order.Epoch}, the last one taken"));
        }

        return NewEpoch(order, lease, now, mayWait);
    }

    private static Admission SameEpoch(TakenOperation newest, OperateService order)
    {
        if (order.Action != newest.Order.Action)
        {
            return new Admission.Refuse(TakesEpoch: false, Text($"epoch {order.Epoch} was taken for another action, {newest.Order.Action}"));
        }

        return newest.Answer is { } answer
            ? new Admission.Repeat(answer, "this operation has ended before")
            : new Admission.Busy("this operation is under way");
    }

    private static Admission NewEpoch(OperateService order, LeaseState lease, long now, bool mayWait)
    {
        if (order.Action is NodeAction.Stop or NodeAction.Probe or NodeAction.Convalesce or NodeAction.Condstop)
        {
            return new Admission.Run(order.Reason);
        }

        if (mayWait && !lease.IsAdmitted)
        {
            return new Admission.Wait("no lease was granted yet");
        }

        if (!lease.IsValidAt(now))
        {
            string why = lease.IsAdmitted ? "its lease has run out" : "no lease was granted yet";
            return new Admission.Refuse(TakesEpoch: true, $"this node may not run services: {why}");
        }

        if (order.Generation > 0 && order.Generation < lease.GrantedGeneration)
        {
            return new Admission.Ignore(Text($"it was ordered in generation {order.Generation}, before quorum formed in {lease.GrantedGeneration}: whoever still wants it orders it again"));
        }

        return order.ConfigurationDigest.Length == DigestLength && order.ConfigurationDigest.All(char.IsAsciiHexDigitLower)
            ? new Admission.Run(order.Reason)
            : new Admission.Refuse(TakesEpoch: true, "the order names no configuration digest (64 lower-case hexadecimal digits)");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
