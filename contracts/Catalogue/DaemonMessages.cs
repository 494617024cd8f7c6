using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#1 to #14: quorum, failed services, starting up.</summary>
internal static class DaemonMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.QuorumDissolved, Emergency, Quorum,
            "Quorum Dissolved", [],
            "The votes of the nodes whose heartbeats arrive fell below what the cluster needs, so no lease is renewed and every node stops "
            + "what it runs.",
            "Bring nodes or their network back until `quorate status` says quorate; services are then evaluated by themselves. A node that "
            + "was cut off counts as lost until it is fenced or has proven that it stopped."),

        new(CatalogueMessage.ServiceFailed, Alert, Scheduler,
            "Service <name> returned failure code.  Last owner: <name>", ["Service", "LastOwner"],
            "A stop of the service was not proven, so parts of it may still run on the last owner and it is kept from starting anywhere.",
            "Look at what still runs on the last owner and clean it up, or restart that node, which is safest. Then disable the service "
            + "and enable it again."),

        new(CatalogueMessage.ServiceFailedOwnerUnknown, Alert, Scheduler,
            "Service <name> returned failure code.  Last owner: <integer>", ["Service", "LastOwnerId"],
            "The service failed as in #2, and the node that ran it last is no longer in the configuration, so only its id can be given.",
            "Find the machine that had this node id and make sure that nothing of the service runs there. Then follow #2."),

        new(CatalogueMessage.InterventionRequired, Alert, Scheduler,
            "Administrator intervention required.", [],
            "The failure reported just before by #2 or #3 cannot be recovered without risking two owners.",
            "Follow the remedy of the message before this one; nothing will happen to the service until somebody disables it."),

        new(CatalogueMessage.ConfigurationUnreachable, Critical, Configuration,
            "Couldn't connect to ccsd!", [],
            "The configuration could not be fetched: a process that starts found no database, which stores it in Quorate, or a node asked for a "
            + "version it needs for an order and no scheduler sent it.",
            "Check that the database and a scheduler run and that this process may connect to database and broker. It keeps trying for a while, "
            + "and a refused start is ordered again."),

        new(CatalogueMessage.ServicesNotLoaded, Critical, Configuration,
            "Error loading services", [],
            "The file cluster.conf is missing, is not readable XML, or holds no part that describes services.",
            "Run `quorate validate` on the file and correct what it reports as an error. A running cluster keeps its last good version."),

        new(CatalogueMessage.ResourceTreeNotBuilt, Critical, Configuration,
            "Error building resource tree", [],
            "A part of cluster.conf could not be turned into a tree of resources. A scheduler says so of a file with errors that it has to begin with, "
            + "which runs without that part; a node says so of a service that its version does not know or has no agent for, and does not start it.",
            "Run `quorate validate` on the file and correct what it reports as an error. If one node alone complains, bring it to the version of the "
            + "others."),

        new(CatalogueMessage.StartupFailed, Critical, Scheduler,
            "Couldn't initialize services", [],
            "A process of Quorate could not set itself up and ends; the line before this one says why. Services that run on nodes go on.",
            "Correct the reason named before and start the process again."),

        new(CatalogueMessage.ClusterUnreachable, Critical, Quorum,
            "Couldn't connect to cluster", [],
            "No quorum replica answered this node's heartbeats, neither over the bus nor over HTTP, so the node has no lease.",
            "Check that a quorum service, the message broker and the network between them and this node are up. The node keeps trying and "
            + "runs nothing meanwhile."),

        new(CatalogueMessage.ListenerNotOpened, Critical, Quorum,
            "Couldn't set up listen socket", [],
            "The address on which this process wants to serve HTTP could not be opened, most often because another process has the port, so it "
            + "ends with #8.",
            "Stop the other process or give this one another address in its settings, then start it again."),

        new(CatalogueMessage.StateListenerNotOpened, Critical, Scheduler,
            "Couldn't set up VF listen socket", [],
            "A queue from which this process takes messages could not be opened within ten seconds of its start: the broker is away, or a queue of "
            + "that name exists with other arguments.",
            "Check the broker's address and rights; remove a leftover queue of the same name if the broker complains about its arguments. The process "
            + "goes on and tries again by itself."),

        new(CatalogueMessage.StopFailed, Critical, Scheduler,
            "RG <name> failed to stop; intervention required", ["Service"],
            "The node that runs the service reported that a resource could not be stopped or could not be proven stopped, so the service "
            + "is now failed.",
            "Look into the history of the service for the resource that would not stop, clean it up on that node, then disable and enable "
            + "the service."),

        new(CatalogueMessage.CleanupAfterStartFailed, Critical, Scheduler,
            "Service <name> failed to stop cleanly", ["Service"],
            "A start failed half way and the stop that was to remove the half-started resources failed as well, so the service is held on "
            + "that node.",
            "Remove the left-over resources on the node by hand or restart the node, then disable and enable the service."),

        new(CatalogueMessage.StateNotSent, Error, Scheduler,
            "Failed to send <integer> bytes to <integer>", ["Bytes", "NodeId"],
            "Orders or configurations for one node found no queue there, because its executor is just joining, has lost the broker or has ended; or "
            + "one of them could not be sent at all. What was meant is derived again: the node says what it runs once its queue is there, and the "
            + "deadline of an order asks again.",
            "Nothing needs to be done if it appears once. If it repeats, look whether the executor of that node reaches the broker."),
    ];
}
