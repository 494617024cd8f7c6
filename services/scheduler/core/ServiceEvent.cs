using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>Something that concerns one service alone. Each may come late, twice or never.</summary>
public abstract record ServiceEvent
{
    private ServiceEvent()
    {
    }

    /// <summary>An operator asks. The shell has already refused unknown services and answered repeated request ids.</summary>
    public sealed record CommandReceived(CommandKind Kind, string RequestId, NodeName? Node) : ServiceEvent;

    /// <summary>An executor answered an order.</summary>
    public sealed record OperationEnded(Contracts.V1.OperationEnded Report) : ServiceEvent;

    /// <summary>An executor found the running service broken.</summary>
    public sealed record StatusFailed(ServiceStatusFailed Report) : ServiceEvent;

    /// <summary>The pending operation's deadline may have passed; the record says whether it has.</summary>
    public sealed record DeadlineDue : ServiceEvent;

    /// <summary>A node said what it runs.</summary>
    /// <param name="Node">Which.</param>
    /// <param name="Incarnation">In which life.</param>
    /// <param name="Entry">Null when it does not name this service.</param>
    /// <param name="Sequence">Grows within that life, by the node's own clock; without it newer than all it ever did.</param>
    public sealed record InventoryReported(NodeName Node, Incarnation Incarnation, InventoryEntry? Entry, long Sequence = long.MaxValue) : ServiceEvent;

    /// <summary>The membership may have ended an incarnation this service depends on (owner or hold); it says whether it has.</summary>
    public sealed record OwnerEnded(NodeName Node, Incarnation Incarnation) : ServiceEvent;
}
