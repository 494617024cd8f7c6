// Longer than 400 lines because an enumeration cannot be split over files, and every message has its name here.

namespace Quorate.Contracts.Catalogue;

/// <summary>
/// A name for every message. The value is the number (1 to 75 as rgmanager numbered them, our own from 1000) and serves as the log
/// event id. One number has two texts, #55; its second text has the value 10055, that is <see cref="MessageDefinition.VariantStep"/> + 55,
/// so that values stay unique and both still print as #55.
/// </summary>
/// <remarks>Texts, causes and remedies: <see cref="MessageCatalogue"/>.</remarks>
public enum CatalogueMessage
{
    /// <summary>#1: The cluster, or this node's part of it, lost quorum.</summary>
    QuorumDissolved = 1,

    /// <summary>#2: A service failed and needs an operator; its last owner is known by name.</summary>
    ServiceFailed = 2,

    /// <summary>#3: As <see cref="ServiceFailed"/>, when only the node id of the last owner is known.</summary>
    ServiceFailedOwnerUnknown = 3,

    /// <summary>#4: Follows <see cref="ServiceFailed"/> or <see cref="ServiceFailedOwnerUnknown"/>.</summary>
    InterventionRequired = 4,

    /// <summary>#5: The stored configuration could not be reached.</summary>
    ConfigurationUnreachable = 5,

    /// <summary>#6: The configuration could not be read.</summary>
    ServicesNotLoaded = 6,

    /// <summary>#7: The resource trees could not be built from the configuration.</summary>
    ResourceTreeNotBuilt = 7,

    /// <summary>#8: A process gave up starting because its services could not be set up.</summary>
    StartupFailed = 8,

    /// <summary>#9: A node found no quorum service to join.</summary>
    ClusterUnreachable = 9,

    /// <summary>#10: An HTTP endpoint could not be opened.</summary>
    ListenerNotOpened = 10,

    /// <summary>#11: The bus endpoint that carries state could not be opened.</summary>
    StateListenerNotOpened = 11,

    /// <summary>#12: A stop was not proven; the service is in state failed.</summary>
    StopFailed = 12,

    /// <summary>#13: A start failed and so did the stop that should clean up after it.</summary>
    CleanupAfterStartFailed = 13,

    /// <summary>#14: State could not be sent to one node.</summary>
    StateNotSent = 14,

    /// <summary>#15: The system's rmtab could not be examined for changes.</summary>
    RmtabNotExamined = 15,

    /// <summary>#16: The system's rmtab could not be read again after a change.</summary>
    RmtabNotReread = 16,

    /// <summary>#17: A changed rmtab could not be reduced to one mount point.</summary>
    RmtabUpdateNotPruned = 17,

    /// <summary>#18: Two versions of rmtab could not be compared.</summary>
    RmtabNotCompared = 18,

    /// <summary>#19: Never raised: obsolete in the original too.</summary>
    Obsolete19 = 19,

    /// <summary>#20: The rmtab service could not change its log level.</summary>
    LogLevelNotSet = 20,

    /// <summary>#21: The rmtab of a mount point could not be created.</summary>
    PrivateRmtabNotCreated = 21,

    /// <summary>#22: The rmtab of a mount point could not be read.</summary>
    PrivateRmtabNotRead = 22,

    /// <summary>#23: The system's rmtab could not be read at start.</summary>
    SystemRmtabNotRead = 23,

    /// <summary>#24: The system's rmtab could not be reduced to one mount point at start.</summary>
    SystemRmtabNotPruned = 24,

    /// <summary>#25: The merged table could not be written to the system's rmtab.</summary>
    SystemRmtabNotWritten = 25,

    /// <summary>#26: The merged table could not be written to the mount point's rmtab at start.</summary>
    PrivateRmtabNotWritten = 26,

    /// <summary>#27: The rmtab service gave up starting.</summary>
    RmtabNotInitialized = 27,

    /// <summary>#28: The rmtab service could not begin its work in the background.</summary>
    RmtabNotDetached = 28,

    /// <summary>#29: A change of rmtab could not be written to the mount point's copy.</summary>
    RmtabSyncNotWritten = 29,

    /// <summary>#30: A failover domain names a node twice.</summary>
    NodeTwiceInDomain = 30,

    /// <summary>#31: Two failover domains have one name.</summary>
    DomainTwice = 31,

    /// <summary>#32: A failover domain gave a score that does not exist.</summary>
    DomainScoreInvalid = 32,

    /// <summary>#33: The lock for evaluating services after a node transition could not be had.</summary>
    EvaluationLockFailed = 33,

    /// <summary>#34: A service's state could not be read while services were evaluated.</summary>
    EvaluationStatusUnknown = 34,

    /// <summary>#35: A node that joined could not ask for the services it should own.</summary>
    FailbackNotRequested = 35,

    /// <summary>#36: Services could not be set up after a node transition.</summary>
    TransitionNotInitialized = 36,

    /// <summary>#37: A message arrived without a readable envelope.</summary>
    MessageHeaderNotReceived = 37,

    /// <summary>#38: A message of an unknown format or version arrived.</summary>
    MessageMagicInvalid = 38,

    /// <summary>#39: A message arrived with parts missing.</summary>
    MessageIncomplete = 39,

    /// <summary>#40: The answer to a command could not be delivered.</summary>
    ActionReplyFailed = 40,

    /// <summary>#41: A service's row could not be locked to report its failure.</summary>
    ReportLockFailed = 41,

    /// <summary>#42: A service cannot be stopped from the state it is in.</summary>
    StopInvalidState = 42,

    /// <summary>#43: A failed service was to be started.</summary>
    StartRefusedServiceFailed = 43,

    /// <summary>#44: A service cannot be started from the state it is in.</summary>
    StartInvalidState = 44,

    /// <summary>#45: A service's row could not be locked before its start.</summary>
    StartLockFailed = 45,

    /// <summary>#46: A service's state could not be read before its start.</summary>
    StartStatusUnknown = 46,

    /// <summary>#47: The state of a service could not be written before its start.</summary>
    StartStateNotWritten = 47,

    /// <summary>#48: A service's row could not be locked to record a status check.</summary>
    StatusLockFailed = 48,

    /// <summary>#49: A service's state could not be read to record a status check.</summary>
    StatusStateUnknown = 49,

    /// <summary>#50: A service's row could not be locked before its stop.</summary>
    StopLockFailed = 50,

    /// <summary>#51: A service's state could not be read before its stop.</summary>
    StopStatusUnknown = 51,

    /// <summary>#52: The state of a service could not be written before its stop.</summary>
    StopStateNotWritten = 52,

    /// <summary>#53: A service's row could not be locked after its stop.</summary>
    StopEndLockFailed = 53,

    /// <summary>#54: A service's state could not be read after its stop.</summary>
    StopEndStatusUnknown = 54,

    /// <summary>#55: The state of a service could not be written after its stop. The first text of #55.</summary>
    StopEndStateNotWritten = 55,

    /// <summary>#55: A service's row could not be locked to mark it failed. The second text of #55.</summary>
    MarkFailedLockFailed = 10055,

    /// <summary>#56: A service's state could not be read to mark it failed.</summary>
    MarkFailedStatusUnknown = 56,

    /// <summary>#57: The state failed could not be written.</summary>
    MarkFailedStateNotWritten = 57,

    /// <summary>#58: A node chosen for a relocation could not be reached.</summary>
    RelocateConnectionFailed = 58,

    /// <summary>#59: The start order of a relocation could not be sent to a node.</summary>
    RelocateRequestNotSent = 59,

    /// <summary>#60: A node's answer during a relocation could not be understood.</summary>
    RelocateReplyMangled = 60,

    /// <summary>#61: A node's answer during a relocation made no sense.</summary>
    RelocateReplyInvalid = 61,

    /// <summary>#62: The system's rmtab did not exist and was created.</summary>
    RmtabCreated = 62,

    /// <summary>#63: The process id could not be written to the mount point.</summary>
    RmtabPidNotWritten = 63,

    /// <summary>#64: A mount point's rmtab could not be set up.</summary>
    MountPointNotValidated = 64,

    /// <summary>#65: Follows <see cref="MountPointNotValidated"/>.</summary>
    NfsFailoverWillMalfunction = 65,

    /// <summary>#66: A service names a failover domain that does not exist.</summary>
    DomainNonexistent = 66,

    /// <summary>#67: A node leaves while it still runs services.</summary>
    UncleanShutdown = 67,

    /// <summary>#68: A service did not start.</summary>
    StartFailed = 68,

    /// <summary>#69: A node stops a service by itself; the stored state stays as it was.</summary>
    UncleanStop = 69,

    /// <summary>#70: No other node could start the service; its owner tries again.</summary>
    RestartingLocally = 70,

    /// <summary>#71: A service could not be restarted in place and moves.</summary>
    RelocatingFailedService = 71,

    /// <summary>#72: Holding back or releasing an NFS export failed in the kernel.</summary>
    NfsSyscallFailed = 72,

    /// <summary>#73: The kernel cannot hold back an NFS export.</summary>
    NfsFailoverUnsupported = 73,

    /// <summary>#74: A service's row could not be locked after its start.</summary>
    StartEndLockFailed = 74,

    /// <summary>#75: A service's state could not be read after its start.</summary>
    StartEndStatusUnknown = 75,

    /// <summary>#1001: The file is not well-formed XML or not text in a known encoding.</summary>
    ConfigurationNotWellFormed = 1001,

    /// <summary>#1002: The outermost element is not cluster.</summary>
    ConfigurationNotACluster = 1002,

    /// <summary>#1003: The cluster has no name.</summary>
    ClusterNameMissing = 1003,

    /// <summary>#1004: The configuration has no version.</summary>
    ConfigurationVersionMissing = 1004,

    /// <summary>#1005: The cluster has no nodes.</summary>
    NodesMissing = 1005,

    /// <summary>#1006: A node has no name.</summary>
    NodeNameMissing = 1006,

    /// <summary>#1007: Two nodes have one name.</summary>
    NodeTwice = 1007,

    /// <summary>#1008: Two nodes have one id.</summary>
    NodeIdTwice = 1008,

    /// <summary>#1009: A node has no id.</summary>
    NodeIdMissing = 1009,

    /// <summary>#1010: An attribute that must be a number or a length of time is something else.</summary>
    NumberInvalid = 1010,

    /// <summary>#1011: An attribute that must be yes or no is something else.</summary>
    BooleanInvalid = 1011,

    /// <summary>#1012: Fewer votes are expected than the nodes have.</summary>
    ExpectedVotesTooFew = 1012,

    /// <summary>#1013: More votes are expected than the nodes have.</summary>
    ExpectedVotesTooMany = 1013,

    /// <summary>#1014: The mode two_node is set for another number of nodes.</summary>
    TwoNodeIgnored = 1014,

    /// <summary>#1015: A quorum disk is configured.</summary>
    QuorumDiskIgnored = 1015,

    /// <summary>#1016: Two nodes have quorum only together.</summary>
    TwoNodesNeedEachOther = 1016,

    /// <summary>#1017: A section stands twice.</summary>
    SectionTwice = 1017,

    /// <summary>#1020: A node names a fence device that is not defined.</summary>
    FenceDeviceUnknown = 1020,

    /// <summary>#1021: Nodes have no usable fence device.</summary>
    FenceDeviceMissing = 1021,

    /// <summary>#1022: Two fence devices have one name.</summary>
    FenceDeviceTwice = 1022,

    /// <summary>#1023: A fence device names no usable agent.</summary>
    FenceAgentInvalid = 1023,

    /// <summary>#1024: What a node does without a lease is unknown.</summary>
    LeaseLossPolicyUnknown = 1024,

    /// <summary>#1025: A node is to keep its services without a lease, and no device could end them.</summary>
    KeepWithoutFenceDevice = 1025,

    /// <summary>#1030: A failover domain has no name.</summary>
    DomainNameMissing = 1030,

    /// <summary>#1031: A failover domain names something that is no node.</summary>
    DomainNodeUnknown = 1031,

    /// <summary>#1032: A failover domain has no node.</summary>
    DomainEmpty = 1032,

    /// <summary>#1033: A node of an ordered domain has no usable priority.</summary>
    DomainPriorityInvalid = 1033,

    /// <summary>#1040: A resource lacks a required attribute.</summary>
    AttributeMissing = 1040,

    /// <summary>#1041: Two resources share a value that must be unique.</summary>
    ResourceCollision = 1041,

    /// <summary>#1042: A reference leads nowhere.</summary>
    ReferenceUnresolved = 1042,

    /// <summary>#1043: A reference names a resource that is defined inside a service.</summary>
    ReferenceToInline = 1043,

    /// <summary>#1044: A resource is referred to more often than its type allows.</summary>
    ReferencesTooMany = 1044,

    /// <summary>#1045: An element has no known type.</summary>
    ElementUnknown = 1045,

    /// <summary>#1046: A resource stands where its parent's type forbids it.</summary>
    ChildForbidden = 1046,

    /// <summary>#1047: Resources are nested too deeply.</summary>
    NestedTooDeep = 1047,

    /// <summary>#1048: An action override fits no action of the agent.</summary>
    ActionOverrideInvalid = 1048,

    /// <summary>#1049: Something stands below a reference that belongs to the definition.</summary>
    IgnoredBesideReference = 1049,

    /// <summary>#1050: A resource type is described and not yet run.</summary>
    TypeNotYetRun = 1050,

    /// <summary>#1051: A recovery policy is unknown.</summary>
    RecoveryPolicyUnknown = 1051,

    /// <summary>#1052: A service depends on one that does not exist.</summary>
    DependencyUnknown = 1052,

    /// <summary>#1053: A resource does not name its agent as provider and type.</summary>
    AgentNameInvalid = 1053,

    /// <summary>#1054: An element is read and not used by this version.</summary>
    ElementNotYetUsed = 1054,

    /// <summary>#1055: Services depend on each other in a circle.</summary>
    DependencyCircle = 1055,

    /// <summary>#1056: A resource stands below a shared one in resources.</summary>
    IgnoredBelowDefinition = 1056,

    /// <summary>#1057: What a failed stop leads to is unknown.</summary>
    StopFailurePolicyUnknown = 1057,

    /// <summary>#1058: What a service asks of another cannot be understood.</summary>
    DependencyInvalid = 1058,

    /// <summary>#1059: A non-critical resource is used more than once.</summary>
    NonCriticalShared = 1059,

    /// <summary>#1060: An element stands where it has no meaning.</summary>
    ElementMisplaced = 1060,

    /// <summary>#1061: A service stands within a service.</summary>
    ServiceWithinResource = 1061,

    /// <summary>#1120: A node was fenced by its devices.</summary>
    NodeFenced = 1120,

    /// <summary>#1121: A fence device failed.</summary>
    FenceDeviceFailed = 1121,

    /// <summary>#1122: No fence method of a node worked.</summary>
    FencingFailed = 1122,

    /// <summary>#1123: A fenced node could not be switched on again.</summary>
    NodeStaysOff = 1123,

    /// <summary>#1130: The database went back.</summary>
    ArbiterWentBack = 1130,

    /// <summary>#1131: An operator accepted a database that went back.</summary>
    ArbiterAccepted = 1131,

    /// <summary>#1520: Messages failed and are parked.</summary>
    MessagesParked = 1520,

    /// <summary>#1521: The room for parked messages is used up.</summary>
    ParkedMessagesDropped = 1521,
}
