using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Failover;

/// <summary>
/// An enable whose scheduler, or whose executor, is killed with SIGKILL at each point between two steps: the command is carried out
/// once all the same. Source: issue "The backbone", deliverable 10; DESIGN 8.4; rules S8, S12, S13.
/// </summary>
public sealed class When_a_process_dies_in_the_middle_of_a_command(When_a_process_dies_in_the_middle_of_a_command.Story story)
    : IClassFixture<When_a_process_dies_in_the_middle_of_a_command.Story>
{
    private const string Service = "spare";
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(90);

    /// <summary>One lab for all cases; each begins and ends with the service disabled.</summary>
    public sealed class Story : LabStory
    {
        /// <summary>Longer than an executor needs to come back on a busy machine: its lease must outlive the crash.</summary>
        protected override int TtlMilliseconds => 5000;

        /// <summary>The service has run once: from then on the unsafe switch concerns it, and every case is seen to be able to fail.</summary>
        protected override async Task HappenAsync() => (await Lab.QuorateAsync("enable", Service)).MustSucceed();
    }

    [Theory]
    [InlineData("received:EnableService")]
    [InlineData("decided:EnableService")]
    [InlineData("committed:EnableService")]
    [InlineData("sent:OperateService")]
    [InlineData("acknowledged:EnableService")]
    [InlineData("committed:OperationEnded")]
    [Trait("Rule", "S12")]
    public async Task It_is_started_exactly_once_when_the_scheduler_dies_at(string point)
    {
        int before = await PrepareAsync();
        string marker = MarkerOf("scheduler", point);
        await story.Lab.RunAsync("kill", "scheduler2");
        await story.Lab.RunAsync("kill", "scheduler1");
        await story.Lab.RunAsync(Crashing("SCHEDULER", point, marker), "start", "scheduler1");

        await story.Lab.QuorateAsync("enable", Service, "--no-wait");
        await story.Lab.WaitAsync($"scheduler1 died at {point}", () => Task.FromResult(File.Exists(marker)), StepTimeout);
        await story.Lab.RunAsync("start", "scheduler2");
        await story.Lab.RunAsync("start", "scheduler1");

        await AssertStartedOnceAsync(before);
    }

    [Theory]
    [InlineData("received:OperateService")]
    [InlineData("decided:OperateService")]
    [InlineData("committed:OperateService")]
    [InlineData("sent:OperationEnded")]
    [InlineData("acknowledged:OperateService")]
    [Trait("Rule", "S8")]
    public async Task It_runs_on_exactly_one_node_when_the_executor_dies_at(string point)
    {
        int before = await PrepareAsync();
        string marker = MarkerOf("executor", point);
        Incarnation? life = (await MemberAsync("n3"))?.Incarnation;
        await story.Lab.RunAsync("kill", "n3");
        // Its guard proves that the life before has ended, so nobody waits for that to be lost and fenced.
        await story.Lab.RunAsync(Crashing("NODE", point, marker), "start", "n3");
        await story.Lab.WaitAsync(
            "n3 is online in its next life", async () => await MemberAsync("n3") is { State: NodeState.Online } member && member.Incarnation != life, StepTimeout);

        await story.Lab.QuorateAsync("enable", Service, "--node", "n3", "--no-wait");
        await story.Lab.WaitAsync($"the executor of n3 died at {point}", () => Task.FromResult(File.Exists(marker)), StepTimeout);

        await AssertStartedOnceAsync(before);
    }

    private async Task<NodeView?> MemberAsync(string name) => (await story.Lab.ClusterAsync())?.Nodes.FirstOrDefault(node => node.Name.Value == name);

    /// <summary>Disables the service and returns how often it was started so far.</summary>
    private async Task<int> PrepareAsync()
    {
        // A scheduler that was just started may say "try again": it takes no command before quorum has looked at the database (rule S14).
        await story.Lab.WaitAsync($"{Service} takes the command", async () => (await story.Lab.QuorateAsync("disable", Service)).ExitCode == 0, StepTimeout);
        await story.Lab.WaitAsync(
            $"{Service} is disabled",
            async () => (await story.Lab.ClusterAsync())?.Services.Any(service =>
                service.Name.Value == $"service:{Service}" && service.State == ServiceState.Disabled) == true,
            StepTimeout);
        return story.Lab.StartsOf(Service).Count;
    }

    /// <summary>One start line more than before, whoever wrote it, and no overlap.</summary>
    private async Task AssertStartedOnceAsync(int before)
    {
        await story.Lab.WaitAsync(
            $"{Service} is started",
            async () => (await story.Lab.ClusterAsync())?.Services.Any(service =>
                service.Name.Value == $"service:{Service}" && service.State == ServiceState.Started) == true,
            StepTimeout);
        Assert.Equal(before + 1, story.Lab.StartsOf(Service).Count);
        await story.Lab.AssertNeverTwoOwnersAsync();
    }

    private string MarkerOf(string who, string point) => story.Lab.FileCalled($"crash-{who}-{point.Replace(':', '-')}");

    private static Dictionary<string, string?> Crashing(string who, string point, string marker) => new()
    {
        [$"QUORATE_LAB_SET_{who}"] = $"Quorate__CrashAt={point} Quorate__CrashMarker={marker}",
    };
}
