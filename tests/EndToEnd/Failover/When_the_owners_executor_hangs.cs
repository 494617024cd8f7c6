using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>Source: DESIGN 3, S7: the guard outlives the executor and ends its services at the lease deadline.</summary>
[Trait("Rule", "S7")]
public sealed class When_the_owners_executor_hangs(When_the_owners_executor_hangs.Story story)
    : IClassFixture<When_the_owners_executor_hangs.Story>
{
    public sealed class Story : LabStory
    {
        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("mail", "n1", StepTimeout);
            await Lab.RunAsync("pause", "n1");
            // On n2, or on n1 itself when its guard's new executor joins before the time of the lost one has passed.
            await Lab.WaitAsync("mail is started again", () => Task.FromResult(Lab.StartsOf("mail").Count > 1), StepTimeout);
            await Lab.WaitForServiceAsync("mail", Lab.StartsOf("mail")[1].Node, StepTimeout);
        }
    }

    [Fact]
    public void It_is_stopped_by_the_guard_before_it_is_started_again()
    {
        var events = story.Lab.Witnessed().Where(line => line.Name == "mail" && line.Event != "alive").OrderBy(line => line.Time);

        // The executor that could have ordered this stop was stopped itself: the guard did it.
        Assert.Equal(["n1 start", "n1 stop", "start"], events.Take(3).Select((line, index) => index < 2 ? $"{line.Node} {line.Event}" : line.Event));
    }

    [Fact]
    public void It_gives_no_sign_of_life_between_the_two()
    {
        var mail = story.Lab.Witnessed().Where(line => line.Name == "mail").OrderBy(line => line.Time).ToList();
        var stop = mail.First(line => line.Event == "stop");
        var again = story.Lab.StartsOf("mail")[1];

        Assert.DoesNotContain(mail, line => line.Event == "alive" && line.Time > stop.Time && line.Time < again.Time);
    }

    [Fact]
    public async Task It_never_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
