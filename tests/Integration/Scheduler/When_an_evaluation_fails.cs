using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>An error of our own in the evaluation. Previously it ended the scheduler, and each that was started after it.</summary>
public abstract class When_an_evaluation_fails(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    [Trait("Rule", "S13")]
    public async Task It_is_told_and_tried_again_until_it_succeeds()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PassUntilAsync("all is evaluated", async () =>
            await Cluster.ScalarAsync<long>("SELECT generation FROM scheduler_membership WHERE id = 2") == Cluster.Generation);
        // What was evaluated last is nothing that a scheduler has written.
        string sound = await Cluster.ScalarAsync<string>("SELECT document FROM scheduler_membership WHERE id = 2");
        await Cluster.ExecuteAsync("UPDATE scheduler_membership SET document = '[' WHERE id = 2");

        await Cluster.PassUntilAsync("it is told and tried again", () => Cluster.First.Logs.Logged(1226).Count >= 3);
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.ExecuteAsync("UPDATE scheduler_membership SET document = @sound WHERE id = 2", new { sound });

        await Cluster.PassUntilAsync("it goes on", async () => await Cluster.GetAsync("web") is { State: ServiceState.Started, Owner.Value: "n2" });
        Assert.Contains("tried again in 00:00:00.5", Cluster.First.Logs.Logged(1226)[0], StringComparison.Ordinal);
        Assert.All(Cluster.First.Logs.Logged(1226).Skip(1), line => Assert.Contains("tried again in 00:00:01", line, StringComparison.Ordinal));
    }
}

public sealed class When_an_evaluation_fails_in_memory() : When_an_evaluation_fails(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_an_evaluation_fails_on_real_engines(RealEngines servers) : When_an_evaluation_fails(servers);
