using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#30 to #41: failover domains, evaluating services after a node transition, messages that cannot be read.</summary>
internal static class EvaluationMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.NodeTwiceInDomain, Error, Configuration,
            "Node <name> defined multiple times in domain <domain>", ["Node", "Domain"],
            "The failover domain lists the node more than once; the first entry counts, the later ones are skipped and all others stay.",
            "Remove the extra entry from cluster.conf, keeping the priority that was meant."),

        new(CatalogueMessage.DomainTwice, Error, Configuration,
            "Domain <domain> defined multiple times", ["Domain"],
            "Two failover domains have the same name, letter case aside; the first counts, the second is skipped and all others stay.",
            "Rename or remove one of the two in cluster.conf and check which services were meant to use it."),

        new(CatalogueMessage.DomainScoreInvalid, Error, Scheduler,
            "Code path error: Invalid return from node_in_domain()", [],
            "Placing services met an error in Quorate itself, such as a score of a failover domain that is none of illegal, good, better and best.",
            "Report it with the log, the configuration and the history of the service. A service that is named is left where it is and all others "
            + "are placed; if none is named nothing is placed, and it is tried again."),

        new(CatalogueMessage.EvaluationLockFailed, Error, Scheduler,
            "Unable to obtain cluster lock: <error>", ["Error"],
            "After a node came or went, the scheduler could not take the lock under which services are placed, so nothing was placed.",
            "Check the database and its connection. The sweep evaluates again within one lease time, without anybody's help."),

        new(CatalogueMessage.EvaluationStatusUnknown, Error, Scheduler,
            "Cannot get status for service <name>", ["Service"],
            "The row of the service could not be read, or says something impossible, while services were evaluated; it was left out.",
            "Check the database. If only this service is affected look at its history, and ask its node what it really runs."),

        new(CatalogueMessage.FailbackNotRequested, Error, Scheduler,
            "Unable to inform partner to start failback", [],
            "A node joined, and the move of one of its preferred services back to it could not begin: it could not be stored, or the node that runs "
            + "the service has no queue to be told by. The service runs on where it is.",
            "Check the database, and whether the executor on the old node reaches the broker. The move is tried again by itself."),

        new(CatalogueMessage.TransitionNotInitialized, Error, Executor,
            "Cannot initialize services", [],
            "A node began a new life in the cluster and its executor could not set up what it needs to serve it, such as its records of orders, so "
            + "it ends. Its guard starts the next executor, and stops whatever runs there when the lease is over.",
            "Look at the line before this one in the log of that node, most often a disk that is full or a state directory that cannot be written."),

        new(CatalogueMessage.MessageHeaderNotReceived, Error, Scheduler,
            "Error receiving message header", [],
            "A message came without an envelope that can be read, so its type is unknown; it was put aside in the error queue.",
            "Find out who sends to this queue. A program of your own must send JSON in one of the documented forms."),

        new(CatalogueMessage.MessageMagicInvalid, Error, Scheduler,
            "Invalid magic: Wanted 0x<hex>, got 0x<hex>", ["Wanted", "Got"],
            "A message of a format or contract version that this process does not speak arrived and was put aside in the error queue.",
            "Bring the processes to versions that belong together, or find the foreign program that sends to this queue."),

        new(CatalogueMessage.MessageIncomplete, Error, Scheduler,
            "Error receiving entire request", [],
            "A message of a known type lacks required fields or was cut short; it was put aside in the error queue.",
            "Correct the sender and send it again; the message in the error queue shows what is missing."),

        new(CatalogueMessage.ActionReplyFailed, Error, Scheduler,
            "Error replying to action request.", [],
            "A command was decided, and its answer could not be delivered to the one who asked.",
            "Ask for the state of the service, or send the command again with the same request id, which gives the stored answer."),

        new(CatalogueMessage.ReportLockFailed, Error, Scheduler,
            "Couldn't obtain lock for RG <name>: <error>", ["Service", "Error"],
            "The row of a failed service could not be locked to record who owned it last, so #2 or #3 is missing from the log.",
            "Check the database, then look up the last owner in the history of the service."),
    ];
}
