using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;

namespace Quorate.Executor.Core.Guarding;

/// <summary>What a guard says to its executor: one JSON object a line, at most <see cref="GuardLine.BytesMax"/> bytes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Entry), "entry")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Ran), "ran")]
[JsonDerivedType(typeof(Ending), "ending")]
[JsonDerivedType(typeof(Unproven), "unproven")]
[JsonDerivedType(typeof(Ended), "ended")]
public abstract record GuardReport
{
    /// <summary>
    /// The first line to an executor, and in serve mode again after each <see cref="Ended"/>. Exactly <see cref="Entries"/>
    /// <see cref="Entry"/> lines follow before anything else.
    /// </summary>
    public sealed record Hello : GuardReport
    {
        /// <summary>The version of this protocol: <see cref="GuardLine.ProtocolVersion"/>.</summary>
        public required int Protocol { get; init; }

        public required NodeName Node { get; init; }

        public required Incarnation Incarnation { get; init; }

        /// <summary>Earlier incarnations of this state directory, all their services proven stopped; the newest last, at most 16.</summary>
        public required ImmutableArray<Incarnation> ProvenEnded { get; init; }

        public required long StopDeadlineMilliseconds { get; init; }

        /// <summary>
        /// What a watchdog takes on top of the stop deadline to reset the machine, as the device itself says; 0 where there is none.
        /// </summary>
        public long WatchdogMilliseconds { get; init; }

        /// <summary>True when this guard destroys the node (reboot, watchdog) rather than leave a stop unproven: only then time fences it (rule S7).</summary>
        public required bool IsSelfFencing { get; init; }

        /// <summary>What this guard does when the lease runs out.</summary>
        public OnLeaseLoss OnLeaseLoss { get; init; }

        /// <summary>CLOCK_BOOTTIME in milliseconds when this was written.</summary>
        public required long BootTimeMilliseconds { get; init; }

        /// <summary>The lease as this guard holds it, after an executor's crash; 0 before the first.</summary>
        public required long LeaseDeadlineMilliseconds { get; init; }

        /// <summary>How a service's processes are held together: <c>cgroup</c> or <c>processes</c>.</summary>
        public required string Containment { get; init; }

        /// <summary>How many <see cref="Entry"/> lines follow.</summary>
        public required int Entries { get; init; }
    }

    /// <summary>One service's journal, after <see cref="Hello"/>: what an earlier executor of the same incarnation began.</summary>
    public sealed record Entry : GuardReport
    {
        public required JournalEntry Journal { get; init; }
    }

    /// <summary>The request of that id is done and on disk.</summary>
    public sealed record Done : GuardReport
    {
        public required long Id { get; init; }
    }

    /// <summary>A request was not carried out, and nothing was changed.</summary>
    public sealed record Refused : GuardReport
    {
        /// <summary>The request's id; 0 where it had none or could not be read.</summary>
        public required long Id { get; init; }

        public required string Reason { get; init; }
    }

    /// <summary>A run ended.</summary>
    public sealed record Ran : GuardReport
    {
        public required long Id { get; init; }

        public required AgentResult Result { get; init; }
    }

    /// <summary>This incarnation is over: every request but <see cref="GuardRequest.Cancel"/> is refused from here on, runs under way are killed.</summary>
    public sealed record Ending : GuardReport
    {
        public required Incarnation Incarnation { get; init; }

        public required string Reason { get; init; }
    }

    /// <summary>A round of stopping left something unproven; the next round follows, or the escalation.</summary>
    public sealed record Unproven : GuardReport
    {
        public required Incarnation Incarnation { get; init; }

        /// <summary>What is not proven and why, one sentence for each service.</summary>
        public required ImmutableArray<string> Reasons { get; init; }
    }

    /// <summary>All services of that incarnation are proven stopped.</summary>
    public sealed record Ended : GuardReport
    {
        public required Incarnation Incarnation { get; init; }

        public required string Reason { get; init; }

        /// <summary>True when this guard now waits for the executor to exit, and exits itself (<see cref="GuardRequest.Leave"/>).</summary>
        public required bool IsLeaving { get; init; }
    }
}
