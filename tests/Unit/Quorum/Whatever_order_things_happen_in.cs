using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>
/// A (node, incarnation) that was granted a lease is never fenced by time before its promise ended on the true timeline, never lives
/// beside another of its name, and never comes back. FsCheck prints the seed and the shortest failing history.
/// </summary>
[Trait("Rule", "S2")]
[Trait("Rule", "S5")]
[Trait("Rule", "S7")]
public sealed class Whatever_order_things_happen_in
{
    private const int StepKinds = 20;
    private const int Histories = 400;

    private static readonly Gen<(int Kind, int Which, int Amount)> Steps =
        from kind in Gen.Choose(0, StepKinds - 1)
        from which in Gen.Choose(0, 60)
        from amount in Gen.Choose(0, 600)
        select (kind, which, amount);

    [Fact]
    public void No_incarnation_is_fenced_by_time_while_it_may_run()
    {
        Property property = Prop.ForAll(
            Steps.ArrayOf(250).ToArbitrary(),
            steps => string.Join("; ", Play(steps).Violations) is var violations && violations.Length == 0
                ? true.ToProperty()
                : false.Label(violations));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories), property);
    }

    /// <summary>A property about something that never happens in the histories would prove nothing.</summary>
    [Fact]
    public void The_histories_contain_leases_and_fencing_by_time()
    {
        Interleaving[] played = [.. Steps.ArrayOf(250).Sample(50, 40).Select(Play)];

        Assert.True(played.Count(one => one.Granted > 20) > 20);
        Assert.True(played.Count(one => one.FencedByTime > 0) > 20);
    }

    private static Interleaving Play((int Kind, int Which, int Amount)[] steps)
    {
        Interleaving history = new();
        foreach ((int kind, int which, int amount) in steps)
        {
            history.Step(kind, which, amount);
        }

        return history;
    }
}
