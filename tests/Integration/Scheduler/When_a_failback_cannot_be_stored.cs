using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Source: message #35, "services may not migrate to the node which just came online".</summary>
public abstract class When_a_failback_cannot_be_stored(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    [Trait("Message", "35")]
    public async Task It_is_told_the_service_stays_and_moves_once_it_can_be_stored()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        ExecutorDouble n2 = await Cluster.JoinAsync("n2", "b1");
        await Cluster.JoinAsync("n3", "c1");
        await Cluster.PublishMembershipAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await RefuseWritesAsync();
        await Cluster.JoinAsync("n1", "a1");

        await Cluster.PublishMembershipAsync();

        await Cluster.UntilRaisedAsync(35, "service:web");
        Assert.Equal("#35: Unable to inform partner to start failback", Cluster.First.Logs.Logged(35)[0]);
        Assert.Equal([NodeAction.Start], n2.Orders.Select(order => order.Action));
        await AllowWritesAsync();
        await Cluster.PassUntilAsync("it moves", async () => await Cluster.GetAsync("web") is { State: ServiceState.Started, Owner.Value: "n1" });
    }

    /// <summary>A move for another reason is no failback.</summary>
    [Fact]
    public async Task A_start_that_cannot_be_stored_is_not_called_one()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await RefuseWritesAsync();

        await Cluster.FormAsync();

        await Cluster.UntilRaisedAsync(47);
        Assert.Empty(Cluster.First.Logs.Logged(35));
    }
}

public sealed class When_a_failback_cannot_be_stored_in_memory() : When_a_failback_cannot_be_stored(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_a_failback_cannot_be_stored_on_real_engines(RealEngines servers) : When_a_failback_cannot_be_stored(servers);
