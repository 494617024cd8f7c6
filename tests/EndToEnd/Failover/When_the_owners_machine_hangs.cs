using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>
/// Source: DESIGN 3, S6 and S7: a pause of the whole machine stops its guard too, so only a fence device closes that window. One that
/// does not answer gives way to the next.
/// </summary>
[Trait("Rule", "S6")]
public sealed class When_the_owners_machine_hangs(When_the_owners_machine_hangs.Story story) : IClassFixture<When_the_owners_machine_hangs.Story>
{
    public sealed class Story : LabStory
    {
        public IReadOnlyList<FenceAttempted> Attempts { get; private set; } = [];

        protected override IReadOnlyList<string> Options => ["--fence"];

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            Lab.Touch("board-is-broken");
            await Lab.RunAsync("freeze", "n1");
            await Lab.WaitForServiceAsync("web", "n2", StepTimeout);
            // The supply switches the machine on again: it comes back as a new incarnation, and takes its service back.
            await Lab.WaitForNodeAsync("n1", NodeState.Online, StepTimeout);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            Attempts = await Lab.FencingAsync();
        }
    }

    [Fact]
    public async Task It_is_cut_off_and_only_then_replaced()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
        Assert.Equal(["n1", "n2", "n1"], story.Lab.StartsOf("web").Select(start => start.Node));
    }

    [Fact]
    public void The_device_that_does_not_answer_gives_way_to_the_next()
    {
        string[] attempts = [.. story.Attempts.Select(attempt => $"{attempt.Device} {attempt.Action} {attempt.Outcome}")];

        Assert.Equal(["board off failed", "board status failed", "supply off done", "supply status isOff", "board on failed"], attempts[..5]);
        // Each device is asked to switch on until it has: a machine may take longer to come up than the device waits.
        Assert.All(attempts[5..], attempt => Assert.Contains(" on ", attempt, StringComparison.Ordinal));
        Assert.Contains("supply on done", attempts);
    }
}
