using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: clusvcadm(8) -c; rgmanager.md 2.8 and 3.5.</summary>
public sealed class When_a_service_is_partial
{
    [Fact]
    public void Its_nodes_inventory_says_so()
    {
        Cluster cluster = Running();

        cluster.Decide("s", Inventory(isPartial: true));

        Assert.Equal((ServiceState.Started, true), (cluster["s"].State, cluster["s"].IsPartial));
        Assert.Contains("convalesce starts that again", cluster["s"].Reason, StringComparison.Ordinal);
        Assert.False(cluster.Decide("s", Inventory(isPartial: true)).IsChanged);
    }

    [Fact]
    public void What_an_inventory_says_of_another_run_does_not_count() => Assert.False(Running().Decide("s", Inventory(isPartial: true, epoch: 4)).IsChanged);

    /// <summary>The scheduler's half of scenario 14; the node's is in When_a_check_fails.</summary>
    [Fact]
    public void Scenario_14_convalesce_starts_what_was_left_stopped_and_takes_the_flag_away()
    {
        Cluster cluster = Running();
        cluster.Decide("s", Inventory(isPartial: true));

        Assert.Equal((NodeAction.Convalesce, "a"), cluster.Command("s", CommandKind.Convalesce).Ordered());
        Decision ended = cluster.Ends("s", OperationOutcome.Succeeded, isRunning: true);

        Assert.Equal(ResultCode.Success, ended.Answered());
        Assert.Equal((ServiceState.Started, false, "a"), (cluster["s"].State, cluster["s"].IsPartial, cluster["s"].Owner?.Value));
    }

    [Fact]
    public void What_cannot_be_repaired_stays_partial_and_runs_on()
    {
        Cluster cluster = Running();
        cluster.Decide("s", Inventory(isPartial: true));
        cluster.Command("s", CommandKind.Convalesce);

        Decision ended = cluster.Ends("s", OperationOutcome.Failed, isRunning: true);

        Assert.Equal(ResultCode.Fail, ended.Answered());
        Assert.Equal((ServiceState.Started, true), (cluster["s"].State, cluster["s"].IsPartial));
    }

    [Theory]
    [InlineData(ServiceState.Stopped, ResultCode.Invalid)]
    [InlineData(ServiceState.Disabled, ResultCode.Invalid)]
    [InlineData(ServiceState.Failed, ResultCode.Invalid)]
    [InlineData(ServiceState.Recovering, ResultCode.Again)]
    public void Only_what_runs_can_be_repaired(ServiceState state, ResultCode expected) =>
        Assert.Equal(expected, new Cluster("a", "b").Service("s").At("s", state).Command("s", CommandKind.Convalesce).Answered());

    [Fact]
    public void One_that_is_whole_is_answered_as_running() => Assert.Equal(ResultCode.AlreadyRunning, Running().Command("s", CommandKind.Convalesce).Answered());

    [Fact]
    public void A_start_makes_it_whole()
    {
        Cluster cluster = Running();
        cluster.Decide("s", Inventory(isPartial: true));
        cluster.Command("s", CommandKind.Restart);

        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((ServiceState.Starting, false), (cluster["s"].State, cluster["s"].IsPartial));
    }

    [Fact]
    public void A_stop_does_not_wait_for_the_repair()
    {
        Cluster cluster = Running();
        cluster.Decide("s", Inventory(isPartial: true));
        cluster.Command("s", CommandKind.Convalesce);

        Decision stopped = cluster.Command("s", CommandKind.Stop, request: "r2");

        Assert.Equal((ResultCode.Abort, (NodeAction.Stop, "a")), (stopped.Answered("r1"), stopped.Ordered()));
    }

    private static Cluster Running() => new Cluster("a", "b").Service("s").Running("s", "a");

    private static ServiceEvent Inventory(bool isPartial, long epoch = 5) => new ServiceEvent.InventoryReported(
        new("a"),
        Cluster.Life("a"),
        new InventoryEntry { Service = new("service:s"), Epoch = epoch, IsRunning = true, IsBusy = false, IsPartial = isPartial });
}
