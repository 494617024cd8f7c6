using Quorate.Contracts.Catalogue;

namespace Quorate.Quorum.Service;

/// <summary>The quorum service's events: #1 of the catalogue, and its own 1100 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = (int)CatalogueMessage.QuorumDissolved, EventName = nameof(CatalogueMessage.QuorumDissolved),
        Level = LogLevel.Critical, Message = "#1: Quorum Dissolved")]
    public static partial void QuorumDissolved(this ILogger logger);

    [LoggerMessage(EventId = 1100, Level = LogLevel.Information,
        Message = "Generation {Generation}: quorate {IsQuorate}, {Votes} votes of {VotesNeeded} needed: {Reason}")]
    public static partial void GenerationChanged(this ILogger logger, long generation, bool isQuorate, int votes, int votesNeeded, string reason);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Node {Node}, incarnation {Incarnation}, {Change}. {Reason}")]
    public static partial void NodeChanged(this ILogger logger, string node, string incarnation, string change, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Node {Node}, incarnation {Incarnation}, is {State}: {Reason}")]
    public static partial void NodeEnded(this ILogger logger, string node, string incarnation, string state, string reason);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Heartbeat of node {Node}, incarnation {Incarnation}, refused: {Reason}")]
    public static partial void HeartbeatRefused(this ILogger logger, string? node, string? incarnation, string reason);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Error, Message = "{Count} heartbeats could not be stored, so nobody is judged by silence: {Reason}")]
    public static partial void HeartbeatsNotStored(this ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Error, Message = "This replica cannot beat, so it judges nobody until it can: {Reason}")]
    public static partial void TickFailed(this ILogger logger, string reason);

    [LoggerMessage(EventId = (int)CatalogueMessage.ArbiterWentBack, EventName = nameof(CatalogueMessage.ArbiterWentBack),
        Level = LogLevel.Critical, Message = "#1130: The database went back: it stands at {Stored}, and {Highest} was seen before")]
    public static partial void ArbiterWentBack(this ILogger logger, string stored, string highest);

    [LoggerMessage(EventId = (int)CatalogueMessage.ArbiterAccepted, EventName = nameof(CatalogueMessage.ArbiterAccepted),
        Level = LogLevel.Warning, Message = "#1131: A database that went back was accepted, era {Era} begins")]
    public static partial void ArbiterAccepted(this ILogger logger, string era);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Warning, Message = "Acceptance of the database by request {RequestId}: {Result}, {Reason}")]
    public static partial void ArbiterAcceptanceOrdered(this ILogger logger, string requestId, string result, string reason);

    [LoggerMessage(EventId = 1107, Level = LogLevel.Error, Message = "How far the database counts cannot be written down, tried again: {Reason}")]
    public static partial void ArbiterNotWritten(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Warning, Message = "Fence of node {Node} acknowledged by request {RequestId}: {Result}, {Reason}")]
    public static partial void FenceAcknowledged(this ILogger logger, string node, string requestId, string result, string reason);

    [LoggerMessage(EventId = 1112, Level = LogLevel.Warning, Message = "Fencing of node {Node} ordered by request {RequestId}: {Result}, {Reason}")]
    public static partial void FenceOrdered(this ILogger logger, string node, string requestId, string result, string reason);

    [LoggerMessage(EventId = 1113, Level = LogLevel.Warning, Message = "Fencing of node {Node}, incarnation {Incarnation}, begins (claim {Claim}): {Reason}")]
    public static partial void FencingBegins(this ILogger logger, string node, string incarnation, long claim, string reason);

    [LoggerMessage(EventId = 1114, Level = LogLevel.Error, Message = "Fencing of node {Node} was interrupted; it goes on, here or on another replica: {Reason}")]
    public static partial void FencingInterrupted(this ILogger logger, string node, string reason);

    [LoggerMessage(EventId = 1115, Level = LogLevel.Warning, Message = "Fencing of node {Node}, incarnation {Incarnation}, is no longer this replica's, or not now; nothing more is run")]
    public static partial void FencingNotOurs(this ILogger logger, string node, string incarnation);

    [LoggerMessage(EventId = 1116, Level = LogLevel.Error, Message = "Fencing of node {Node}: round {Round} of {Rounds} failed: {Reason}")]
    public static partial void FencingRoundFailed(this ILogger logger, string node, int round, int rounds, string reason);

    [LoggerMessage(EventId = 1117, Level = LogLevel.Warning, Message = "Fencing of node {Node}: {What}")]
    public static partial void FenceAgentEnded(this ILogger logger, string node, string what);

    [LoggerMessage(EventId = (int)CatalogueMessage.NodeFenced, EventName = nameof(CatalogueMessage.NodeFenced),
        Level = LogLevel.Warning, Message = "#1120: Node {Node} was fenced: {How}")]
    public static partial void NodeFenced(this ILogger logger, string node, string how);

    [LoggerMessage(EventId = (int)CatalogueMessage.FencingFailed, EventName = nameof(CatalogueMessage.FencingFailed),
        Level = LogLevel.Critical, Message = "#1122: Fencing of node {Node} failed, waiting for an administrator: {Why}")]
    public static partial void FencingFailed(this ILogger logger, string node, string why);

    [LoggerMessage(EventId = (int)CatalogueMessage.NodeStaysOff, EventName = nameof(CatalogueMessage.NodeStaysOff),
        Level = LogLevel.Error, Message = "#1123: Node {Node} was fenced and stays off: {Why}")]
    public static partial void NodeStaysOff(this ILogger logger, string node, string why);

    [LoggerMessage(EventId = 1118, Level = LogLevel.Warning, Message = "A statement of fencing failed and is tried again: {Reason}")]
    public static partial void FencingRetried(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1119, Level = LogLevel.Warning, Message = "The order in message {MessageId} is refused: {Fault}")]
    public static partial void OrderUnusable(this ILogger logger, Guid messageId, string fault);

    [LoggerMessage(EventId = 1132, Level = LogLevel.Warning, Message = "Maintenance switched {State} by request {RequestId}")]
    public static partial void MaintenanceOrdered(this ILogger logger, string state, string requestId);

    [LoggerMessage(EventId = 1133, Level = LogLevel.Warning, Message = "Maintenance, request {RequestId}: {Result}, {Reasons}")]
    public static partial void MaintenanceAnswered(this ILogger logger, string requestId, string result, string reasons);

    [LoggerMessage(EventId = 1134, Level = LogLevel.Warning, Message = "What is kept of the past was not cleaned up, tried again: {Reason}")]
    public static partial void CleaningFailed(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1109, Level = LogLevel.Information, Message = "Membership published for {RequestedBy}")]
    public static partial void MembershipRequested(this ILogger logger, string requestedBy);

    [LoggerMessage(EventId = 1110, Level = LogLevel.Error, Message = "More than {Bound} heartbeats wait; this one is dropped and its node asks again")]
    public static partial void TooManyHeartbeats(this ILogger logger, int bound);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Debug, Message = "Node {Node}, incarnation {Incarnation}: another replica wrote first, deciding again: {Reason}")]
    public static partial void AdmissionRetried(this ILogger logger, string node, string incarnation, string reason);

    [LoggerMessage(EventId = 1137, Level = LogLevel.Error, Message = "Configuration version {Version} ({Digest}) came damaged or is none of a cluster; the one before stays in force")]
    public static partial void ConfigurationUnusable(this ILogger logger, int version, string digest);

    [LoggerMessage(EventId = 1138, Level = LogLevel.Warning,
        Message = "The stored configuration (version {Stored}) is used, not {File} (version {Offered}): quorate config apply puts a newer one into force")]
    public static partial void StoredConfigurationUsed(this ILogger logger, int stored, string file, int offered);

    [LoggerMessage(EventId = 1136, Level = LogLevel.Warning, Message = "Request {RequestId}: {Result}, {Reason}")]
    public static partial void RestraintOrdered(this ILogger logger, string requestId, string result, string reason);
}
