using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Agents;

/// <summary>Reads what an agent's end means. In doubt a resource is unknown, never "not running": a second owner may follow that word.</summary>
public static class AgentMeaning
{
    private const string Success = "success";
    private const string NotRunning = "not_running";
    private const int LsbDeadWithPidFile = 1;
    private const int LsbDeadWithLockFile = 2;
    private const int LsbNotRunning = 3;

    /// <summary>What a monitor (OCF) or status (others) run says about its resource.</summary>
    /// <remarks>
    /// Source: OCF, 0 and 8 running, 7 not running; 5 (the software is not installed) says that the agent cannot look, which is no
    /// proof where the resource was started: its software may lie on a file system that is not mounted now. LSB status, 0 running, 1 to 3
    /// not; rgmanager.md 2.6, an rgmanager agent knows only 0 and non-0.
    /// </remarks>
    /// <param name="agentClass">How its exit code reads.</param>
    /// <param name="monitor">What it gave.</param>
    /// <param name="hasStopped">True where the resource's own stop returned 0 just before.</param>
    public static ResourceRunState Judge(AgentClass agentClass, AgentResult monitor, bool hasStopped = false) => monitor switch
    {
        { End: AgentEnd.Exited, ExitCode: (int)OcfExitCode.NotInstalled } when agentClass == AgentClass.Ocf =>
            hasStopped || monitor.NeverStarted ? ResourceRunState.NotRunning : ResourceRunState.Unknown,
        { End: AgentEnd.Missing, NeverStarted: true } => ResourceRunState.NotRunning,
        { End: not AgentEnd.Exited } or { ExitCode: null } => ResourceRunState.Unknown,
        { ExitCode: 0 } when agentClass == AgentClass.Systemd => SystemdUnit.Judge(monitor.Output),
        { ExitCode: { } code } => JudgeExitCode(agentClass, code),
    };

    /// <summary>True when a start action did what it should.</summary>
    public static bool IsStarted(AgentResult start) => start.IsSuccess;

    /// <summary>
    /// True when a stop action has nothing to complain about. It is not the proof: that is each resource's monitor (rule S9).
    /// </summary>
    /// <remarks>Source: rgmanager.md 2.5, "not installed" on stop counts as stopped.</remarks>
    public static bool IsStopped(AgentResult stop) =>
        stop.IsSuccess || stop is { End: AgentEnd.Missing } or { End: AgentEnd.Exited, ExitCode: (int)OcfExitCode.NotInstalled };

    /// <summary>
    /// How a run ended, in one word for metrics and traces: <c>success</c>, <c>not_running</c> (a monitor's answer), <c>failure</c>, <c>signalled</c>,
    /// <c>timed_out</c>, <c>cancelled</c>, <c>missing</c>, <c>not_started</c>.
    /// </summary>
    public static string Outcome(AgentInvocation invocation, AgentResult result) => result switch
    {
        { End: AgentEnd.Exited } when IsLook(invocation.Action) => Judge(invocation.Class, result) switch
        {
            ResourceRunState.Running => Success,
            ResourceRunState.NotRunning => NotRunning,
            _ => "failure",
        },
        { End: AgentEnd.Exited } => result.IsSuccess ? Success : "failure",
        { End: AgentEnd.Signalled } => "signalled",
        { End: AgentEnd.TimedOut } => "timed_out",
        { End: AgentEnd.Cancelled } => "cancelled",
        { End: AgentEnd.Missing } => "missing",
        _ => "not_started",
    };

    /// <summary>True for an <see cref="Outcome"/> with which nothing need be wrong.</summary>
    public static bool IsExpected(string outcome) => outcome is Success or NotRunning;

    /// <summary>One line for a person: how it ended and what the agent said.</summary>
    public static string Describe(AgentInvocation invocation, AgentResult result)
    {
        string end = result.End switch
        {
            AgentEnd.Exited when invocation is { Class: AgentClass.Systemd, Action: "monitor" or "status" } && result.ExitCode == 0 =>
                $"says {result.Output.Trim().ReplaceLineEndings(", ")}",
            AgentEnd.Exited => $"returned {result.ExitCode} ({NameOf(invocation.Class, invocation.Action, result.ExitCode)})",
            AgentEnd.Signalled => $"died by signal {result.Signal}",
            AgentEnd.TimedOut => $"timed out after {invocation.TimeoutMilliseconds} ms and was killed",
            AgentEnd.Cancelled => "was cancelled and killed",
            AgentEnd.Missing => "could not run: no such agent here",
            _ => "could not be started",
        };
        string line = $"{invocation.Action} of {invocation.Resource} {end}";
        return result.Reason.Length > 0 ? $"{line}: {result.Reason}" : line;
    }

    private static bool IsLook(string action) => action is "monitor" or "status";

    private static ResourceRunState JudgeExitCode(AgentClass agentClass, int code) => agentClass switch
    {
        AgentClass.Ocf => code switch
        {
            (int)OcfExitCode.Success or (int)OcfExitCode.RunningPromoted => ResourceRunState.Running,
            (int)OcfExitCode.NotRunning => ResourceRunState.NotRunning,
            _ => ResourceRunState.Unknown,
        },
        AgentClass.Lsb => code switch
        {
            0 => ResourceRunState.Running,
            LsbDeadWithPidFile or LsbDeadWithLockFile or LsbNotRunning => ResourceRunState.NotRunning,
            _ => ResourceRunState.Unknown,
        },
        AgentClass.Rgmanager => code == 0 ? ResourceRunState.Running : ResourceRunState.NotRunning,
        _ => ResourceRunState.Unknown,
    };

    private static string NameOf(AgentClass agentClass, string action, int? code) => (agentClass, action, code) switch
    {
        (_, _, 0) => "ok",
        (AgentClass.Lsb, "status", LsbDeadWithPidFile or LsbDeadWithLockFile or LsbNotRunning) => "not running",
        (_, _, (int)OcfExitCode.GenericError) => "generic error",
        (_, _, (int)OcfExitCode.BadArguments) => "invalid arguments",
        (_, _, (int)OcfExitCode.Unimplemented) => "action not implemented",
        (_, _, (int)OcfExitCode.InsufficientPermissions) => "insufficient permissions",
        (_, _, (int)OcfExitCode.NotInstalled) => "not installed",
        (_, _, (int)OcfExitCode.NotConfigured) => "not configured",
        (_, _, (int)OcfExitCode.NotRunning) => "not running",
        (_, _, (int)OcfExitCode.RunningPromoted) => "running, promoted",
        (_, _, (int)OcfExitCode.FailedPromoted) => "failed, promoted",
        _ => "unknown code",
    };
}
