using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Service.Orders;

/// <summary>What an order asks, in words that are the same for each copy of it: an id that is used again for something else is a mistake.</summary>
internal static class OrderContent
{
    public const string MaintenanceOn = "SetMaintenance on";
    public const string MaintenanceOff = "SetMaintenance off";

    public static string Of(ICommand order) => order switch
    {
        SetMaintenance maintenance => maintenance.IsOn ? MaintenanceOn : MaintenanceOff,
        DrainNode drain => $"DrainNode {drain.Node}",
        UndrainNode undrain => $"UndrainNode {undrain.Node}",
        FenceNode fence => $"FenceNode {About(fence.Node, fence.Incarnation)}",
        AcknowledgeFence acknowledgement => $"AcknowledgeFence {About(acknowledgement.Node, acknowledgement.Incarnation)}",
        AcceptArbiter acceptance => FormattableString.Invariant($"AcceptArbiter {acceptance.Era}"),
        _ => order.GetType().Name,
    };

    private static string About(NodeName node, Incarnation? incarnation) => incarnation is { } life ? $"{node} {life}" : $"{node}";
}
