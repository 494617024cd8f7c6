using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>
/// Nothing moves a parked service until an operator has looked, and what it may still run is in everybody's way as before. Previously the planner did
/// not see it: something could be started beside it, or have a resource that it still had.
/// </summary>
public sealed class When_a_service_is_parked
{
    private static readonly PlacementEvent.Sweep Sweep = new();

    private static readonly PlacementEvent.QuorumFormed All = new();

    [Fact]
    [Trait("Rule", "S13")]
    public void No_plan_is_made_for_it_whatever_happens()
    {
        foreach (PlacementEvent cause in new[] { Sweep, All, Cluster.Down("n1"), Cluster.Up("n2"), new PlacementEvent.ServicesNeedPlacement([new("service:x")]) })
        {
            foreach (string on in new[] { "n1", "nowhere" })
            {
                Cluster cluster = new Cluster("n1", "n2").Service("x").Service("y").Park("x");
                cluster = on == "nowhere" ? cluster : cluster.Running("x", on).Node(on, NodeState.Fenced);

                Assert.DoesNotContain(cluster.Plan(cause).Services, plan => plan.Service == new ServiceName("service:x"));
            }
        }
    }

    [Fact]
    public void An_exclusive_service_is_not_put_beside_it()
    {
        Cluster cluster = new Cluster("n1").Service("x").Running("x", "n1").Park("x").Service("alone", exclusive: 1);

        ServicePlan plan = cluster.PlanOf("alone", All);

        Assert.Equal((PlacementAction.LeaveAlone, "no node can take it: n1: runs other services, and this one is exclusive"), (plan.Action, plan.Reason));
    }

    [Fact]
    public void Nothing_is_put_beside_it_where_it_is_exclusive_and_it_does_not_give_way()
    {
        Cluster cluster = new Cluster("n1").Service("x", exclusive: 2).Running("x", "n1").Park("x").Service("better", exclusive: 1).Service("y");

        PlacementPlan plan = cluster.Plan(All);

        Assert.Equal(["service:better", "service:y"], plan.Services.Select(service => service.Service.Value));
        Assert.All(plan.Services, service => Assert.Equal(PlacementAction.LeaveAlone, service.Action));
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void Where_its_stop_was_never_proven_it_counts_too()
    {
        Cluster cluster = new Cluster("n1").Service("x").At("x", ServiceState.Failed)
            .With("x", record => record with { Hold = new Hold(new("n1"), Cluster.Life("n1")) }).Park("x").Service("alone", exclusive: 1);

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("alone", All).Action);
    }

    [Fact]
    public void One_that_never_runs_with_it_does_not_start()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("live").Running("live", "n1").Park("live").Service("test").Ties("test", "live", Requirement.Never);

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("test", All).Action);
    }

    /// <summary>Its row still says that it was started there; were that taken for running, the other would be stopped and started for ever.</summary>
    [Fact]
    public void Once_its_node_is_fenced_it_is_in_nobodys_way()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("live").Running("live", "n1").Park("live").Service("test").Ties("test", "live", Requirement.Never)
            .Node("n1", NodeState.Fenced);
        PlacementAction before = cluster.PlanOf("test", All).Action;

        cluster.Running("test", "n2");

        Assert.Equal(PlacementAction.Start, before);
        Assert.Empty(cluster.Plan(Sweep).Services);
    }

    [Fact]
    public void The_next_one_goes_where_less_runs()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("x").Running("x", "n1").Park("x").Service("y");

        Assert.Equal(new NodeName("n2"), cluster.PlanOf("y", All).Node);
    }

    [Fact]
    public void Both_ends_of_its_migration_are_taken()
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("x").Running("x", "n1")
            .With("x", record => record with { Receiver = new Hold(new("n2"), Cluster.Life("n2")) }).Park("x").Service("alone", exclusive: 1);

        Assert.Equal(new NodeName("n3"), cluster.PlanOf("alone", All).Node);
    }

    /// <summary>Nobody will carry it out.</summary>
    [Fact]
    public void That_it_was_to_stop_counts_for_nothing()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("x").Running("x", "n1")
            .With("x", record => record with { State = ServiceState.Stopping, Journey = new Journey(Intent.Stop) }).Park("x")
            .Service("y").Ties("y", "x", colocate: Colocation.Never);

        Assert.Equal(new NodeName("n2"), cluster.PlanOf("y", All).Node);
    }

    [Fact]
    public void It_is_not_moved_so_that_another_can_run()
    {
        Cluster Tied() => new Cluster("n1", "n2").Domain("one", "n1", restricted: true).Service("x").Running("x", "n1")
            .Service("y", "one").Ties("y", "x", colocate: Colocation.Never);

        PlacementPlan moved = Tied().Plan(All);
        PlacementPlan parked = Tied().Park("x").Plan(All);

        Assert.Equal(PlacementAction.Relocate, moved.Services.Single(plan => plan.Service.Name == "x").Action);
        Assert.Equal(("service:y", PlacementAction.LeaveAlone), (parked.Services.Single().Service.Value, parked.Services.Single().Action));
    }

    [Fact]
    public void A_drained_node_does_not_wait_until_it_has_left()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("base").Service("x", depend: "base").Running("base", "n1").Running("x", "n1").Park("x");
        cluster.Drained.Add("n1");

        Assert.Equal((PlacementAction.Relocate, new NodeName("n2")), (cluster.PlanOf("base", Sweep).Action, cluster.PlanOf("base", Sweep).Node));
    }

    [Theory]
    [InlineData(ServiceState.Started, PlacementAction.Start)]
    [InlineData(ServiceState.Stopped, PlacementAction.LeaveAlone)]
    public void What_its_record_says_counts_for_those_that_need_it(ServiceState state, PlacementAction expected)
    {
        Cluster cluster = new Cluster("n1", "n2").Service("base").Running("base", "n1").Park("base").Service("y", depend: "base");
        cluster = state == ServiceState.Started ? cluster
            : cluster.With("base", record => record with { State = state, Owner = null, OwnerIncarnation = null });

        Assert.Equal(expected, cluster.PlanOf("y", All).Action);
    }

    [Fact]
    public void A_relocation_that_it_is_in_the_way_of_is_refused_and_stops_nothing()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("alone", exclusive: 1).Running("alone", "n1").Service("x").Running("x", "n2").Park("x");

        Decision decision = cluster.Command("alone", CommandKind.Relocate, "n2");

        Assert.Equal(ResultCode.Depend, decision.Answered());
        Assert.Null(decision.Order());
    }

    [Fact]
    public void A_resource_that_moved_to_another_stays_its_own_until_its_node_is_fenced()
    {
        const string Before = """<service name="old"><ip address="10.0.0.1"/></service><service name="new"/>""";
        const string After = """<service name="old"/><service name="new"><ip address="10.0.0.1"/></service>""";
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Before).Running("old", "n1").Running("new", "n2").Park("old").InForce(2, After);
        ServicePlan whileItRuns = cluster.PlanOf("new", Sweep);

        cluster.Node("n1", NodeState.Fenced);

        Assert.Equal(PlacementAction.LeaveAlone, whileItRuns.Action);
        Assert.EndsWith("; nothing moves service:old for now, see quorate status", whileItRuns.Reason, StringComparison.Ordinal);
        Assert.Equal(PlacementAction.Condstart, cluster.PlanOf("new", Sweep).Action);
    }
}
