using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#1120 to #1123: what becomes of a node that is fenced. Our own.</summary>
internal static class FencingMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.NodeFenced, Warning, Quorum,
            "Node <name> was fenced: <text>", ["Node", "How"],
            "The node was lost, or somebody asked for it, and its fence devices say that it is off, so it runs nothing and its services may "
            + "start elsewhere.",
            "Find out why the node was lost before you trust it again; `quorate fence log` shows each step of the fencing."),

        new(CatalogueMessage.FenceDeviceFailed, Error, Quorum,
            "A fence device of node <name> failed: <text>", ["Node", "What"],
            "A fence agent could not be run, did not end in time or reported a failure, so the next device or method is tried.",
            "Check address, user and password of the device, and run its agent by hand with the action status. A device that fails now "
            + "will fail on the day it is needed."),

        new(CatalogueMessage.FencingFailed, Alert, Quorum,
            "Fencing of node <name> failed, waiting for an administrator: <text>", ["Node", "Why"],
            "No fence method of the node worked in any round, so it may still run its services and they start nowhere else.",
            "Make sure with your own eyes that the machine is off, then say `quorate fence ack` with its name. Fencing is tried again every "
            + "minute meanwhile; `quorate fence log` shows what the devices answer."),

        new(CatalogueMessage.NodeStaysOff, Error, Quorum,
            "Node <name> was fenced and stays off: <text>", ["Node", "Why"],
            "The node is fenced, so its services run elsewhere, but a device that was switched off could not be switched on again.",
            "Switch it on by hand, at the device or at the machine; `quorate fence log` shows what the device answered."),
    ];
}
