using Quorate.Quorum.Core;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>How far the arbiter was seen to count (rule S14).</summary>
internal readonly record struct ArbiterMemory(int Era, long Sequence, long Generation)
{
    public static ArbiterMemory Of(ArbiterState arbiter) => new(arbiter.Era, arbiter.Sequence, arbiter.Generation);

    /// <summary>True when the database has forgotten what was seen.</summary>
    public bool IsBeyond(ArbiterState arbiter) => (arbiter.Era, arbiter.Sequence).CompareTo((Era, Sequence)) < 0;

    /// <summary>A new era counts anew; generations go on over all of them.</summary>
    public ArbiterMemory Noting(ArbiterMemory seen) => seen.Era > Era
        ? seen with { Generation = Math.Max(seen.Generation, Generation) }
        : new(Era, seen.Era == Era ? Math.Max(seen.Sequence, Sequence) : Sequence, Math.Max(seen.Generation, Generation));
}
