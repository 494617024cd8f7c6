using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;

namespace Quorate.Executor.Service;

/// <summary>The executor's own events, 1300 to 1399. Numbered messages of the catalogue go through <see cref="MessageRaiser"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = (int)CatalogueMessage.QuorumDissolved, EventName = nameof(CatalogueMessage.QuorumDissolved), Level = LogLevel.Critical, Message = "#1: Quorum Dissolved")]
    public static partial void QuorumDissolved(this ILogger logger);

    [LoggerMessage(EventId = 1300, Level = LogLevel.Information,
        Message = "Node {Node} is incarnation {Incarnation}: {Entries} services in the journal, contained by {Containment}")]
    public static partial void SessionBegins(this ILogger logger, string node, string incarnation, int entries, string containment);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information,
        Message = "Node {Node} was admitted as incarnation {Incarnation} in generation {Generation}, lease of {TtlMilliseconds} ms")]
    public static partial void Admitted(this ILogger logger, string node, string incarnation, long generation, long ttlMilliseconds);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "No lease: heartbeats are answered {Verdict}: {Reason} {Blocking}")]
    public static partial void NotGranted(this ILogger logger, HeartbeatVerdict verdict, string reason, Incarnation? blocking);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "Heartbeats without an answer over HTTP: {Problems}")]
    public static partial void HeartbeatUnanswered(this ILogger logger, string problems);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Error, Message = "Incarnation {Incarnation} is given up: {Reason}")]
    public static partial void IncarnationGivenUp(this ILogger logger, string incarnation, string reason);

    [LoggerMessage(EventId = 1305, Level = LogLevel.Warning, Message = "The guard ends incarnation {Incarnation}: {Reason}")]
    public static partial void IncarnationEnds(this ILogger logger, string incarnation, string reason);

    [LoggerMessage(EventId = 1306, Level = LogLevel.Error, Message = "The guard could not prove the stop of incarnation {Incarnation} yet: {Reasons}")]
    public static partial void StopUnproven(this ILogger logger, string incarnation, string reasons);

    [LoggerMessage(EventId = 1307, Level = LogLevel.Critical, Message = "The guard is gone, this executor ends: {Reason}")]
    public static partial void GuardGone(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1308, Level = LogLevel.Information, Message = "Node {Node} leaves the cluster and stops {Services} services")]
    public static partial void Leaving(this ILogger logger, string node, int services);

    [LoggerMessage(EventId = 1309, Level = LogLevel.Information, Message = "Node {Node} has left: incarnation {Incarnation} is proven stopped")]
    public static partial void Left(this ILogger logger, string node, string incarnation);

    [LoggerMessage(EventId = 1310, Level = LogLevel.Error, Message = "Node {Node} ends without a proven stop: {Reason}")]
    public static partial void LeftUnproven(this ILogger logger, string node, string reason);

    [LoggerMessage(EventId = 1370, Level = LogLevel.Error,
        Message = "Node {Node} cannot serve incarnation {Incarnation}, this executor ends: {Reason}. Look at this executor's state directory")]
    public static partial void SessionNotSetUp(this ILogger logger, string node, string incarnation, string reason);

    [LoggerMessage(EventId = 1320, Level = LogLevel.Warning, Message = "Queue {Queue} could not be connected: {Reason}; trying again")]
    public static partial void QueueNotConnected(this ILogger logger, string queue, string reason);

    [LoggerMessage(EventId = 1321, Level = LogLevel.Information, Message = "Orders are taken from {Queue}")]
    public static partial void QueueConnected(this ILogger logger, string queue);

    [LoggerMessage(EventId = 1330, Level = LogLevel.Information, Message = "{Action} of {Service} begins, epoch {Epoch}: {Reason}")]
    public static partial void OperationBegins(this ILogger logger, NodeAction action, string service, long epoch, string reason);

    [LoggerMessage(EventId = 1331, Level = LogLevel.Information, Message = "{Action} of {Service} ended, epoch {Epoch}: {Outcome}. {Detail}")]
    public static partial void OperationEnded(this ILogger logger, NodeAction action, string service, long epoch, OperationOutcome outcome, string detail);

    [LoggerMessage(EventId = 1361, Level = LogLevel.Warning, Message = "{Action} of {Service} is ignored, epoch {Epoch}: {Reason}")]
    public static partial void OperationIgnored(this ILogger logger, NodeAction action, string service, long epoch, string reason);

    [LoggerMessage(EventId = 1332, Level = LogLevel.Warning, Message = "{Action} of {Service} is refused, epoch {Epoch}: {Reason}")]
    public static partial void OperationRefused(this ILogger logger, NodeAction action, string service, long epoch, string reason);

    [LoggerMessage(EventId = 1333, Level = LogLevel.Information, Message = "{Service} epoch {Epoch}, attempt {Attempt}: ended before, answered again")]
    public static partial void OperationRepeated(this ILogger logger, string service, long epoch, int attempt);

    [LoggerMessage(EventId = 1334, Level = LogLevel.Debug, Message = "{Service} epoch {Epoch}, attempt {Attempt}: under way")]
    public static partial void OperationBusy(this ILogger logger, string service, long epoch, int attempt);

    [LoggerMessage(EventId = 1335, Level = LogLevel.Warning, Message = "{Service} epoch {Epoch} was left unfinished by an earlier executor: {Detail}")]
    public static partial void OperationResumed(this ILogger logger, string service, long epoch, string detail);

    [LoggerMessage(EventId = 1336, Level = LogLevel.Information, Message = "{Service} was started by an earlier executor, epoch {Epoch}, and is carried on: {Detail}")]
    public static partial void ServiceAdopted(this ILogger logger, string service, long epoch, string detail);

    [LoggerMessage(EventId = 1337, Level = LogLevel.Warning, Message = "The record {File} of an operation cannot be read: {Reason}")]
    public static partial void OperationUnreadable(this ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 1338, Level = LogLevel.Error, Message = "{Action} of {Service}, epoch {Epoch}: the guard did not accept its end: {Reason}")]
    public static partial void FinishRefused(this ILogger logger, NodeAction action, string service, long epoch, string reason);

    [LoggerMessage(EventId = 1339, Level = LogLevel.Error,
        Message = "The answer of {Service}, epoch {Epoch}, is given but cannot be written down: {Reason}. Make room in this executor's state directory")]
    public static partial void AnswerNotKept(this ILogger logger, string service, long epoch, string reason);

    [LoggerMessage(EventId = 1340, Level = LogLevel.Debug, Message = "{Service}: {Resource} {Action}: {End} {ExitCode} after {Milliseconds} ms")]
    public static partial void AgentRan(this ILogger logger, string service, string resource, string action, AgentEnd end, int? exitCode, long milliseconds);

    [LoggerMessage(EventId = 1341, Level = LogLevel.Warning, Message = "{Service}: {Said}. Its errors: {Errors} ({DroppedBytes} bytes dropped)")]
    public static partial void AgentFailed(this ILogger logger, string service, string said, string errors, long droppedBytes);

    [LoggerMessage(EventId = 1342, Level = LogLevel.Warning, Message = "{Service} is not well, epoch {Epoch}: {Detail}")]
    public static partial void StatusFailed(this ILogger logger, string service, long epoch, string detail);

    [LoggerMessage(EventId = 1343, Level = LogLevel.Warning, Message = "{Service}: the check of {Resource} was not run: {Reason}")]
    public static partial void CheckNotRun(this ILogger logger, string service, string resource, string reason);

    [LoggerMessage(EventId = 1344, Level = LogLevel.Warning, Message = "{Service}: that failure is tolerated, {Count} of {Max}")]
    public static partial void FailureTolerated(this ILogger logger, string service, int count, int max);

    [LoggerMessage(EventId = 1345, Level = LogLevel.Warning, Message = "{Service}: restarting {Subtree} alone, {Count} of {Max} (0: without bound)")]
    public static partial void SubtreeRestarted(this ILogger logger, string service, string subtree, int count, int max);

    [LoggerMessage(EventId = 1346, Level = LogLevel.Error,
        Message = "{Service}: {Subtree} is not critical and is left stopped; the service runs on without it. quorate convalesce {Service} starts it again")]
    public static partial void SubtreeLeftStopped(this ILogger logger, string service, string subtree);

    [LoggerMessage(EventId = 1362, Level = LogLevel.Error,
        Message = "{Service}: {Subtree} is not critical and is left, but could not be stopped: {Reason}. The service runs on; its own stop will have to prove it")]
    public static partial void SubtreeNotStopped(this ILogger logger, string service, string subtree, string reason);

    [LoggerMessage(EventId = 1363, Level = LogLevel.Error, Message = "{Service}: work on it ended with an internal error; the node's other services go on")]
    public static partial void WorkFailed(this ILogger logger, string service, Exception failure);

    [LoggerMessage(EventId = 1360, Level = LogLevel.Warning, Message = "Node {Node}: from now on, when its lease runs out: {OnLeaseLoss}")]
    public static partial void OnLeaseLossChanged(this ILogger logger, string node, OnLeaseLoss onLeaseLoss);

    [LoggerMessage(EventId = 1351, Level = LogLevel.Error,
        Message = "Configuration {Digest} cannot be kept on or read from this node's disk: {Reason}. Make room in this executor's state directory")]
    public static partial void ConfigurationNotKept(this ILogger logger, string digest, string reason);

    [LoggerMessage(EventId = 1350, Level = LogLevel.Error, Message = "Configuration version {Version} does not match its digest {Digest} and is dropped")]
    public static partial void ConfigurationDamaged(this ILogger logger, int version, string digest);
}
