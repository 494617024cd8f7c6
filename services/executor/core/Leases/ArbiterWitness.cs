using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Leases;

/// <summary>
/// What an executor remembers of the arbiter: the furthest point in any answer, over all incarnations of its process. Every heartbeat says it,
/// so that a database which was restored meanwhile is found out by whoever lived longer than it (rule S14).
/// </summary>
public static class ArbiterWitness
{
    /// <summary>The further of two points, with the highest generation of both.</summary>
    public static ArbiterPoint? Further(ArbiterPoint? known, ArbiterPoint? told)
    {
        if (known is null || told is null)
        {
            return known ?? told;
        }

        ArbiterPoint further = (known.Era, known.Sequence).CompareTo((told.Era, told.Sequence)) >= 0 ? known : told;
        return further with { Generation = Math.Max(known.Generation, told.Generation) };
    }
}
