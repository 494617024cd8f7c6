using Quorate.Executor.Service.Bus;
using Quorate.Executor.Service.Configuration;
using Quorate.Executor.Service.Guard;
using Quorate.Executor.Service.Leases;
using Quorate.Executor.Service.Operations;
using Quorate.Hosting.Crashing;

namespace Quorate.Executor.Service.Sessions;

/// <summary>What every session of this process works with.</summary>
internal sealed record SessionParts
{
    public required ExecutorSettings Settings { get; init; }

    public required GuardClient Guard { get; init; }

    public required AgentRuns Agents { get; init; }

    public required IExecutorBus Bus { get; init; }

    public required QuorumEndpoints Quorum { get; init; }

    /// <summary>Outlives every incarnation: a new one is a witness of what the last was told.</summary>
    public ArbiterMemory Arbiter { get; } = new();

    public required ConfigurationCache Configurations { get; init; }

    public required MessageRaiser Messages { get; init; }

    public required ICrashPoint Crash { get; init; }

    public required ILogger Logger { get; init; }
}
