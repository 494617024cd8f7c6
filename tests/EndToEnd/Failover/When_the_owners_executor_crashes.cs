using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>Source: DESIGN 3, S9: a restarted executor adopts by probing what its guard kept.</summary>
[Trait("Rule", "S9")]
public sealed class When_the_owners_executor_crashes(When_the_owners_executor_crashes.Story story)
    : IClassFixture<When_the_owners_executor_crashes.Story>
{
    public sealed class Story : LabStory
    {
        /// <summary>The default lease: an executor comes back within it on a busy machine too, and adopts what its guard kept.</summary>
        protected override int TtlMilliseconds => 10_000;

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.RunAsync("crash", "n1");
            // A restart on the same node proves that the new executor took the service over and obeys.
            (await Lab.QuorateAsync("restart", "web")).MustSucceed();
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
        }
    }

    [Fact]
    public void It_keeps_its_node()
    {
        Assert.All(story.Lab.StartsOf("web"), start => Assert.Equal("n1", start.Node));
    }

    [Fact]
    public async Task It_never_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
