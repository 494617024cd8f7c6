namespace Quorate.Executor.Core.Agents;

/// <summary>What one run of an agent gave.</summary>
public sealed record AgentResult
{
    public required AgentEnd End { get; init; }

    /// <summary>The exit code, 0 to 255; 5 for a missing agent; null where nothing exited.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal's number; null where none ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>For a missing agent, or one that says "not installed": no start of the service was journalled, or the agent was missing then and since, so the resource cannot run.</summary>
    public bool NeverStarted { get; init; }

    /// <summary>The last <c>ocf-exit-reason:</c> line, or what the guard has to say; empty where there is none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The first 64 KiB of standard output.</summary>
    public string Output { get; init; } = "";

    /// <summary>The first 64 KiB of standard error.</summary>
    public string Errors { get; init; } = "";

    /// <summary>How many bytes of output and errors were dropped beyond those.</summary>
    public long DroppedBytes { get; init; }

    public long DurationMilliseconds { get; init; }

    /// <summary>True when the agent said that the action succeeded (exit code 0).</summary>
    public bool IsSuccess => End == AgentEnd.Exited && ExitCode == (int)OcfExitCode.Success;
}
