using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#62 to #73: warnings.</summary>
internal static class WarningMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.RmtabCreated, Warning, Rmtab,
            "/var/lib/nfs/rmtab does not exist - creating", [],
            "The node had no table of NFS clients, as on a machine that never exported anything, and an empty one was made.",
            "Nothing needs to be done, unless you know that clients had mounted from this node before."),

        new(CatalogueMessage.RmtabPidNotWritten, Warning, Rmtab,
            "Couldn't write PID!", [],
            "The process id could not be left on the mount point, so a forced unmount may kill the service before its last write.",
            "Check that the exported file system is writable and has room. A failover before that may leave clients with stale handles."),

        new(CatalogueMessage.MountPointNotValidated, Warning, Rmtab,
            "Could not validate <mount_point>", ["MountPoint"],
            "The copy of the client table on this mount point could not be set up; one of #21 to #26 before it says why.",
            "Correct what the message before complains about and restart the service that holds the export."),

        new(CatalogueMessage.NfsFailoverWillMalfunction, Warning, Rmtab,
            "NFS failover of <mount_point> will malfunction", ["MountPoint"],
            "Changes of the client table on this mount point are not being kept, as #64 just reported.",
            "Do not move the service before #64 is settled, if you can choose; its clients would get stale handles."),

        new(CatalogueMessage.DomainNonexistent, Warning, Configuration,
            "Domain '<domain>' specified for resource group <name> nonexistent!", ["Domain", "Service"],
            "The service names a failover domain that cluster.conf does not define, so it is placed as if it had none.",
            "Correct the name or define the domain. Until then any node may run the service."),

        new(CatalogueMessage.UncleanShutdown, Warning, Executor,
            "Shutting down uncleanly", [],
            "The node's process was told to end, or its permission to run ended, while services were running on it; they are being stopped.",
            "Relocate or stop services before taking a node down. Check afterwards that all of them were proven stopped."),

        new(CatalogueMessage.StartFailed, Warning, Scheduler,
            "Failed to start <name>; return value: <integer>", ["Service", "ExitCode"],
            "A resource of the service refused to start on its node, or did not answer in time; the value is its agent's exit code.",
            "Read the reason in the history of the service and check on that node what the resource needs: devices, addresses, programs."),

        new(CatalogueMessage.UncleanStop, Warning, Executor,
            "Unclean [stop|disable] of <name>", ["Action", "Service"],
            "The node stops the service by itself, because its lease or the cluster's quorum has ended; the stored state does not change.",
            "Find out why the node lost its lease. The scheduler places the service again once the node is known to have stopped it."),

        new(CatalogueMessage.RestartingLocally, Warning, Scheduler,
            "Attempting to restart resource group <name> locally.", ["Service"],
            "A relocation found no other node that could start the service, so it goes back to the node it came from.",
            "Read in the answer of the command, or in the history, why each other node was refused or failed."),

        new(CatalogueMessage.RelocatingFailedService, Warning, Scheduler,
            "Relocating failed service <name>", ["Service"],
            "The service failed its status check and then its restart in place, or its recovery policy forbids a restart, so it moves.",
            "Look for the cause on the node it left before that node is needed again."),

        new(CatalogueMessage.NfsSyscallFailed, Warning, Executor,
            "clunfsops: NFS syscall <name> failed: <error>.", ["Operation", "Error"],
            "Around the start or stop of an NFS export, the kernel refused to hold back or to release the requests of its clients.",
            "Look at the error and at the kernel's log on that node. Clients may see short failures while the export moves."),

        new(CatalogueMessage.NfsFailoverUnsupported, Warning, Executor,
            "clunfsops: Kernel may not have NFS failover enhancements.", [],
            "The kernel of this node does not know how to hold back the requests of NFS clients, which follows #72.",
            "Planned moves of NFS services disturb clients on such a kernel; moves away from a dead, fenced node are not affected."),
    ];
}
