using Quorate.Contracts;
using Quorate.Tests.EndToEnd.Labs;
using Quorate.Cli.Demo.Witness;
using Xunit.Abstractions;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>Source: issue "The backbone", deliverable 10; rgmanager.md 1.2 for the domains. web fails back, mail stays.</summary>
public sealed class When_the_owner_loses_power(When_the_owner_loses_power.Story story, ITestOutputHelper output)
    : IClassFixture<When_the_owner_loses_power.Story>
{
    public sealed class Story : LabStory
    {
        public long KilledAt { get; private set; }

        public IReadOnlyList<WitnessLine> WebStarts { get; private set; } = [];

        public IReadOnlyList<WitnessLine> MailStarts { get; private set; } = [];

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            await Lab.WaitForServiceAsync("mail", "n1", StepTimeout);
            KilledAt = Lab.Now();
            await Lab.RunAsync("kill", "n1");
            await Lab.WaitForServiceAsync("web", "n2", StepTimeout);
            await Lab.WaitForServiceAsync("mail", "n2", StepTimeout);

            await Lab.RunAsync("start", "n1");
            await Lab.WaitForNodeAsync("n1", NodeState.Online, StepTimeout);
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);

            WebStarts = Lab.StartsOf("web");
            MailStarts = Lab.StartsOf("mail");
        }
    }

    [Fact]
    public void It_starts_on_the_next_node_of_the_domain()
    {
        output.WriteLine($"web: {(story.WebStarts[1].Time - story.KilledAt) / 1_000_000} ms from the kill to the start, ttl {Lab.TtlMilliseconds} ms");

        Assert.Equal("n2", story.WebStarts[1].Node);
    }

    [Fact]
    public void It_fails_back_when_the_preferred_node_returns()
    {
        Assert.Equal(["n1", "n2", "n1"], story.WebStarts.Select(start => start.Node));
    }

    [Fact]
    public void It_stays_where_the_domain_says_nofailback()
    {
        Assert.Equal(["n1", "n2"], story.MailStarts.Select(start => start.Node));
    }

    [Fact]
    public async Task It_never_has_two_owners()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
    }
}
