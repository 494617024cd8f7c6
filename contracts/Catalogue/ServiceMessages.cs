using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#42 to #61, #74 and #75: starting, stopping, checking and relocating one service.</summary>
internal static class ServiceMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.StopInvalidState, Error, Scheduler,
            "Cannot stop service <name>: Invalid State <integer>", ["Service", "State"],
            "The stored state of the service is none that a stop can begin from, so nothing was sent to any node.",
            "Compare the state in `quorate status` with what runs on the nodes. If the row is damaged, disable the service."),

        new(CatalogueMessage.StartRefusedServiceFailed, Error, Scheduler,
            "Service <name> has failed on all applicable members; can not start.", ["Service"],
            "The service is in the state failed, where a stop could not be proven, and a start from there could give it two owners.",
            "Make sure that nothing of it runs any more, disable it, and enable it again."),

        new(CatalogueMessage.StartInvalidState, Error, Scheduler,
            "Cannot start service <name>: Invalid State <integer>", ["Service", "State"],
            "The stored state of the service is none that a start can begin from, so nothing was sent to any node.",
            "Compare the state in `quorate status` with what runs on the nodes. If the row is damaged, disable and enable the service."),

        new(CatalogueMessage.StartLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "The row of a service could not be locked before its start, so the start was not ordered.",
            "Check the database. The start is tried again by the sweep while the service is enabled."),

        new(CatalogueMessage.StartStatusUnknown, Error, Scheduler,
            "Failed getting status for RG <name>", ["Service"],
            "The state of the service could not be read before its start, so the start was not ordered.",
            "Check the database and whether the cluster is quorate. The start is tried again by the sweep."),

        new(CatalogueMessage.StartStateNotWritten, Error, Scheduler,
            "Failed changing service status", [],
            "The new owner and state could not be stored before a start, so the start order was never sent.",
            "Check the database for room and for a lost connection. The start is tried again by the sweep."),

        new(CatalogueMessage.StatusLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "The result of a status check could not be recorded, because the row of the service could not be locked.",
            "Check the database. The node repeats a failed check at its next interval, so recovery is late, not lost."),

        new(CatalogueMessage.StatusStateUnknown, Error, Scheduler,
            "Failed getting status for RG <name>", ["Service"],
            "The result of a status check could not be judged, because the state of the service could not be read.",
            "Check the database. The node repeats a failed check at its next interval."),

        new(CatalogueMessage.StopLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "The row of a service could not be locked before its stop, so the stop was not ordered.",
            "Check the database and give the command again. The service still runs where it ran."),

        new(CatalogueMessage.StopStatusUnknown, Error, Scheduler,
            "Failed getting status for service <name>", ["Service"],
            "The state of the service could not be read before its stop, so it is not known which node to ask.",
            "Check the database and whether the cluster is quorate, then give the command again."),

        new(CatalogueMessage.StopStateNotWritten, Error, Scheduler,
            "Failed changing RG status", [],
            "The state stopping could not be stored, so the stop order was never sent.",
            "Check the database for room and for a lost connection, then give the command again."),

        new(CatalogueMessage.StopEndLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "A node answered that a stop has ended, and the row of the service could not be locked to record it.",
            "Check the database. The answer stays on its queue and is taken again, so the service does not stay in stopping."),

        new(CatalogueMessage.StopEndStatusUnknown, Error, Scheduler,
            "Failed getting status for RG <name>", ["Service"],
            "A node answered that a stop has ended, and the state of the service could not be read to record it.",
            "Check the database. The answer is taken again, and after the deadline the node is asked what it runs."),

        new(CatalogueMessage.StopEndStateNotWritten, Error, Scheduler,
            "Failed changing RG status", [],
            "A node answered that a stop has ended, and the new state could not be stored.",
            "Check the database for room and for a lost connection. The answer is taken again."),

        new(CatalogueMessage.MarkFailedLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "A stop failed, and the row of the service could not be locked to mark it failed, so it still shows the state before.",
            "Check the database. Until the mark is stored the pending stop keeps the service from starting elsewhere."),

        new(CatalogueMessage.MarkFailedStatusUnknown, Error, Scheduler,
            "Failed getting status for RG <name>", ["Service"],
            "A stop failed, and the state of the service could not be read to mark it failed.",
            "Check the database. Until the mark is stored the pending stop keeps the service from starting elsewhere."),

        new(CatalogueMessage.MarkFailedStateNotWritten, Error, Scheduler,
            "Failed changing RG status", [],
            "A stop failed, and the state failed could not be stored.",
            "Check the database for room and for a lost connection. The pending stop keeps the service from starting elsewhere."),

        new(CatalogueMessage.RelocateConnectionFailed, Error, Scheduler,
            "Failed opening connection to member #<integer>", ["NodeId"],
            "A node chosen as the new owner of a moving service is online by its heartbeats, yet its queue does not exist, so the order to start "
            + "went nowhere.",
            "Look whether the executor on that node reaches the broker. The order is given again at its deadline and once the queue is there; no "
            + "other node is asked meanwhile, since nobody could take an order back."),

        new(CatalogueMessage.RelocateRequestNotSent, Error, Scheduler,
            "Error sending relocate request to member #<integer>", ["NodeId"],
            "The order to start a relocated service could not be delivered to the chosen node before its deadline.",
            "Check the broker and the load of both machines. The next best node is tried once that node cannot have started it."),

        new(CatalogueMessage.RelocateReplyMangled, Error, Scheduler,
            "Mangled reply from member #<integer> during RG relocate", ["NodeId"],
            "A report bore the number of a relocation's order and came from a node, or from an earlier life of one, that was never given it, so it "
            + "says nothing about the order and was ignored.",
            "Wait for the node that was asked: nothing is assumed, and the order is repeated at its deadline. Find out who sent the report, and "
            + "whether two clusters share a broker without prefixes."),

        new(CatalogueMessage.RelocateReplyInvalid, Error, Scheduler,
            "Invalid reply from member <integer> during relocate operation!", ["NodeId"],
            "A node answered a relocation with something that does not fit the order, such as another action or an impossible outcome.",
            "Wait for the probe that the scheduler sends to settle it, and compare the versions on both sides."),

        new(CatalogueMessage.StartEndLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "A node answered that a start has ended, and the row of the service could not be locked to record it.",
            "Check the database. The answer is taken again, and after the deadline the node is asked what it runs."),

        new(CatalogueMessage.StartEndStatusUnknown, Error, Scheduler,
            "Failed getting status for RG <name>", ["Service"],
            "A node answered that a start has ended, and the state of the service could not be read or stored to record it.",
            "Check the database. The answer is taken again, and after the deadline the node is asked what it runs."),
    ];
}
