using System.Data.Common;
using Dapper;
using Npgsql;
using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>A row's lock that is waited for in vain. On PostgreSQL, where rows have locks of their own.</summary>
[Collection(RealEngines.Collection)]
public sealed class When_a_row_is_locked_by_somebody_else(RealEngines servers) : A_scheduler(servers)
{
    private const string StopFailed = "stop failed";

    private readonly RealEngines _servers = servers;

    /// <summary>Each row lock is waited for in vain once, then it is free, and the message is taken after all.</summary>
    [Theory]
    [InlineData("start", 74), Trait("Message", "74")]
    [InlineData("stop", 53), Trait("Message", "53")]
    [InlineData(StopFailed, 55), Trait("Message", "55"), Trait("Message", "41")]
    [InlineData("status", 48), Trait("Message", "48")]
    [InlineData("enable", 45), Trait("Message", "45")]
    [InlineData("disable", 50), Trait("Message", "50")]
    public async Task A_row_that_cannot_be_locked_is_raised_by_its_moment_and_the_message_is_taken_later(string moment, int number)
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        ExecutorDouble n1 = await PrepareAsync(moment);
        long epoch = n1.Orders[^1].Epoch;
        await using (DbConnection other = await Cluster.OpenAsync())
        await using (DbTransaction held = await other.BeginTransactionAsync())
        {
            await other.ExecuteAsync("SELECT id FROM scheduler_service FOR UPDATE", transaction: held);
            await SendAsync(moment, epoch);
            await Cluster.UntilRaisedAsync(number, "service:web");
        }

        string line = Assert.Single(Cluster.First.Logs.Logged(number == 55 ? 10055 : number));
        Assert.StartsWith($"#{number}: Unable to obtain cluster lock: ", line, StringComparison.Ordinal);
        await Eventually.HoldsAsync("the message was taken", async () => moment switch
        {
            "start" => (await Cluster.GetAsync("web")).State == ServiceState.Started,
            "stop" => (await Cluster.GetAsync("web")).State == ServiceState.Disabled,
            StopFailed => (await Cluster.GetAsync("web")).State == ServiceState.Failed,
            "status" => (await Cluster.GetAsync("web")).State == ServiceState.Recoverable,
            "enable" => Cluster.Answers.Any(answer => answer.RequestId == "id"),
            _ => (await Cluster.GetAsync("web")).State == ServiceState.Stopping,
        });
        if (moment == StopFailed)
        {
            await Cluster.UntilRaisedAsync(41, "service:web");
        }
    }

    /// <summary>One service's trouble is not another's: the deadlines behind a locked row are looked at all the same.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task A_locked_row_holds_up_no_other_deadline()
    {
        await StartAsync("""<service name="first" domain="order"/>""", """<service name="second" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync(executor => executor.Answer = _ => null);
        await Eventually.HoldsAsync("both are ordered", () => n1.Orders.Count == 2);
        await using DbConnection other = await Cluster.OpenAsync();
        await using DbTransaction held = await other.BeginTransactionAsync();
        await other.ExecuteAsync("SELECT id FROM scheduler_service WHERE name = 'service:first' FOR UPDATE", transaction: held);

        await Cluster.PassUntilAsync("the other is asked again", () => n1.Orders.Any(order => order is { Service.Value: "service:second", Attempt: 3 }));

        Assert.DoesNotContain(n1.Orders, order => order is { Service.Value: "service:first", Attempt: > 1 });
        Assert.Empty(Cluster.First.Logs.Logged(1205));
    }

    /// <summary>Sessions give up on a lock soon, so that a test need not wait for the server's own limit.</summary>
    protected override Task PrepareAsync(EnginesUnderTest engines) => _servers.ExecuteOnPostgresAsync(
        $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(engines.Options.Database).Database} SET lock_timeout = '200ms'");
}
