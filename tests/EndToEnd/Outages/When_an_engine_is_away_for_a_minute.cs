using System.Net;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>Far longer than any lease and any patience of the code. Source: issue 3, deliverable 6.</summary>
[Collection(OutageCollection.Name)]
public sealed class When_an_engine_is_away_for_a_minute
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The shortest lease of the tests: the outage is thirty of them, and three times the grace that a silent bus has.</summary>
    [LongFact, Trait("Rule", "S3")]
    public async Task A_broker_that_is_gone_for_60_s_costs_no_service_and_no_command()
    {
        await using Lab lab = await Lab.UpAsync(Observer.OwnEngines, options: "--fence");
        using Observer observer = new(lab);
        await lab.WaitForServiceAsync("web", "n1", StepTimeout);
        IReadOnlyList<string> lives = await observer.LivesAsync();
        int before = observer.Doings().Count;
        Command command = new("spare", "enable");

        await lab.RunAsync("kill", "rabbitmq");
        HttpStatusCode accepted = await observer.OrderAsync(command);
        await Observer.LastAsync(Outage);
        await lab.RunAsync("start", "rabbitmq");
        string? answer = await observer.AnswerAsync(command);
        // A node that was to be judged by its silence on the bus would be by then.
        await Observer.LastAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((HttpStatusCode.Accepted, "Success"), (accepted, answer));
        Assert.Single(observer.Doings().Skip(before));
        Assert.Equal(lives, await observer.LivesAsync());
        await observer.OutboxesAreEmptyAsync(StepTimeout);
        Assert.Empty(await observer.PutAsideAsync());
        await lab.AssertNeverTwoOwnersAsync();
    }

    /// <summary>MassTransit gives up a start after a minute by itself; a node that heard and never sent again would answer no order.</summary>
    [LongFact]
    public async Task A_node_that_is_started_meanwhile_answers_orders_once_the_broker_is_back()
    {
        await using Lab lab = await Lab.UpAsync(Observer.OwnEngines, options: "--fence");
        using Observer observer = new(lab);
        await lab.WaitForServiceAsync("web", "n1", StepTimeout);

        await lab.RunAsync("kill", "rabbitmq");
        await lab.RunAsync("kill", "n2");
        await lab.RunAsync("start", "n2");
        await lab.WaitForNodeAsync("n2", Quorate.Contracts.NodeState.Online, StepTimeout);
        await Observer.LastAsync(Outage + TimeSpan.FromSeconds(15));
        await lab.RunAsync("start", "rabbitmq");
        ProcessRun moved = await lab.QuorateAsync("relocate", "web", "--node", "n2");

        moved.MustSucceed();
        await lab.WaitForServiceAsync("web", "n2", StepTimeout);
        await lab.AssertNeverTwoOwnersAsync();
    }

    [LongFact, Trait("Rule", "S2")]
    public async Task A_database_that_is_gone_for_60_s_stops_all_and_fences_nobody_and_all_starts_again()
    {
        await using Lab lab = await Lab.UpAsync(Observer.OwnEngines, options: "--fence");
        using Observer observer = new(lab);
        await lab.WaitForServiceAsync("web", "n1", StepTimeout);
        await lab.WaitForServiceAsync("mail", "n1", StepTimeout);
        int before = observer.Doings().Count;

        await lab.RunAsync("kill", "postgres");
        await Observer.LastAsync(Outage);
        int stopped = observer.Doings().Skip(before).Count();
        await lab.RunAsync("start", "postgres");
        await lab.WaitAsync("all are started", () => Task.FromResult(observer.Doings().Skip(before).Count() >= 2 * stopped), StepTimeout);

        Assert.Equal(4, stopped);
        Assert.Empty(await lab.FencingAsync());
        Assert.Equal(0, await observer.CountAsync("SELECT COUNT(*) FROM quorum_fence"));
        await observer.OutboxesAreEmptyAsync(StepTimeout);
        Assert.Empty(await observer.PutAsideAsync());
        await lab.AssertNeverTwoOwnersAsync();
    }
}
