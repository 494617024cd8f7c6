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
            await Lab.WaitForServiceAsync("mail", "n2", StepTimeout);
        }
    }

    [Fact]
    public void It_is_stopped_by_the_guard_before_another_node_starts_it()
    {
        var witnessed = story.Lab.Witnessed().Where(line => line.Name == "mail").ToList();
        var takeover = story.Lab.StartsOf("mail").First(start => start.Node == "n2");
        var lastSign = witnessed.Where(line => line is { Node: "n1", Event: "alive" or "stop" }).Max(line => line.Time);

        Assert.InRange(lastSign, 0, takeover.Time);
    }

    [Fact]
    public void It_never_has_two_owners()
    {
        story.Lab.AssertNeverTwoOwners();
    }
}
