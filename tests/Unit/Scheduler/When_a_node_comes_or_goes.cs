using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 4.3 and scenarios 23 to 31 and 38.</summary>
public sealed class When_a_node_comes_or_goes
{
    /// <summary>Scenario 23.</summary>
    [Fact]
    public void Scenario_23_a_service_without_autostart_becomes_disabled_and_can_be_enabled()
    {
        Cluster cluster = new Cluster("a", "b").Service("s", autostart: false);

        ServicePlan plan = cluster.PlanOf("s", new PlacementEvent.QuorumFormed());
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), plan));

        Assert.Equal(PlacementAction.MarkDisabled, plan.Action);
        Assert.Equal(ServiceState.Disabled, cluster["s"].State);
        cluster.Command("s", CommandKind.Enable);
        Assert.Equal((NodeAction.Start, "a"), cluster.Place("s").Ordered());
    }

    /// <summary>Scenario 24.</summary>
    [Fact]
    public void Scenario_24_a_service_stopped_by_an_operator_starts_with_the_next_node_and_not_before()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Stop);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", new PlacementEvent.Sweep()).Action);
        Assert.Equal(PlacementAction.Start, cluster.PlanOf("s", Cluster.Up("c")).Action);
    }

    /// <summary>The planner may find the owner gone before the event says so; the history tells both steps all the same.</summary>
    [Fact]
    public void A_takeover_in_one_step_tells_that_the_owner_was_gone()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").Node("a", NodeState.Fenced);

        Decision decision = cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", new PlacementEvent.Sweep())));

        Assert.Equal(new Passage(ServiceState.Stopped, null, "its owner a is gone and runs nothing any more"), Assert.Single(decision.Through));
        Assert.Equal((ServiceState.Starting, "b"), (decision.Next.State, decision.Next.Owner?.Value));
    }

    /// <summary>An operator's relocation is not undone by the sweep.</summary>
    [Theory]
    [InlineData("a(1) b(2)", true, false, "b", "a")]
    [InlineData("a(1) b(2)", true, true, "b", null)]
    [InlineData("a", false, true, "c", "a")]
    [InlineData("a b", false, false, "b", null)]
    public void A_service_moves_to_a_better_node_only_as_its_domain_says(string members, bool ordered, bool sticky, string owner, string? target)
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", members, ordered, nofailback: sticky).Service("s", "d").Running("s", owner);

        ServicePlan plan = cluster.PlanOf("s", Cluster.Up("a"));

        Assert.Equal(target is null ? PlacementAction.LeaveAlone : PlacementAction.Relocate, plan.Action);
        Assert.Equal(target ?? owner, plan.Node?.Value);
        Assert.Empty(cluster.Plan(new PlacementEvent.Sweep()).Services);
    }

    [Fact]
    public void Scenario_25_with_failback_the_better_node_of_an_ordered_domain_gets_it_back() =>
        A_service_moves_to_a_better_node_only_as_its_domain_says("a(1) b(2)", ordered: true, sticky: false, "b", "a");

    [Fact]
    public void Scenario_26_without_failback_it_stays() =>
        A_service_moves_to_a_better_node_only_as_its_domain_says("a(1) b(2)", ordered: true, sticky: true, "b", null);

    [Fact]
    public void Scenario_27_from_outside_its_domain_it_goes_home_even_so() =>
        A_service_moves_to_a_better_node_only_as_its_domain_says("a", ordered: false, sticky: true, "c", "a");

    /// <summary>
    /// The node's half (it stops everything, #69) is When_the_cluster_is_lost, the lock's end When_an_operator_restrains_the_cluster.
    /// DESIGN 3: no stop before the start, since a new incarnation begins with everything proven stopped.
    /// </summary>
    [Fact]
    public void Scenario_39_without_quorum_the_state_stays_as_it_is_and_everything_is_looked_at_again_afterwards()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Running("s", "a");
        cluster.IsQuorate = false;

        Assert.Equal(ResultCode.Quorum, cluster.Command("s", CommandKind.Relocate).Answered());
        Assert.False(cluster.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), null)).IsChanged);
        Assert.Equal((ServiceState.Started, "a"), (cluster["s"].State, cluster["s"].Owner?.Value));

        cluster.IsQuorate = true;
        cluster.Node("a", NodeState.Online, life: 2);
        cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal(PlacementAction.Start, cluster.PlanOf("s", new PlacementEvent.QuorumFormed()).Action);
    }

    /// <summary>rgmanager.md 4.3, consider_relocate: a service that is starting is looked at too; it moves once it has started.</summary>
    [Fact]
    public void A_better_node_that_comes_while_the_service_starts_gets_it_once_it_has_started()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a(1) b(2)", ordered: true).Service("s", "d").Node("a", NodeState.Fenced);
        cluster.Place("s");
        cluster.Node("a", NodeState.Online, life: 2);
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", Cluster.Up("a"))));

        Decision started = cluster.Ends("s", OperationOutcome.Succeeded, isRunning: true);

        Assert.Equal(["service:s"], started.Effects.OfType<Effect.NeedsPlacement>().SelectMany(effect => effect.Services).Select(name => name.Value));
        Assert.Equal((PlacementAction.Relocate, "a"), (cluster.PlanOf("s", new PlacementEvent.Sweep()).Action, cluster.PlanOf("s", new PlacementEvent.Sweep()).Node?.Value));
        Assert.Equal((NodeAction.Stop, "b"), cluster.Place("s").Ordered());
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        cluster.Place("s");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: true);
        Assert.Equal("a", cluster["s"].Owner?.Value);
        Assert.Empty(cluster.Plan(new PlacementEvent.Sweep()).Services);
    }

    [Fact]
    public void A_node_that_came_while_the_service_was_busy_is_looked_at_once()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a(1) b(2) c(3)", ordered: true).Service("s", "d").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, "b");
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        cluster.Place("s");
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", Cluster.Up("c"))));
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: true);

        Decision decision = cluster.Place("s");

        Assert.Null(decision.Ordered());
        Assert.Equal(("b", true), (decision.Next.Owner?.Value, decision.Next.Newcomers.IsEmpty));
    }

    [Fact]
    public void A_failback_that_fails_comes_home()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a(1) b(2)", ordered: true).Service("s", "d").Running("s", "b");
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", Cluster.Up("a"))));

        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, "a"), cluster.Place("s").Ordered());
        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
    }

    /// <summary>Scenario 28.</summary>
    [Fact]
    public void Scenario_28_a_restricted_domain_without_members_online_leaves_the_service_stopped()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a b", restricted: true).Service("s", "d").Running("s", "b");
        cluster.Node("a", NodeState.Fenced).Node("b", NodeState.Fenced);

        ServicePlan plan = cluster.PlanOf("s", Cluster.Down("b"));
        cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), plan));

        Assert.Equal((PlacementAction.LeaveAlone, null), (plan.Action, plan.Node));
        Assert.Equal(ServiceState.Stopped, cluster["s"].State);
        Assert.Contains("restricted domain unavailable", cluster["s"].Reason, StringComparison.Ordinal);
    }

    /// <summary>Scenario 29.</summary>
    [Fact]
    public void Scenario_29_a_domain_that_does_not_exist_forbids_nothing() =>
        Assert.Equal("a", new Cluster("a", "b").Service("s", "nowhere").PlanOf("s", new PlacementEvent.QuorumFormed()).Node?.Value);

    /// <summary>Scenario 30, rule S8: only an ended incarnation is replaced.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void Scenario_30_a_lost_owner_is_awaited_and_a_fenced_one_replaced()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Running("s", "a").With("s", record => record with { Restarts = 3 });

        cluster.Node("a", NodeState.Lost);
        Assert.Equal(PlacementAction.AwaitFencing, cluster.PlanOf("s", Cluster.Down("a")).Action);
        cluster.Node("a", NodeState.Fenced);
        Decision decision = cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), cluster.PlanOf("s", Cluster.Down("a"))));

        Assert.Equal((NodeAction.Start, "b"), decision.Ordered());
        Assert.Equal(("a", 0), (decision.Next.LastOwner?.Value, decision.Next.Restarts));
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void A_node_that_came_back_as_another_incarnation_no_longer_owns()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").Node("a", NodeState.Online, life: 2);

        Assert.Equal(PlacementAction.TakeOver, cluster.PlanOf("s", Cluster.Up("a")).Action);
    }

    /// <summary>An old membership does not know the newest incarnation; it must not call it ended.</summary>
    [Fact]
    [Trait("Rule", "S5")]
    public void A_membership_older_than_the_record_ends_nobody()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.With("s", record => record with { OwnerIncarnation = Cluster.Life("a", 2), Generation = 9 });

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", Cluster.Up("a")).Action);
        Assert.False(cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a", 2))).IsChanged);
    }

    /// <summary>Scenario 31.</summary>
    [Fact]
    public void A_frozen_service_whose_owner_died_is_stopped_and_stays_so()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").With("s", record => record with { IsFrozen = true });
        cluster.Node("a", NodeState.Fenced);

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("s", Cluster.Down("a")).Action);
        Decision decision = cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((ServiceState.Stopped, true), (decision.Next.State, decision.Next.IsFrozen));
        Assert.Equal(ResultCode.Frozen, cluster.Command("s", CommandKind.Enable).Answered());
    }

    /// <summary>Scenario 38.</summary>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "c")]
    public void Scenario_38_an_exclusive_service_needs_an_empty_node(bool isBusy, string? expected)
    {
        Cluster cluster = new Cluster("a", "b", "c", "d").Service("s", exclusive: 1).Service("on-a").Service("on-b").Service("on-c")
            .Running("s", "d").Running("on-a", "a").Running("on-b", "b");
        _ = isBusy ? cluster.Running("on-c", "c") : cluster.At("on-c", ServiceState.Disabled);
        cluster.Node("d", NodeState.Fenced);

        Assert.Equal(expected, cluster.PlanOf("s", Cluster.Down("d")).Node?.Value);
    }

    [Fact]
    public void Equals_are_shared_out_by_load()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s1").Service("s2").Service("s3").Service("s4").Running("s4", "a");

        IEnumerable<string?> nodes = cluster.Plan(new PlacementEvent.QuorumFormed()).Services.Select(plan => plan.Node?.Value);

        Assert.Equal(["b", "c", "a", "a"], nodes);
    }

    [Fact]
    public void Only_what_the_event_concerns_is_planned()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s1").Service("s2").Service("s3")
            .Running("s1", "a").Running("s2", "b").At("s3", ServiceState.Disabled).Node("a", NodeState.Fenced);

        Assert.Equal(["service:s1"], cluster.Plan(Cluster.Down("a")).Services.Select(plan => plan.Service.Value));
    }

    [Fact]
    public void A_dependent_waits_for_what_it_needs()
    {
        Cluster cluster = new Cluster("a").Service("db").Service("web", depend: "service:db").At("web", ServiceState.Stopped);

        Assert.Equal(PlacementAction.LeaveAlone, cluster.PlanOf("web", new PlacementEvent.Sweep()).Action);
        cluster.Running("db", "a");
        Assert.Equal(PlacementAction.Start, cluster.PlanOf("web", new PlacementEvent.Sweep()).Action);
    }
}
