using System.Globalization;

namespace Quorate.Tests.Simulation;

/// <summary>Source: DESIGN 8.3. A failure names its seed, and <c>./test --simulate --seeds 1 --from SEED --transcript</c> plays it again.</summary>
[Trait("Rule", "S1")]
[Trait("Rule", "S8")]
[Trait("Rule", "S12")]
[Trait("Rule", "S13")]
[Trait("Rule", "S14")]
public sealed class When_everything_goes_wrong
{
    private const int Schedules = 200;
    private const int EventsLeast = 500;

    [Fact]
    public void Nothing_runs_twice_no_epoch_goes_back_and_every_command_is_answered()
    {
        Campaign campaign = new(Mutation.None);

        campaign.Run(from: 1, Schedules, stopsAtFirst: false);

        using StringWriter said = new(CultureInfo.InvariantCulture);
        foreach (Outcome failed in campaign.Failed)
        {
            Replay.Print(said, failed, Mutation.None, isWhole: false);
        }

        Assert.True(campaign.Failed.Count == 0, said.ToString());
        Assert.Equal(Schedules, campaign.Played);
        Assert.True(campaign.EventsLeast >= EventsLeast);
    }

    /// <summary>Else a seed would be worth nothing.</summary>
    [Fact]
    public void A_seed_gives_the_same_transcript_each_time()
    {
        using StringWriter first = new(CultureInfo.InvariantCulture);
        using StringWriter second = new(CultureInfo.InvariantCulture);

        Replay.PrintTranscript(first, 42, Mutation.None);
        Replay.PrintTranscript(second, 42, Mutation.None);

        Assert.Equal(first.ToString(), second.ToString());
    }

    /// <summary>A property about what never happens in the schedules would prove nothing.</summary>
    [Theory]
    [InlineData("power off (power loss)")]
    [InlineData("power off (fenced)")]
    [InlineData("its guard destroys it")]
    [InlineData("stands still")]
    [InlineData("cut off for")]
    [InlineData("Database: gone")]
    [InlineData("becomes Fenced: its guard has ended")]
    [InlineData("goes to the error queue")]
    [InlineData("quorum dissolved")]
    [InlineData("asking again (attempt 2)")]
    [InlineData("Failed")]
    [InlineData("refuses Start")]
    [InlineData("says goodbye")]
    [InlineData("left, as it said")]
    [InlineData("its disk is lost")]
    [InlineData("a second executor of this name")]
    [InlineData("b-1 Admit")]
    [InlineData("order to fence")]
    [InlineData("as of version 2")]
    [InlineData("the database went back")]
    [InlineData("the database is accepted: era 2")]
    public void The_schedules_contain_it(string what)
    {
        for (ulong seed = 1; seed <= Schedules; seed++)
        {
            using StringWriter told = new(CultureInfo.InvariantCulture);
            Replay.PrintTranscript(told, seed, Mutation.None);
            if (told.ToString().Contains(what, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"no schedule of {Schedules} contains \"{what}\"");
    }
}
