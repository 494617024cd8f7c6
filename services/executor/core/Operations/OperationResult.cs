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

    /// <summary>Its agent's exit code, where it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What happened, in words.</summary>
    public string Detail { get; init; } = "";
}
