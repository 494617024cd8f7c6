namespace Quorate.Tests.Simulation;

/// <summary>
/// Source: DESIGN 3: breaking any one rule must turn a test red. <c>./test --simulate --mutations --seeds 4000</c> prints how long that takes.
/// </summary>
public sealed class When_a_rule_is_broken
{
    private const int Schedules = 4_000;

    /// <summary>Those that a second protection covers are named as such in docs/safety.md; both at once are a mutation of their own.</summary>
    public static TheoryData<string> EveryMutation =>
        [.. Enum.GetValues<Mutation>().Where(mutation => mutation != Mutation.None && Coverage.SecondOf(mutation) is null).Select(mutation => mutation.ToString())];

    [Theory]
    [MemberData(nameof(EveryMutation))]
    public void The_simulation_notices(string broken)
    {
        Campaign campaign = new(Enum.Parse<Mutation>(broken));

        campaign.Run(from: 1, Schedules, stopsAtFirst: true);

        Assert.NotEmpty(campaign.Failed);
    }
}
