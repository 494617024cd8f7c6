using Quorate.Contracts;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>
/// Source: DESIGN 8.5. A node that is alone goes on until its own lease ends, and only then is it replaced. One that hears nothing is as
/// good as alone, however well it is heard (rule S3).
/// </summary>
[Trait("Rule", "S3")]
[Trait("Rule", "S7")]
public sealed class When_the_owner_is_cut_off(When_the_owner_is_cut_off.Story story) : IClassFixture<When_the_owner_is_cut_off.Story>
{
    public sealed class Story : LabStory
    {
        protected override IReadOnlyList<string> Options => ["--network"];

        /// <summary>A network takes a broker of the lab's own, which listens there too.</summary>
        protected override IReadOnlyDictionary<string, string?> Environment =>
            new Dictionary<string, string?> { ["QUORATE_LAB_RABBITMQ"] = null, ["QUORATE_LAB_RABBITMQCTL"] = null };

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            foreach (string verb in new[] { "cut", "deafen", "mute" })
            {
                await Lab.RunAsync(verb, "n1");
                await Lab.WaitForServiceAsync("web", "n2", StepTimeout);
                await Lab.RunAsync("heal", "n1");
                await Lab.WaitForNodeAsync("n1", NodeState.Online, StepTimeout);
                await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            }
        }
    }

    [Fact]
    public void It_is_replaced_and_takes_its_service_back_each_time()
    {
        Assert.Equal(["n1", "n2", "n1", "n2", "n1", "n2", "n1"], story.Lab.StartsOf("web").Select(start => start.Node));
    }

    [Fact]
    public async Task It_never_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
