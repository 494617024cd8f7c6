using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What the schedulers order of nodes once a newer configuration is in force. Source: rgmanager.md 2.9; rule S13.</summary>
public abstract class When_services_follow_a_configuration(RealEngines? servers) : A_scheduler(servers)
{
    private protected const string Web = """<service name="web" domain="order"><script name="x" file="/x"/></service>""";
    private protected const string Changed = """<service name="web" domain="order"><script name="x" file="/y"/></service>""";
    private const string Giver = """<service name="web" domain="order"><ip address="10.0.0.1"/></service><service name="other" domain="order"/>""";
    private const string Taker = """<service name="web" domain="order"/><service name="other" domain="order"><ip address="10.0.0.1"/></service>""";

    [Fact]
    public async Task What_changed_is_stopped_and_started_where_it_runs()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, ExecutorDouble n2, _) = await FormAsync();

        await AppliedAsync(Configurations.Text(2, Changed));
        await RunsByAsync(2);

        Assert.Equal(
            [(NodeAction.Start, 1), (NodeAction.Condstop, 2), (NodeAction.Condstart, 2)],
            n1.Orders.Select(order => (order.Action, order.ConfigurationVersion)));
        Assert.Empty(n2.Orders);
        Assert.Equal(ServiceState.Started, (await Cluster.GetAsync("web")).State);
        Assert.DoesNotContain(Cluster.Transitions, transition => transition.Service == new ServiceName("service:web") && transition.To is ServiceState.Stopping);
    }

    [Fact]
    public async Task What_moves_to_another_service_is_ordered_there_after_the_last_has_stopped_it()
    {
        await StartAsync(Giver);
        (ExecutorDouble n1, _, _) = await FormAsync(order => order.Action == NodeAction.Condstop ? null : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("other", ServiceState.Started);

        await AppliedAsync(Configurations.Text(2, Taker));
        await Eventually.HoldsAsync("the stop is ordered", () => n1.Orders.Any(order => order.Action == NodeAction.Condstop));
        await Cluster.PassUntilAsync("the order is repeated", () => n1.Orders.Count(order => order.Action == NodeAction.Condstop) > 1);
        bool wasEarly = n1.Orders.Any(order => order.Action == NodeAction.Condstart);
        await n1.ReportAsync(ExecutorDouble.Succeed(n1.Orders.Last(order => order.Action == NodeAction.Condstop)));
        await Cluster.PassUntilAsync("the other one gets it", () => n1.Orders.Any(order => order is { Action: NodeAction.Condstart } && order.Service == new ServiceName("service:other")));

        Assert.False(wasEarly);
    }

    [Fact]
    public async Task A_service_that_is_taken_out_stops_and_one_that_is_new_starts()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await FormAsync();

        await AppliedAsync(Configurations.Text(2, """<service name="new" domain="order"/>"""));
        await Cluster.UntilAsync("new", ServiceState.Started, "n1");
        await Eventually.HoldsAsync("the old one is stopped", () => n1.Orders.Any(order => order is { Action: NodeAction.Stop } && order.Service == new ServiceName("service:web")));
        await AppliedAsync(Configurations.Text(3, Web));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        Assert.Equal(3, n1.Orders.Last(order => order is { Action: NodeAction.Start } && order.Service == new ServiceName("service:web")).ConfigurationVersion);
    }

    private protected async Task<(ExecutorDouble N1, ExecutorDouble N2, ExecutorDouble N3)> FormAsync(Func<OperateService, OperationEnded?>? answer = null)
    {
        (ExecutorDouble N1, ExecutorDouble N2, ExecutorDouble N3) all = await Cluster.FormAsync(executor => executor.Answer = answer ?? executor.Answer);
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        return all;
    }

    private protected async Task AppliedAsync(string text, SchedulerReplica? replica = null)
    {
        Reply reply = await (replica ?? Cluster.First).ApplyAsync(text);
        Assert.True(reply.Status == HttpStatusCode.OK, string.Join(' ', reply.Reasons));
    }

    private protected Task RunsByAsync(int version) => Cluster.PassUntilAsync(
        $"it runs by version {version}", async () => (await Cluster.GetAsync("web")).Reason == $"runs on n1 by configuration version {version}");
}

public sealed class When_services_follow_a_configuration_in_memory() : When_services_follow_a_configuration(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_services_follow_a_configuration_on_real_engines(RealEngines servers) : When_services_follow_a_configuration(servers)
{
    /// <summary>The first replica has the file of version 1, and another one was told of version 2 and is gone.</summary>
    [Fact]
    public async Task The_other_replica_decides_by_what_one_was_told()
    {
        await StartAsync(2, Web);
        (ExecutorDouble n1, _, _) = await FormAsync(order => order.Action == NodeAction.Condstop ? null : ExecutorDouble.Succeed(order));
        SchedulerReplica told = Cluster.Replicas[1];

        await AppliedAsync(Configurations.Text(2, Changed + """<service name="idle" autostart="0"/>"""), told);
        await Cluster.RemoveReplicaAsync(told);
        await Cluster.PassUntilAsync("the stop is ordered", () => n1.Orders.Any(order => order.Action == NodeAction.Condstop));
        await n1.ReportAsync(ExecutorDouble.Succeed(n1.Orders.Last(order => order.Action == NodeAction.Condstop)));
        await Cluster.PassUntilAsync("the rest is started", () => n1.Orders.Any(order => order.Action == NodeAction.Condstart));
        Reply enabled = await Cluster.PostAsync("idle", "enable", wait: 20);

        Assert.Equal((HttpStatusCode.OK, 0), (enabled.Status, enabled.Code));
        Assert.All(n1.Orders.Where(order => order.Action is NodeAction.Condstop or NodeAction.Condstart), order => Assert.Equal(2, order.ConfigurationVersion));
        Assert.Equal(2, (await Cluster.First.ConfigurationAsync()).Version);
    }

    [Fact]
    public async Task A_replica_that_comes_with_an_older_file_turns_nothing_back()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await FormAsync();
        await AppliedAsync(Configurations.Text(2, Changed));
        await RunsByAsync(2);
        int orders = n1.Orders.Count;

        SchedulerReplica late = await Cluster.AddReplicaAsync();
        await Cluster.PublishMembershipAsync();
        await Cluster.SettleAsync("service:web");
        Reply again = await late.ApplyAsync(Configurations.Text(2, Web));

        Assert.Equal(2, (await late.ConfigurationAsync()).Version);
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Equal(orders, n1.Orders.Count);
    }

    /// <summary>Rule S13: nothing but the rows says that something is still to be done.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public async Task A_scheduler_that_is_started_anew_goes_on_where_the_last_one_ended()
    {
        await StartAsync(2, Web);
        (ExecutorDouble n1, _, _) = await FormAsync(order => order.Action == NodeAction.Condstop ? null : ExecutorDouble.Succeed(order));
        await AppliedAsync(Configurations.Text(2, Changed));
        await Cluster.PassUntilAsync("the stop is ordered", () => n1.Orders.Any(order => order.Action == NodeAction.Condstop));

        await Cluster.RemoveReplicaAsync(Cluster.Replicas[1]);
        await Cluster.AddReplicaAsync();
        await n1.ReportAsync(ExecutorDouble.Succeed(n1.Orders.Last(order => order.Action == NodeAction.Condstop)));

        await RunsByAsync(2);
        Assert.Equal(NodeAction.Condstart, n1.Orders[^1].Action);
    }
}
