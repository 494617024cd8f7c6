using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#15 to #29: keeping the table of NFS clients in step between a node and its mount points.</summary>
internal static class RmtabMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.RmtabNotExamined, Error, Rmtab,
            "rmtab_modified: stat: <error>", ["Error"],
            "The system's table of NFS clients could not be looked at, so the service treats it as changed and reads it again.",
            "If it repeats, make sure that /var/lib/nfs is a directory, that rmtab in it is an ordinary file, and that both can be read."),

        new(CatalogueMessage.RmtabNotReread, Error, Rmtab,
            "Failed to reread rmtab: <error>", ["Error"],
            "The table of NFS clients changed but could not be read, so the last good version stays in use.",
            "Check the file for damage and its file system for errors; single bad lines are reported apart and do not cause this."),

        new(CatalogueMessage.RmtabUpdateNotPruned, Error, Rmtab,
            "Failed to prune rmtab: <error>", ["Error"],
            "A changed table could not be reduced to the entries below one mount point, so that mount point keeps its last copy.",
            "Look at the error and at the export paths in the table; the next change is tried again by itself."),

        new(CatalogueMessage.RmtabNotCompared, Error, Rmtab,
            "Failed to diff rbtab: <error>", ["Error"],
            "The old and the new table could not be compared, so it is not known which clients came or went.",
            "Nothing is lost, since the whole table is read at the next change. Report it if it repeats."),

        new(CatalogueMessage.Obsolete19, Error, Rmtab,
            "(Obsolete)", [],
            "The original once read a setting from a database that it later gave up, and kept the number unused.",
            "Nothing can raise this message, so nothing needs to be done.")
        {
            WhyImpossible = "The setting database it complained about no longer existed in the original and does not exist here.",
        },

        new(CatalogueMessage.LogLevelNotSet, Error, Rmtab,
            "Failed to set log level", [],
            "The rmtab service was asked for a log level it does not know and keeps the one it has.",
            "Use one of the levels that the settings list; the table of clients is not affected."),

        new(CatalogueMessage.PrivateRmtabNotCreated, Error, Rmtab,
            "Couldn't read/create <filename>", ["File"],
            "The directory or file that carries the clients of one mount point to its next owner could not be made.",
            "Check that the exported file system is mounted, writable and not full. Until then clients may get stale handles after a "
            + "failover."),

        new(CatalogueMessage.PrivateRmtabNotRead, Error, Rmtab,
            "Failed to read <filename>: <error>", ["File", "Error"],
            "The list of clients that travels with the file system could not be read when the export started.",
            "Check the named file and its file system. What the bus still knows of that mount point is used in its place."),

        new(CatalogueMessage.SystemRmtabNotRead, Error, Rmtab,
            "Failed to read /var/lib/nfs/rmtab: <error>", ["Error"],
            "The node's own table of NFS clients could not be read when an export started, so nothing was merged into it.",
            "Check the file's rights and its file system, then restart the service that holds the export."),

        new(CatalogueMessage.SystemRmtabNotPruned, Error, Rmtab,
            "Failed to prune rmtab: <error>", ["Error"],
            "Entries that belong to other mount points could not be told from this one's when the export started.",
            "Look at the error and at the paths in the table, then restart the service that holds the export."),

        new(CatalogueMessage.SystemRmtabNotWritten, Error, Rmtab,
            "Failed to write /var/lib/nfs/rmtab: <error>", ["Error"],
            "The merged table of clients could not replace the node's own table; the old one is still in place, whole.",
            "Free space or correct the rights in /var/lib/nfs. Clients known only from the previous owner may get stale handles until then."),

        new(CatalogueMessage.PrivateRmtabNotWritten, Error, Rmtab,
            "Failed to write <filename>: <error>", ["File", "Error"],
            "The merged list of clients could not replace the mount point's own copy; the old copy is still in place, whole.",
            "Check that the exported file system is writable and has room. The next change is written again."),

        new(CatalogueMessage.RmtabNotInitialized, Error, Rmtab,
            "Couldn't initialize - exiting", [],
            "The rmtab service could not set itself up and ends; the message before this one says why.",
            "Correct what the message before complains about and start the service again."),

        new(CatalogueMessage.RmtabNotDetached, Error, Rmtab,
            "daemonize: <error>", ["Error"],
            "The rmtab service could not begin its background work of watching the table.",
            "Look at the error, most often a limit on processes or on watched files, raise the limit and start the service again."),

        new(CatalogueMessage.RmtabSyncNotWritten, Error, Rmtab,
            "rmtab_write_atomic: <error>", ["Error"],
            "A change of the node's table could not be written to the mount point's copy, which is now behind.",
            "Check the exported file system for room and rights. Every later change tries to write the whole copy again."),
    ];
}
