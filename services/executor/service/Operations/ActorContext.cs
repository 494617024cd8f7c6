using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Executor.Service.Operations;

/// <summary>What the actors of one incarnation share.</summary>
internal sealed record ActorContext
{
    public required NodeName Node { get; init; }

    public required AgentRuns Agents { get; init; }

    public required TreeRunner Runner { get; init; }

    public required TreeSource Trees { get; init; }

    /// <summary>How many starts run at a time on this node.</summary>
    public required SemaphoreSlim Starts { get; init; }

    /// <summary>How many stops and probes run at a time on this node.</summary>
    public required SemaphoreSlim Stops { get; init; }

    /// <summary>How many status checks run at a time on this node.</summary>
    public required SemaphoreSlim Checks { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>An operation ended: store and publish its answer.</summary>
    public required Action<OperationEnded> Ended { get; init; }

    /// <summary>A status check failed: service, start epoch, resource, exit code, detail.</summary>
    public required StatusFailure Failed { get; init; }

    /// <summary>Some of a running service was left stopped, or all of it runs again: keep that and tell it soon.</summary>
    public required Action<ServiceName, ImmutableArray<string>> LeftStopped { get; init; }

    /// <summary>What was left stopped of a service since its start, as <c>type:name</c>.</summary>
    public required Func<ServiceName, ImmutableArray<string>> WasLeftStopped { get; init; }

    /// <summary>Tells that a running service is not well.</summary>
    public delegate void StatusFailure(ServiceName service, long epoch, string resource, int? exitCode, string detail);
}
