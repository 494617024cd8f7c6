using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Guarding;

/// <summary>What an executor says to its guard: one JSON object a line, at most <see cref="GuardLine.BytesMax"/> bytes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Begin), "begin")]
[JsonDerivedType(typeof(Finish), "finish")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Lease), "lease")]
[JsonDerivedType(typeof(SetOnLeaseLoss), "setOnLeaseLoss")]
[JsonDerivedType(typeof(End), "end")]
[JsonDerivedType(typeof(Leave), "leave")]
public abstract record GuardRequest
{
    /// <summary>The incarnation the executor speaks for; a request for any other is refused, however late it arrives.</summary>
    public required Incarnation Incarnation { get; init; }

    /// <summary>
    /// An operation begins. Answered by <see cref="GuardReport.Done"/> once it is on disk, or by <see cref="GuardReport.Refused"/>:
    /// an epoch below the journalled one, the same epoch with another action, a start without a valid lease. The same operation
    /// again is answered alike.
    /// </summary>
    public sealed record Begin : GuardRequest
    {
        /// <summary>Chosen by the executor, unique among its requests under way.</summary>
        public required long Id { get; init; }

        public required ServiceName Service { get; init; }

        public required long Epoch { get; init; }

        /// <summary>Start or stop.</summary>
        public required NodeAction Action { get; init; }

        public required string ConfigurationDigest { get; init; }

        public required int ConfigurationVersion { get; init; }

        /// <summary>With a start: the resolved tree. With a stop: used only where none is journalled.</summary>
        public ResourceNode? Tree { get; init; }

        /// <summary>As <see cref="Tree"/>: the stop runs, in order.</summary>
        public ImmutableArray<AgentInvocation> Stop { get; init; } = [];

        /// <summary>As <see cref="Tree"/>: the monitors.</summary>
        public ImmutableArray<AgentInvocation> Monitor { get; init; } = [];
    }

    /// <summary>The operation begun with this epoch ended; answered by <see cref="GuardReport.Done"/> once it is on disk.</summary>
    public sealed record Finish : GuardRequest
    {
        public required long Id { get; init; }

        public required ServiceName Service { get; init; }

        public required long Epoch { get; init; }

        public required OperationOutcome Outcome { get; init; }

        /// <summary>The start epoch of the tree that the operation went by; 0 where nothing was begun here by a start.</summary>
        public long StartEpoch { get; init; }

        /// <summary>True only where each monitor said "not running"; then what is left in the service's cgroup is killed too.</summary>
        public required bool IsStopProven { get; init; }

        public string? Resource { get; init; }

        public int? ExitCode { get; init; }

        public string Detail { get; init; } = "";
    }

    /// <summary>
    /// Run one agent; answered by <see cref="GuardReport.Ran"/>, or <see cref="GuardReport.Refused"/>: anything but stop, monitor,
    /// status, meta-data and validate-all needs a begun start and a valid lease (rule S8).
    /// </summary>
    public sealed record Run : GuardRequest
    {
        public required long Id { get; init; }

        /// <summary>In whose cgroup it runs.</summary>
        public required ServiceName Service { get; init; }

        public required AgentInvocation Invocation { get; init; }
    }

    /// <summary>Kill the run of that id, if it is still under way; its <see cref="GuardReport.Ran"/> says so. Not answered by itself.</summary>
    public sealed record Cancel : GuardRequest
    {
        public required long Id { get; init; }
    }

    /// <summary>The lease holds until then. Not answered; it only ever moves forward, and does nothing once the incarnation ended (rule S9).</summary>
    public sealed record Lease : GuardRequest
    {
        /// <summary>Milliseconds on CLOCK_BOOTTIME (rule S2).</summary>
        public required long DeadlineMilliseconds { get; init; }
    }

    /// <summary>
    /// Do this from now on when the lease runs out, in later incarnations and after a restart too; answered by
    /// <see cref="GuardReport.Done"/> once it is on disk and done. Refused while the lease has run out, unless the guard holds it before and after.
    /// </summary>
    public sealed record SetOnLeaseLoss : GuardRequest
    {
        /// <summary>As <see cref="Begin.Id"/>.</summary>
        public required long Id { get; init; }

        public required OnLeaseLoss OnLeaseLoss { get; init; }
    }

    /// <summary>Stop everything, prove it, and go on as a new incarnation; answered by <see cref="GuardReport.Ended"/>.</summary>
    public sealed record End : GuardRequest
    {
        /// <summary>As <see cref="Begin.Id"/>; a refusal carries it.</summary>
        public long Id { get; init; }

        public required string Reason { get; init; }
    }

    /// <summary>Stop everything, prove it, and exit once the executor has; answered by <see cref="GuardReport.Ended"/>.</summary>
    public sealed record Leave : GuardRequest
    {
        /// <summary>As <see cref="Begin.Id"/>; a refusal carries it.</summary>
        public long Id { get; init; }

        public required string Reason { get; init; }
    }
}
