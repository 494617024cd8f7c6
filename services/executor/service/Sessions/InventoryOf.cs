using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Service.Operations;

namespace Quorate.Executor.Service.Sessions;

/// <summary>What a node says of one service in its inventory.</summary>
internal static class InventoryOf
{
    /// <summary>One line.</summary>
    /// <param name="taken">The newest operation taken for the service.</param>
    /// <param name="actor">Whoever works on it; null where nobody has yet.</param>
    public static InventoryEntry Entry(TakenOperation taken, ServiceActor? actor) => new()
    {
        Service = taken.Order.Service,
        Epoch = taken.Order.Epoch,
        IsRunning = actor is { MayRun: true },
        IsBusy = taken.IsBusy,
        IsPartial = actor is { IsPartial: true },
    };
}
