using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: DESIGN S14: whoever lived longer than the database is a witness.</summary>
public sealed class When_the_arbiter_is_remembered
{
    [Fact, Trait("Rule", "S14")]
    public void The_furthest_point_stays_whatever_comes_later()
    {
        ArbiterPoint? known = null;
        foreach (ArbiterPoint? told in new[] { Point(1, 10, 4), null, Point(1, 3, 9), Point(2, 1, 2), Point(1, 99, 1) })
        {
            known = ArbiterWitness.Further(known, told);
        }

        Assert.Equal(Point(2, 1, 9), known);
    }

    private static ArbiterPoint Point(int era, long sequence, long generation) => new() { Era = era, Sequence = sequence, Generation = generation };
}
