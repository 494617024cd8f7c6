using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Domains;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>An error of our own in the evaluation. Previously it ended the scheduler, and each that was started after it.</summary>
public abstract class When_an_evaluation_fails(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    [Trait("Rule", "S13")]
    [Trait("Message", "32")]
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
        await Cluster.UntilRaisedAsync(32);
        Assert.Equal("#32: Code path error: Invalid return from node_in_domain()", Cluster.First.Logs.Logged(32)[0]);
    }

    [Fact]
    [Trait("Rule", "S13")]
    [Trait("Message", "32")]
    [Trait("Message", "34")]
    public async Task Over_one_service_it_is_told_by_its_name_and_the_others_are_placed()
    {
        await StartAsync("""<service name="web" domain="stay"/>""", """<service name="db" domain="order"/>""");
        ConfigurationHolder holder = Cluster.First.Services.GetRequiredService<ConfigurationHolder>();
        // No reader makes such a domain: it gives no node any score.
        ImmutableSortedDictionary<string, FailoverDomain> domains = holder.Current.FailoverDomains;
        holder.Replace(holder.Current with { FailoverDomains = domains.SetItem("stay", domains["stay"] with { Members = default }) });

        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();

        await Eventually.HoldsAsync("its neighbour is started", () => n1.Orders.Any(order => order.Service.Name == "db"));
        await Cluster.UntilRaisedAsync(32, "service:web");
        await Cluster.UntilRaisedAsync(34, "service:web");
        Assert.Equal("#34: Cannot get status for service service:web", Assert.Single(Cluster.First.Logs.Logged(34)));
        Assert.Single(Cluster.First.Logs.Logged(32));
        Assert.DoesNotContain(n1.Orders, order => order.Service.Name == "web");
    }
}

public sealed class When_an_evaluation_fails_in_memory() : When_an_evaluation_fails(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_an_evaluation_fails_on_real_engines(RealEngines servers) : When_an_evaluation_fails(servers);
