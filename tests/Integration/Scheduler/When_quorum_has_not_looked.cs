using System.Net;
using Npgsql;
using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>
/// Source: DESIGN S14. A database that went back to an earlier state says of services what was true then; until quorum has looked at it, a
/// scheduler takes every command and decides nothing.
/// </summary>
[Trait("Rule", "S14")]
public abstract class When_quorum_has_not_looked(RealEngines? servers) : A_scheduler(servers)
{
    private protected const string Web = """<service name="web" domain="order"/>""";
    private const int EvaluationFailed = 1212;
    private const int AsksLeast = 6;

    [Fact]
    public async Task A_command_is_accepted_and_waits_until_it_has()
    {
        Quorum.FallSilent();
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();

        Reply accepted = await Cluster.PostAsync("web", "disable", requestId: "early");
        await UntilAskedAgainAsync();

        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        Assert.Empty(n1.Orders);
        Assert.Empty(Cluster.Answers);
        Quorum.Find(era: 1, generation: 0, isTrusted: true);
        await Cluster.PassUntilAsync("the command is answered", () => Cluster.Answers.Any(answer => answer.RequestId == "early"));
    }

    /// <summary>The restored rows say that quorum is there; so may a membership of the forgotten time that comes late.</summary>
    [Fact]
    public async Task A_database_that_went_back_starts_nothing_until_an_operator_accepts_it()
    {
        Quorum.Find(era: 1, generation: 2, isTrusted: false);
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        await UntilRefusedAsync("stands at generation 2");

        await Cluster.PublishMembershipAsync(isQuorate: false);
        await Cluster.PublishMembershipAsync();
        await UntilRefusedAsync("went back");

        Assert.Empty(n1.Orders);
        Quorum.Find(era: 2, generation: 3, isTrusted: true);
        await Cluster.First.Bus.TryPublishAsync(Quorum.Seen());
        await Cluster.PassUntilAsync("it is started", () => n1.Orders.Count > 0);
    }

    private protected Task UntilAskedAgainAsync()
    {
        int before = Quorum.Asked;
        return Cluster.PassUntilAsync("quorum is asked again and again", () => Quorum.Asked >= before + AsksLeast);
    }

    private Task UntilRefusedAsync(string reason) => Cluster.PassUntilAsync(
        $"the evaluation is refused: {reason}",
        () => Cluster.First.Logs.Logged(EvaluationFailed).Any(line => line.Contains(reason, StringComparison.Ordinal)));
}

public sealed class When_quorum_has_not_looked_in_memory() : When_quorum_has_not_looked(null);

[Collection(RealEngines.Collection)]
public sealed class When_quorum_has_not_looked_on_real_engines(RealEngines servers) : When_quorum_has_not_looked(servers)
{
    private readonly RealEngines _servers = servers;

    /// <summary>A restore ends every session with the server; what was seen in those before it says nothing about the rows of now.</summary>
    [Fact]
    public async Task A_scheduler_that_ran_before_asks_again_once_its_sessions_have_ended()
    {
        await StartAsync(Web);
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Quorum.FallSilent();
        string database = new NpgsqlConnectionStringBuilder(Cluster.Engines.Options.Database).Database!; // RealEngines names it
        await _servers.ExecuteOnPostgresAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'");

        await Cluster.PassUntilAsync("the command is accepted", async () =>
            (await Cluster.PostAsync("web", "disable", requestId: "late")).Status == HttpStatusCode.Accepted);
        await UntilAskedAgainAsync();

        Assert.DoesNotContain(Cluster.Answers, answer => answer.RequestId == "late");
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
        Quorum.Find(era: 1, generation: 0, isTrusted: true);
        await Cluster.PassUntilAsync("the command is carried out", async () => (await Cluster.GetAsync("web")).State == ServiceState.Disabled);
    }
}
