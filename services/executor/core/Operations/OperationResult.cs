using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Operations;

/// <summary>How running a tree ended.</summary>
public sealed record OperationResult
{
    public required OperationOutcome Outcome { get; init; }

    /// <summary>What the monitors say; null when not known.</summary>
    public bool? IsRunning { get; init; }

    /// <summary>The first resource that failed, as <c>type:name</c>.</summary>
    public string? Resource { get; init; }

    /// <summary>The exit code of its action that failed, where that ended by itself; none for a stop that is not proven.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What happened, in words.</summary>
    public string Detail { get; init; } = "";
}
