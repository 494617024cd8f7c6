using Quorate.Contracts;

namespace Quorate.Scheduler.Service;

/// <summary>Everything the scheduler logs. The catalogue's numbers keep theirs; our own are 1200 to 1299.</summary>
internal static partial class Log
{
    /// <summary>The number under which a parked service is also raised on the bus.</summary>
    public const int ServiceParkedId = 1203;

    [LoggerMessage(EventId = 1200, Level = LogLevel.Information, Message = "{Service} epoch {Epoch}: {Reason} ({Cause})")]
    public static partial void DecisionApplied(this ILogger logger, ServiceName service, long epoch, string cause, string reason);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Debug, Message = "{Service}: nothing changes on {Cause}: {Reason}")]
    public static partial void EventIgnored(this ILogger logger, ServiceName service, string cause, string reason);

    [LoggerMessage(EventId = ServiceParkedId, Level = LogLevel.Critical,
        Message = "{Service} is parked, nothing moves it: {Why}. This is a defect; keep the history and report it")]
    public static partial void ServiceParked(this ILogger logger, ServiceName service, string why);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning, Message = "{Service} is parked and was left alone: {Why}")]
    public static partial void ParkedServiceSkipped(this ILogger logger, ServiceName service, string why);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Warning, Message = "deadlines could not be looked at, tried again in a moment: {Error}")]
    public static partial void TickFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 1206, Level = LogLevel.Information, Message = "configuration version {Version} of cluster {Cluster}: {Services} services, {Nodes} nodes")]
    public static partial void ConfigurationLoaded(this ILogger logger, int version, string cluster, int services, int nodes);

    [LoggerMessage(EventId = 1207, Level = LogLevel.Warning, Message = "{File}:{Line}: {Severity} {Code}: {Text}")]
    public static partial void ConfigurationProblem(this ILogger logger, string file, int line, string severity, string code, string text);

    [LoggerMessage(EventId = 1208, Level = LogLevel.Information, Message = "membership generation {Generation}: {Quorate}, {Nodes}")]
    public static partial void MembershipStored(this ILogger logger, long generation, string quorate, string nodes);

    [LoggerMessage(EventId = 1209, Level = LogLevel.Warning,
        Message = "the stored configuration (version {Stored}) is used, not {File} (version {Offered}): raise config_version above {Stored} to change it")]
    public static partial void StoredConfigurationIsNewer(this ILogger logger, int stored, string file, int offered);

    [LoggerMessage(EventId = 1225, Level = LogLevel.Error,
        Message = "{File} (version {Offered}) is not taken, and version {InForce} stays in force: {Objection}. "
            + "Once that is settled put it into force with quorate config apply {File}, or start a scheduler again")]
    public static partial void ConfigurationFileRefused(this ILogger logger, string file, int offered, int inForce, string objection);

    [LoggerMessage(EventId = 1210, Level = LogLevel.Warning,
        Message = "{Node} asked for configuration {Digest}, which is not stored here: it must ask again after the next apply")]
    public static partial void ConfigurationUnknown(this ILogger logger, NodeName node, string digest);

    [LoggerMessage(EventId = 1224, Level = LogLevel.Warning, Message = "{Service} is taken up again by an operator; it was parked after: {Why}")]
    public static partial void ServiceUnparked(this ILogger logger, ServiceName service, string why);

    [LoggerMessage(EventId = 1221, Level = LogLevel.Information, Message = "configuration request {Request} {Result}: {Reason}")]
    public static partial void ConfigurationApplied(this ILogger logger, string request, ResultCode result, string reason);

    [LoggerMessage(EventId = 1222, Level = LogLevel.Error,
        Message = "the stored configuration (version {Version}) cannot be read by this program and the one before stays in force: start the same version of every scheduler")]
    public static partial void StoredConfigurationUnreadable(this ILogger logger, int version);

    [LoggerMessage(EventId = 1223, Level = LogLevel.Warning,
        Message = "services run by configuration {Digest}, which is not stored here: they stay as they are until they are started anew")]
    public static partial void OldConfigurationUnknown(this ILogger logger, string digest);

    [LoggerMessage(EventId = 1211, Level = LogLevel.Critical, Message = "TEST ONLY: {Service} is started a second time, on {Node}")]
    public static partial void SecondOwnerForced(this ILogger logger, ServiceName service, NodeName node);

    [LoggerMessage(EventId = 1212, Level = LogLevel.Warning, Message = "the evaluation did not end and is tried again: {Error}")]
    public static partial void EvaluationFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 1226, Level = LogLevel.Error,
        Message = "the evaluation ended with an error of our own and is tried again in {Pause}; nothing is placed meanwhile. This is a defect; keep the log and report it")]
    public static partial void EvaluationBroke(this ILogger logger, Exception failure, TimeSpan pause);

    [LoggerMessage(EventId = 1227, Level = LogLevel.Error,
        Message = "{Service} was left out of the evaluation after an error of our own, the others are placed. This is a defect; keep the log and report it")]
    public static partial void PlanBroke(this ILogger logger, Exception failure, ServiceName service);

    [LoggerMessage(EventId = 1213, Level = LogLevel.Error, Message = "the deadline of {Service} could not be looked at: {Error}")]
    public static partial void DeadlineSkipped(this ILogger logger, ServiceName service, string error);

    [LoggerMessage(EventId = 1214, Level = LogLevel.Warning, Message = "{Service}: an event failed ({Step}) and is tried again or put aside: {Error}")]
    public static partial void EventFailed(this ILogger logger, ServiceName service, string step, string error);

    [LoggerMessage(EventId = 1215, Level = LogLevel.Information,
        Message = "{Command} {Subject} (request {RequestId}) was accepted and never arrived, or its answer did not: it is sent again")]
    public static partial void CommandSentAgain(this ILogger logger, string command, string subject, string requestId);

    [LoggerMessage(EventId = 1217, Level = LogLevel.Warning, Message = "{Path} was answered 503, the database does not answer: {Error}")]
    public static partial void RequestWithoutDatabase(this ILogger logger, string path, string error);

    [LoggerMessage(EventId = 1216, Level = LogLevel.Warning, Message = "{Service} was left out when an inventory was compared: {Error}")]
    public static partial void InventorySkips(this ILogger logger, ServiceName service, string error);

    [LoggerMessage(EventId = 1219, Level = LogLevel.Warning, Message = "an inventory of {Node} was dropped, the next one counts: {Error}")]
    public static partial void InventoryDropped(this ILogger logger, NodeName node, string error);

    [LoggerMessage(EventId = 1229, Level = LogLevel.Warning,
        Message = "quorum counts votes by configuration version {Quorum}, and services are placed by version {Own}: quorate config apply a version of {Next} or more, and both follow it")]
    public static partial void QuorumCountsByAnother(this ILogger logger, int quorum, long own, int next);

    [LoggerMessage(EventId = 1228, Level = LogLevel.Warning, Message = "events are told late, because the database does not ring: {Error}")]
    public static partial void EventsNotHeard(this ILogger logger, string error);

    [LoggerMessage(EventId = 1218, Level = LogLevel.Warning, Message = "old history could not be removed, tried again in ten minutes: {Error}")]
    public static partial void CleaningFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 1240, Level = LogLevel.Warning,
        Message = "the views of schema quorate, for reading by SQL, were not made: {Error}. Services and the HTTP API do without them. Where a right is missing, run as the "
            + "database's administrator: CREATE SCHEMA quorate AUTHORIZATION \"{User}\"; and start a scheduler again (docs/sql.md)")]
    public static partial void ViewsNotMade(this ILogger logger, string error, string user);

    [LoggerMessage(EventId = 1241, Level = LogLevel.Information,
        Message = "there is no role quorate_reader, and this user may not make one: for others to read by SQL, run as the database's administrator: "
            + "CREATE ROLE quorate_reader NOLOGIN; and start a scheduler again (docs/sql.md)")]
    public static partial void ReaderRoleMissing(this ILogger logger);
}
