using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>The lives of nodes that a record still names although the membership says that they are over (rule S5).</summary>
public static class EndedLives
{
    /// <summary>Those that may run the service, may still run it, may have received it, or were ordered something beside its owner. The service is told of each.</summary>
    public static IEnumerable<(NodeName Node, Incarnation Incarnation)> Of(ServiceRecord record, MembershipView membership)
    {
        if (record is { Owner: { } owner, OwnerIncarnation: { } incarnation }
            && membership.Of(owner, incarnation, record.Generation) == OwnerStanding.Ended)
        {
            yield return (owner, incarnation);
        }

        if (record.Hold is { } hold && membership.Of(hold.Node, hold.Incarnation, record.Generation) == OwnerStanding.Ended)
        {
            yield return (hold.Node, hold.Incarnation);
        }

        if (record.Receiver is { } receiver && membership.Of(receiver.Node, receiver.Incarnation, record.Generation) == OwnerStanding.Ended)
        {
            yield return (receiver.Node, receiver.Incarnation);
        }

        if (record.Pending is { } pending && pending.Incarnation != record.OwnerIncarnation
            && membership.Of(pending.Node, pending.Incarnation, record.Generation) == OwnerStanding.Ended)
        {
            yield return (pending.Node, pending.Incarnation);
        }
    }
}
