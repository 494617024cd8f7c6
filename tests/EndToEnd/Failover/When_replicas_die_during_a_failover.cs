using Quorate.Contracts;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>Source: issue "The backbone", deliverable 10: kill -9 of one scheduler and one quorum replica in the middle changes nothing.</summary>
public sealed class When_replicas_die_during_a_failover(When_replicas_die_during_a_failover.Story story)
    : IClassFixture<When_replicas_die_during_a_failover.Story>
{
    public sealed class Story : LabStory
    {
        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.WaitForServiceAsync("mail", "n1", StepTimeout);
            await Lab.RunAsync("kill", "n1");
            await Lab.RunAsync("kill", "scheduler1");
            await Lab.RunAsync("kill", "quorum1");
            await Lab.WaitForServiceAsync("web", "n2", StepTimeout);
            await Lab.WaitForServiceAsync("mail", "n2", StepTimeout);
            await Lab.RunAsync("start", "scheduler1");
            await Lab.RunAsync("start", "quorum1");
            await Lab.RunAsync("start", "n1");
            await Lab.WaitForNodeAsync("n1", NodeState.Online, StepTimeout);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
        }
    }

    [Fact]
    public void It_starts_exactly_once_on_each_owner()
    {
        Assert.Equal(["n1", "n2", "n1"], story.Lab.StartsOf("web").Select(start => start.Node));
    }

    [Fact]
    public void It_leaves_services_of_the_living_alone()
    {
        Assert.Equal(["n1", "n2"], story.Lab.StartsOf("mail").Select(start => start.Node));
        Assert.Single(story.Lab.StartsOf("files"));
    }

    [Fact]
    public async Task It_never_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
