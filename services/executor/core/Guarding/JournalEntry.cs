using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Guarding;

/// <summary>
/// What the guard has on disk about one service on this node: written before the first agent of an operation runs (rule S9), so
/// that whoever comes after a crash knows what may run here and how to stop it (rule S10).
/// </summary>
public sealed record JournalEntry
{
    public required ServiceName Service { get; init; }

    /// <summary>The epoch of the newest operation begun here.</summary>
    public required long Epoch { get; init; }

    /// <summary>The newest operation: whatever is journalled of them.</summary>
    public required NodeAction Action { get; init; }

    /// <summary>The epoch of the newest start begun here, the one a running service runs by; 0 where none was.</summary>
    public long StartEpoch { get; init; }

    /// <summary>How the newest operation ended; null while it has not.</summary>
    public OperationOutcome? Outcome { get; init; }

    /// <summary>True only after each monitor said "not running"; any start makes it false again.</summary>
    public bool IsStopProven { get; init; }

    /// <summary>The resource that failed; null where none did.</summary>
    public string? Resource { get; init; }

    /// <summary>The failed agent's exit code.</summary>
    public int? ExitCode { get; init; }

    public string Detail { get; init; } = "";

    public required string ConfigurationDigest { get; init; }

    public required int ConfigurationVersion { get; init; }

    /// <summary>The tree as it was resolved for the start; null where the executor gave none. The guard itself never reads it.</summary>
    public ResourceNode? Tree { get; init; }

    /// <summary>The stop runs of that tree, in order.</summary>
    public ImmutableArray<AgentInvocation> Stop { get; init; } = [];

    /// <summary>Its monitors.</summary>
    public ImmutableArray<AgentInvocation> Monitor { get; init; } = [];

    /// <summary>Resources whose agents could not be found when the start was begun: they cannot have been started.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}
