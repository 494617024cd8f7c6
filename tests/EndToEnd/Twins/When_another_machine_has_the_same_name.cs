using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Twins;

/// <summary>
/// Source: DESIGN 3, S5: a second incarnation of the same name is refused until the first left, was fenced, or provably ended. The twin is a
/// guard and an executor of their own, with a disk of their own.
/// </summary>
[Trait("Rule", "S5")]
public sealed class When_another_machine_has_the_same_name(When_another_machine_has_the_same_name.Story story)
    : IClassFixture<When_another_machine_has_the_same_name.Story>
{
    public sealed class Story : LabStory
    {
        private static readonly TimeSpan VerbTimeout = TimeSpan.FromMinutes(1);

        public Incarnation? First { get; private set; }

        public Incarnation? WhileItAsked { get; private set; }

        public Incarnation? Afterwards { get; private set; }

        public int StartsWhileItAsked { get; private set; }

        protected override async Task HappenAsync()
        {
            await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            First = await IncarnationAsync();
            string twin = Lab.FileCalled("twin");
            foreach (string part in (string[])["run", "log", "nodes", "witness"])
            {
                Directory.CreateDirectory(Path.Combine(twin, part));
            }

            File.Copy(Lab.FileCalled("settings"), Path.Combine(twin, "settings"));
            File.Copy(Lab.FileCalled("cluster.conf"), Path.Combine(twin, "cluster.conf"));
            (await Lab.RunScriptAsync(VerbTimeout, "start", "n1", "--dir", twin)).MustSucceed();
            try
            {
                await Lab.WaitAsync("the twin was refused", () => Task.FromResult(Refusals(twin) > 0), StepTimeout);
                WhileItAsked = await IncarnationAsync();
                StartsWhileItAsked = Lab.Witnessed().Count(line => line.Event == "start");
                await Lab.RunAsync("kill", "n1");
                await Lab.WaitAsync("the twin is a member", async () => await IncarnationAsync() is { } now && now != First, StepTimeout);
                Afterwards = await IncarnationAsync();
                await Lab.WaitForServiceAsync("web", "n1", StepTimeout);
            }
            finally
            {
                await Lab.RunScriptAsync(VerbTimeout, "kill", "n1", "--dir", twin);
            }
        }

        private static int Refusals(string twin) => File.ReadLines(Path.Combine(twin, "log", "n1.log"))
            .Count(line => line.Contains("has another incarnation that is live", StringComparison.Ordinal));

        /// <summary>Of n1, while it is online.</summary>
        private async Task<Incarnation?> IncarnationAsync() =>
            (await Lab.ClusterAsync())?.Nodes.SingleOrDefault(node => node.Name.Value == "n1") is { State: NodeState.Online } node ? node.Incarnation : null;
    }

    [Fact]
    public void It_is_refused_while_the_first_one_lives_and_disturbs_nothing()
    {
        Assert.NotNull(story.First);
        Assert.Equal(story.First, story.WhileItAsked);
        Assert.Equal(4, story.StartsWhileItAsked);
    }

    [Fact]
    public async Task It_is_let_in_once_the_first_one_is_fenced()
    {
        await story.Lab.AssertNeverTwoOwnersAsync();
        Assert.NotEqual(story.First, story.Afterwards);
        string[] starts = [.. story.Lab.StartsOf("web").Select(start => start.Node)];
        // A twin that is let in before the lost node's services are placed again is where web belongs; else n2 has it in between.
        Assert.Contains(string.Join(" ", starts), (string[])["n1 n1", "n1 n2 n1"]);
    }
}
