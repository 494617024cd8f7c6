using Quorate.Contracts;
using Quorate.Contracts.Catalogue;

namespace Quorate.Scheduler.Service;

/// <summary>The numbered messages that the scheduler raises, in the catalogue's wording.</summary>
internal static partial class Log
{
    /// <summary>Logs a numbered message under its number.</summary>
    /// <param name="logger">Where.</param>
    /// <param name="message">Which.</param>
    /// <param name="values">One for each hole of its text, in order.</param>
    public static void Catalogued(this ILogger logger, CatalogueMessage message, IReadOnlyList<string> values)
    {
        switch (message)
        {
            case CatalogueMessage.ServiceFailed:
                logger.ServiceFailed(values[0], values[1]);
                break;
            case CatalogueMessage.ServiceFailedOwnerUnknown:
                logger.ServiceFailedOwnerUnknown(values[0], values[1]);
                break;
            case CatalogueMessage.InterventionRequired:
                logger.InterventionRequired();
                break;
            case CatalogueMessage.ResourceTreeNotBuilt:
                logger.ResourceTreeNotBuilt();
                break;
            case CatalogueMessage.StopFailed:
                logger.StopFailed(values[0]);
                break;
            case CatalogueMessage.CleanupAfterStartFailed:
                logger.CleanupAfterStartFailed(values[0]);
                break;
            case CatalogueMessage.StateNotSent:
                logger.StateNotSent(values[0], values[1]);
                break;
            case CatalogueMessage.DomainScoreInvalid:
                logger.DomainScoreInvalid();
                break;
            case CatalogueMessage.EvaluationLockFailed:
                logger.EvaluationLockFailed(values[0]);
                break;
            case CatalogueMessage.EvaluationStatusUnknown:
                logger.EvaluationStatusUnknown(values[0]);
                break;
            case CatalogueMessage.FailbackNotRequested:
                logger.FailbackNotRequested();
                break;
            case CatalogueMessage.ReportLockFailed:
                logger.ReportLockFailed(values[0], values[1]);
                break;
            case CatalogueMessage.StopInvalidState:
                logger.StopInvalidState(values[0], values[1]);
                break;
            case CatalogueMessage.StartRefusedServiceFailed:
                logger.StartRefusedServiceFailed(values[0]);
                break;
            case CatalogueMessage.StartInvalidState:
                logger.StartInvalidState(values[0], values[1]);
                break;
            case CatalogueMessage.StartLockFailed:
                logger.StartLockFailed(values[0]);
                break;
            case CatalogueMessage.StartStatusUnknown:
                logger.StartStatusUnknown(values[0]);
                break;
            case CatalogueMessage.StartStateNotWritten:
                logger.StartStateNotWritten();
                break;
            case CatalogueMessage.StatusLockFailed:
                logger.StatusLockFailed(values[0]);
                break;
            case CatalogueMessage.StatusStateUnknown:
                logger.StatusStateUnknown(values[0]);
                break;
            case CatalogueMessage.StopLockFailed:
                logger.StopLockFailed(values[0]);
                break;
            case CatalogueMessage.StopStatusUnknown:
                logger.StopStatusUnknown(values[0]);
                break;
            case CatalogueMessage.StopStateNotWritten:
                logger.StopStateNotWritten();
                break;
            case CatalogueMessage.StopEndLockFailed:
                logger.StopEndLockFailed(values[0]);
                break;
            case CatalogueMessage.StopEndStatusUnknown:
                logger.StopEndStatusUnknown(values[0]);
                break;
            case CatalogueMessage.StopEndStateNotWritten:
                logger.StopEndStateNotWritten();
                break;
            case CatalogueMessage.MarkFailedLockFailed:
                logger.MarkFailedLockFailed(values[0]);
                break;
            case CatalogueMessage.MarkFailedStatusUnknown:
                logger.MarkFailedStatusUnknown(values[0]);
                break;
            case CatalogueMessage.MarkFailedStateNotWritten:
                logger.MarkFailedStateNotWritten();
                break;
            case CatalogueMessage.RelocateConnectionFailed:
                logger.RelocateConnectionFailed(values[0]);
                break;
            case CatalogueMessage.RelocateRequestNotSent:
                logger.RelocateRequestNotSent(values[0]);
                break;
            case CatalogueMessage.RelocateReplyMangled:
                logger.RelocateReplyMangled(values[0]);
                break;
            case CatalogueMessage.RelocateReplyInvalid:
                logger.RelocateReplyInvalid(values[0]);
                break;
            case CatalogueMessage.StartFailed:
                logger.StartFailed(values[0], values[1]);
                break;
            case CatalogueMessage.RestartingLocally:
                logger.RestartingLocally(values[0]);
                break;
            case CatalogueMessage.RelocatingFailedService:
                logger.RelocatingFailedService(values[0]);
                break;
            case CatalogueMessage.StartEndLockFailed:
                logger.StartEndLockFailed(values[0]);
                break;
            case CatalogueMessage.StartEndStatusUnknown:
                logger.StartEndStatusUnknown(values[0]);
                break;
            default:
                throw new InvariantViolation($"the scheduler has no words for message {message}");
        }
    }

    [LoggerMessage(EventId = (int)CatalogueMessage.ServiceFailed, EventName = nameof(CatalogueMessage.ServiceFailed), Level = LogLevel.Critical,
        Message = "#2: Service {Service} returned failure code.  Last owner: {LastOwner}")]
    private static partial void ServiceFailed(this ILogger logger, string service, string lastOwner);

    [LoggerMessage(EventId = (int)CatalogueMessage.ServiceFailedOwnerUnknown, EventName = nameof(CatalogueMessage.ServiceFailedOwnerUnknown), Level = LogLevel.Critical,
        Message = "#3: Service {Service} returned failure code.  Last owner: {LastOwnerId}")]
    private static partial void ServiceFailedOwnerUnknown(this ILogger logger, string service, string lastOwnerId);

    [LoggerMessage(EventId = (int)CatalogueMessage.InterventionRequired, EventName = nameof(CatalogueMessage.InterventionRequired), Level = LogLevel.Critical,
        Message = "#4: Administrator intervention required.")]
    private static partial void InterventionRequired(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.ResourceTreeNotBuilt, EventName = nameof(CatalogueMessage.ResourceTreeNotBuilt), Level = LogLevel.Critical,
        Message = "#7: Error building resource tree")]
    private static partial void ResourceTreeNotBuilt(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopFailed, EventName = nameof(CatalogueMessage.StopFailed), Level = LogLevel.Critical,
        Message = "#12: RG {Service} failed to stop; intervention required")]
    private static partial void StopFailed(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.CleanupAfterStartFailed, EventName = nameof(CatalogueMessage.CleanupAfterStartFailed), Level = LogLevel.Critical,
        Message = "#13: Service {Service} failed to stop cleanly")]
    private static partial void CleanupAfterStartFailed(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StateNotSent, EventName = nameof(CatalogueMessage.StateNotSent), Level = LogLevel.Error,
        Message = "#14: Failed to send {Bytes} bytes to {NodeId}")]
    private static partial void StateNotSent(this ILogger logger, string bytes, string nodeId);

    [LoggerMessage(EventId = (int)CatalogueMessage.DomainScoreInvalid, EventName = nameof(CatalogueMessage.DomainScoreInvalid), Level = LogLevel.Error,
        Message = "#32: Code path error: Invalid return from node_in_domain()")]
    private static partial void DomainScoreInvalid(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.EvaluationLockFailed, EventName = nameof(CatalogueMessage.EvaluationLockFailed), Level = LogLevel.Error,
        Message = "#33: Unable to obtain cluster lock: {Error}")]
    private static partial void EvaluationLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.EvaluationStatusUnknown, EventName = nameof(CatalogueMessage.EvaluationStatusUnknown), Level = LogLevel.Error,
        Message = "#34: Cannot get status for service {Service}")]
    private static partial void EvaluationStatusUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.FailbackNotRequested, EventName = nameof(CatalogueMessage.FailbackNotRequested), Level = LogLevel.Error,
        Message = "#35: Unable to inform partner to start failback")]
    private static partial void FailbackNotRequested(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.ReportLockFailed, EventName = nameof(CatalogueMessage.ReportLockFailed), Level = LogLevel.Error,
        Message = "#41: Couldn't obtain lock for RG {Service}: {Error}")]
    private static partial void ReportLockFailed(this ILogger logger, string service, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopInvalidState, EventName = nameof(CatalogueMessage.StopInvalidState), Level = LogLevel.Error,
        Message = "#42: Cannot stop service {Service}: Invalid State {State}")]
    private static partial void StopInvalidState(this ILogger logger, string service, string state);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartRefusedServiceFailed, EventName = nameof(CatalogueMessage.StartRefusedServiceFailed), Level = LogLevel.Error,
        Message = "#43: Service {Service} has failed on all applicable members; can not start.")]
    private static partial void StartRefusedServiceFailed(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartInvalidState, EventName = nameof(CatalogueMessage.StartInvalidState), Level = LogLevel.Error,
        Message = "#44: Cannot start service {Service}: Invalid State {State}")]
    private static partial void StartInvalidState(this ILogger logger, string service, string state);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartLockFailed, EventName = nameof(CatalogueMessage.StartLockFailed), Level = LogLevel.Error,
        Message = "#45: Unable to obtain cluster lock: {Error}")]
    private static partial void StartLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartStatusUnknown, EventName = nameof(CatalogueMessage.StartStatusUnknown), Level = LogLevel.Error,
        Message = "#46: Failed getting status for RG {Service}")]
    private static partial void StartStatusUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartStateNotWritten, EventName = nameof(CatalogueMessage.StartStateNotWritten), Level = LogLevel.Error,
        Message = "#47: Failed changing service status")]
    private static partial void StartStateNotWritten(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.StatusLockFailed, EventName = nameof(CatalogueMessage.StatusLockFailed), Level = LogLevel.Error,
        Message = "#48: Unable to obtain cluster lock: {Error}")]
    private static partial void StatusLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StatusStateUnknown, EventName = nameof(CatalogueMessage.StatusStateUnknown), Level = LogLevel.Error,
        Message = "#49: Failed getting status for RG {Service}")]
    private static partial void StatusStateUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopLockFailed, EventName = nameof(CatalogueMessage.StopLockFailed), Level = LogLevel.Error,
        Message = "#50: Unable to obtain cluster lock: {Error}")]
    private static partial void StopLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopStatusUnknown, EventName = nameof(CatalogueMessage.StopStatusUnknown), Level = LogLevel.Error,
        Message = "#51: Failed getting status for service {Service}")]
    private static partial void StopStatusUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopStateNotWritten, EventName = nameof(CatalogueMessage.StopStateNotWritten), Level = LogLevel.Error,
        Message = "#52: Failed changing RG status")]
    private static partial void StopStateNotWritten(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopEndLockFailed, EventName = nameof(CatalogueMessage.StopEndLockFailed), Level = LogLevel.Error,
        Message = "#53: Unable to obtain cluster lock: {Error}")]
    private static partial void StopEndLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopEndStatusUnknown, EventName = nameof(CatalogueMessage.StopEndStatusUnknown), Level = LogLevel.Error,
        Message = "#54: Failed getting status for RG {Service}")]
    private static partial void StopEndStatusUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StopEndStateNotWritten, EventName = nameof(CatalogueMessage.StopEndStateNotWritten), Level = LogLevel.Error,
        Message = "#55: Failed changing RG status")]
    private static partial void StopEndStateNotWritten(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.MarkFailedLockFailed, EventName = nameof(CatalogueMessage.MarkFailedLockFailed), Level = LogLevel.Error,
        Message = "#55: Unable to obtain cluster lock: {Error}")]
    private static partial void MarkFailedLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.MarkFailedStatusUnknown, EventName = nameof(CatalogueMessage.MarkFailedStatusUnknown), Level = LogLevel.Error,
        Message = "#56: Failed getting status for RG {Service}")]
    private static partial void MarkFailedStatusUnknown(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.MarkFailedStateNotWritten, EventName = nameof(CatalogueMessage.MarkFailedStateNotWritten), Level = LogLevel.Error,
        Message = "#57: Failed changing RG status")]
    private static partial void MarkFailedStateNotWritten(this ILogger logger);

    [LoggerMessage(EventId = (int)CatalogueMessage.RelocateConnectionFailed, EventName = nameof(CatalogueMessage.RelocateConnectionFailed), Level = LogLevel.Error,
        Message = "#58: Failed opening connection to member #{NodeId}")]
    private static partial void RelocateConnectionFailed(this ILogger logger, string nodeId);

    [LoggerMessage(EventId = (int)CatalogueMessage.RelocateRequestNotSent, EventName = nameof(CatalogueMessage.RelocateRequestNotSent), Level = LogLevel.Error,
        Message = "#59: Error sending relocate request to member #{NodeId}")]
    private static partial void RelocateRequestNotSent(this ILogger logger, string nodeId);

    [LoggerMessage(EventId = (int)CatalogueMessage.RelocateReplyMangled, EventName = nameof(CatalogueMessage.RelocateReplyMangled), Level = LogLevel.Error,
        Message = "#60: Mangled reply from member #{NodeId} during RG relocate")]
    private static partial void RelocateReplyMangled(this ILogger logger, string nodeId);

    [LoggerMessage(EventId = (int)CatalogueMessage.RelocateReplyInvalid, EventName = nameof(CatalogueMessage.RelocateReplyInvalid), Level = LogLevel.Error,
        Message = "#61: Invalid reply from member {NodeId} during relocate operation!")]
    private static partial void RelocateReplyInvalid(this ILogger logger, string nodeId);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartFailed, EventName = nameof(CatalogueMessage.StartFailed), Level = LogLevel.Warning,
        Message = "#68: Failed to start {Service}; return value: {ExitCode}")]
    private static partial void StartFailed(this ILogger logger, string service, string exitCode);

    [LoggerMessage(EventId = (int)CatalogueMessage.RestartingLocally, EventName = nameof(CatalogueMessage.RestartingLocally), Level = LogLevel.Warning,
        Message = "#70: Attempting to restart resource group {Service} locally.")]
    private static partial void RestartingLocally(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.RelocatingFailedService, EventName = nameof(CatalogueMessage.RelocatingFailedService), Level = LogLevel.Warning,
        Message = "#71: Relocating failed service {Service}")]
    private static partial void RelocatingFailedService(this ILogger logger, string service);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartEndLockFailed, EventName = nameof(CatalogueMessage.StartEndLockFailed), Level = LogLevel.Error,
        Message = "#74: Unable to obtain cluster lock: {Error}")]
    private static partial void StartEndLockFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = (int)CatalogueMessage.StartEndStatusUnknown, EventName = nameof(CatalogueMessage.StartEndStatusUnknown), Level = LogLevel.Error,
        Message = "#75: Failed getting status for RG {Service}")]
    private static partial void StartEndStatusUnknown(this ILogger logger, string service);
}
