using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 3.11 and 4.6; <c>dependencies</c> with require and colocate; DESIGN 5.</summary>
public sealed class When_services_are_tied_to_each_other
{
    /// <summary>Each comes to rest when its start has failed, and names the other: neither need be tried before its pause is over.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void Two_that_nobody_can_start_do_not_wake_each_other()
    {
        Cluster cluster = new Cluster("a", "b").Service("x").Service("y").Ties("x", "y", colocate: Colocation.Always).Ties("y", "x", colocate: Colocation.Always);
        Queue<string> named = new(["x", "y"]);
        int starts = 0;

        while (named.TryDequeue(out string? name) && starts < 100)
        {
            Decision decision = cluster.Place(name);
            while (cluster[name].Pending is { } pending)
            {
                starts += pending.Action == NodeAction.Start ? 1 : 0;
                decision = pending.Action == NodeAction.Start ? cluster.Ends(name, OperationOutcome.Failed) : cluster.Ends(name, OperationOutcome.Succeeded, isRunning: false);
            }

            foreach (ServiceName concerned in decision.Effects.OfType<Effect.NeedsPlacement>().SelectMany(effect => effect.Services))
            {
                named.Enqueue(concerned.Name);
            }
        }

        Assert.InRange(starts, 2, 8);
        Assert.All(cluster.Records.Values, record => Assert.NotNull(record.RetryAt));
    }

    /// <summary>Nothing of it has failed: it starts as soon as what it needs runs.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void What_waited_for_what_it_needs_does_not_rest_after_that_has_started()
    {
        Cluster cluster = new Cluster("a", "b").Service("base").Service("x", depend: "base", recovery: RecoveryPolicy.Relocate).Running("x", "a").At("base", ServiceState.Stopped);
        cluster.StatusFails("x");
        cluster.Ends("x", OperationOutcome.Succeeded, isRunning: false);
        cluster.Place("x");
        Assert.Equal((ServiceState.Stopped, null), (cluster["x"].State, cluster["x"].RetryAt));

        cluster.Running("base", "a");

        Assert.Equal(NodeAction.Start, cluster.Place("x").Ordered()?.Action);
    }

    /// <summary>Its start failed everywhere while what it needs was sick: that this has been started anew is news.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void What_failed_is_tried_at_once_when_what_it_needs_has_started_since()
    {
        Cluster cluster = new Cluster("a", "b").Service("base").Service("x", depend: "base").Running("base", "a").At("x", ServiceState.Stopped);
        cluster.With("x", record => record with { StartFailures = 4, RetryAt = cluster.Now + OperationTimeouts.Default.BackOff(4) });
        Assert.Null(cluster.Place("x").Ordered());
        cluster.Now += TimeSpan.FromSeconds(1);

        cluster.With("base", record => record with { Since = cluster.Now });

        Assert.Equal(NodeAction.Start, cluster.Place("x").Ordered()?.Action);
    }

    /// <summary>
    /// A may run on 1 and 4, B on 3 and 4; A needs B and is never beside it, B needs C. C on 2, B on 4, A on 1; 1 dies: B moves to 3, so that
    /// A can run on 4.
    /// </summary>
    [Fact]
    public void One_that_runs_well_moves_when_that_is_the_only_way_for_another()
    {
        Cluster cluster = Four().Running("c", "n2").Running("b", "n4").Running("a", "n1").Node("n1", NodeState.Fenced);
        cluster.Decide("a", new ServiceEvent.OwnerEnded(new("n1"), Cluster.Life("n1")));

        PlacementPlan plan = cluster.Plan(Cluster.Down("n1"));

        Assert.Equal((PlacementAction.Relocate, "n3"), Of(plan, "b"));
        ServicePlan a = plan.Services.Single(service => service.Service.Name == "a");
        Assert.Equal((PlacementAction.LeaveAlone, null), (a.Action, a.Node?.Value));
        Assert.Contains("it is to start on n4 as soon as that can take it", a.Reason, StringComparison.Ordinal);

        cluster.Keep("b", Lifecycle.Apply(cluster.Situation("b"), plan.Services.Single(service => service.Service.Name == "b")));
        Decision left = cluster.Ends("b", OperationOutcome.Succeeded, isRunning: false);
        Assert.Contains(new ServiceName("service:a"), Assert.Single(left.Effects.OfType<Effect.NeedsPlacement>()).Services);
        Assert.Equal((NodeAction.Start, "n3"), cluster.Place("b").Ordered());
        // A needs B: it waits until that has started.
        Assert.Null(cluster.Place("a").Order());
        cluster.Ends("b", OperationOutcome.Succeeded);
        Assert.Equal((NodeAction.Start, "n4"), cluster.Place("a").Ordered());
    }

    /// <summary>The same of a configuration alone, as <c>quorate simulate</c> asks.</summary>
    [Fact]
    public void What_if_finds_it_too()
    {
        WhatIfPlan plan = WhatIf.Plan(
            Four().Configuration,
            [new("n1")],
            new Dictionary<ServiceName, NodeName> { [new("service:c")] = new("n2"), [new("service:b")] = new("n4"), [new("service:a")] = new("n1") }.ToImmutableDictionary());

        Assert.Equal(["n4", "n3", "n2"], plan.Services.Select(service => service.Node?.Value));
    }

    [Fact]
    public void All_that_start_together_are_arranged_together()
    {
        // Placed one after the other B would take n4, the less loaded, and A had none.
        Cluster cluster = Four().Node("n1", NodeState.Absent).Running("c", "n2").Service("x", "only3").Domain("only3", "n3", restricted: true).Running("x", "n3");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.QuorumFormed());

        Assert.Equal((PlacementAction.Start, "n3"), Of(plan, "b"));
    }

    [Fact]
    public void A_healthy_service_is_never_moved_for_one_that_can_run_elsewhere()
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("a").Service("b").Ties("a", "b", colocate: Colocation.Never).Running("b", "n1");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.QuorumFormed());

        Assert.Equal((PlacementAction.Start, "n2"), Of(plan, "a"));
        Assert.Equal((PlacementAction.LeaveAlone, "n1"), Of(plan, "b"));
    }

    [Fact]
    public void Those_that_belong_together_start_on_one_node()
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("a", "late").Domain("late", "n3 n2", restricted: true)
            .Service("b").Ties("a", "b", colocate: Colocation.Always).Service("busy").Running("busy", "n3");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.QuorumFormed());

        Assert.Equal(Of(plan, "a"), Of(plan, "b"));
        Assert.Equal("n2", Of(plan, "a").Item2);
    }

    [Fact]
    public void One_follows_the_other_to_another_node()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("a").Service("b").Ties("a", "b", colocate: Colocation.Always).Running("a", "n1").Running("b", "n2");

        PlacementPlan plan = cluster.Plan(new PlacementEvent.Sweep());

        ServicePlan moved = Assert.Single(plan.Services, service => service.Action == PlacementAction.Relocate);
        Assert.Contains("so that what depends on it", moved.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_that_exclude_each_other_the_better_priority_runs()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("test").Service("live").Priority("test", 5).Ties("test", "live", Requirement.Never);

        PlacementPlan plan = cluster.Plan(new PlacementEvent.QuorumFormed());

        Assert.Equal(PlacementAction.Start, Of(plan, "live").Item1);
        Assert.Equal((PlacementAction.LeaveAlone, null), Of(plan, "test"));
    }

    [Fact]
    public void One_that_excludes_another_stops_when_that_runs()
    {
        Cluster cluster = new Cluster("n1", "n2").Service("test").Service("live").Ties("test", "live", Requirement.Never).Running("test", "n1").Running("live", "n2");

        Assert.Equal((PlacementAction.Stop, null), Of(cluster.Plan(new PlacementEvent.Sweep()), "test"));
    }

    [Theory]
    [InlineData(Requirement.Always, PlacementAction.Stop)]
    [InlineData(Requirement.Start, null)]
    public void A_hard_dependency_that_is_lost_stops_it_and_a_soft_one_does_not(Requirement require, PlacementAction? expected)
    {
        Cluster cluster = new Cluster("n1", "n2").Service("a").Service("b").Ties("a", "b", require).Running("a", "n1").At("b", ServiceState.Disabled);

        PlacementPlan plan = cluster.Plan(new PlacementEvent.Sweep());

        Assert.Equal(expected, plan.Services.SingleOrDefault(service => service.Service.Name == "a")?.Action);
    }

    /// <summary>Neither can be the first to go where the other is not, or still is: one stops, the other follows.</summary>
    [Theory]
    [InlineData(Colocation.Never, "n1", "n2")]
    [InlineData(Colocation.Always, "n2", "n2")]
    [Trait("Rule", "S13")]
    public void Two_that_wait_for_each_other_make_room_nevertheless(Colocation colocate, string first, string second)
    {
        Cluster cluster = new Cluster("n1", "n2").Domain("only2", "n2", restricted: true).Service("a").Service("b").Service("c", "only2")
            .Ties("a", "b", colocate: colocate).Ties("c", "a", colocate: colocate == Colocation.Never ? Colocation.Always : Colocation.Never)
            .Running("a", first).Running("b", second).At("c", ServiceState.Stopped);
        cluster.Command("c", CommandKind.Enable);

        int stops = Sweep(cluster, rounds: 10);

        Assert.Equal((ServiceState.Started, null), (cluster["c"].State, cluster["c"].Journey));
        Assert.Equal((ServiceState.Started, ServiceState.Started, 2), (cluster["a"].State, cluster["b"].State, stops));
    }

    /// <summary>A sweep every ten seconds; between them everything that was ordered ends.</summary>
    private static int Sweep(Cluster cluster, int rounds)
    {
        int stops = 0;
        for (int round = 0; round < rounds; round++)
        {
            cluster.Now += TimeSpan.FromSeconds(10);
            foreach (ServicePlan plan in cluster.Plan(new PlacementEvent.Sweep()).Services)
            {
                cluster.Keep(plan.Service.Value, Lifecycle.Apply(cluster.Situation(plan.Service.Value), plan));
            }

            foreach (string service in cluster.Records.Values.Where(record => record.Pending is not null).Select(record => record.Name.Value).ToArray())
            {
                bool isStart = cluster[service].Pending!.Action == NodeAction.Start; // there: asked above
                stops += isStart ? 0 : 1;
                cluster.Ends(service, OperationOutcome.Succeeded, isRunning: isStart);
            }
        }

        return stops;
    }

    /// <summary>A file without the node was read at start, and the node has not ended yet: the planner must not end over it.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void One_that_runs_on_a_node_that_is_no_longer_configured_stays_there()
    {
        Cluster cluster = new Cluster("n1", "n2").Domain("d", "n1", restricted: true).Service("a", "d").Service("b").Ties("a", "b").Running("a", "n2");
        cluster.Node("n1", NodeState.Lost);
        PlacementSituation situation = new()
        {
            Configuration = cluster.Configuration with { Nodes = [.. cluster.Configuration.Nodes.Where(node => node.Name.Value != "n2")] },
            Membership = cluster.Membership,
            Services = [.. cluster.Records.Values],
            Now = cluster.Now,
        };

        PlacementPlan plan = Planner.Plan(situation, new PlacementEvent.Sweep());

        Assert.DoesNotContain(plan.Services, service => service.Service.Name == "a" && service.Action is not PlacementAction.LeaveAlone);
    }

    [Fact]
    public void Where_there_is_no_arrangement_it_says_so()
    {
        Cluster cluster = new Cluster("n1", "n2").Domain("d", "n1", restricted: true).Service("a", "d").Service("b", "d")
            .Ties("a", "b", colocate: Colocation.Never).Running("b", "n1").At("a", ServiceState.Stopped);

        Decision refused = cluster.Command("a", CommandKind.Enable);
        Decision answered = cluster.Place("a");

        Assert.True(refused.SeeksPlacement());
        Assert.Equal(ResultCode.Depend, answered.Answered());
        Assert.Contains("no arrangement of the services that depend on each other", Assert.Single(Assert.Single(answered.Effects.OfType<Effect.Answer>()).Reasons), StringComparison.Ordinal);
    }

    /// <summary>Thirty services none of which may be beside another, on thirty nodes less one: too many arrangements to look at all.</summary>
    [Fact]
    public void A_search_that_takes_too_long_ends_and_says_so()
    {
        string[] nodes = [.. Enumerable.Range(1, 29).Select(number => $"n{number}")];
        Cluster cluster = new(nodes);
        foreach (int number in Enumerable.Range(1, 30))
        {
            cluster.Service($"s{number}");
            foreach (int other in Enumerable.Range(1, number - 1))
            {
                cluster.Ties($"s{number}", $"s{other}", colocate: Colocation.Never);
            }
        }

        PlacementPlan plan = cluster.Plan(new PlacementEvent.QuorumFormed());

        Assert.Equal(29, plan.Services.Count(service => service.Action == PlacementAction.Start));
        Assert.Equal(29, plan.Services.Where(service => service.Node is not null).Select(service => service.Node).Distinct().Count());
        Assert.Contains("ended after 20000 steps", plan.Services.Single(service => service.Node is null).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_relocated_beside_a_foe_by_hand_is_not_put_there()
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("a").Service("b").Ties("a", "b", colocate: Colocation.Never).Running("a", "n1").Running("b", "n2");
        cluster.Command("a", CommandKind.Relocate, "n2");
        cluster.Ends("a", OperationOutcome.Succeeded, isRunning: false);

        Assert.Equal((NodeAction.Start, "n3"), cluster.Place("a").Ordered());
    }

    /// <summary>DESIGN 9: a relocation that no rule lets end anywhere else stops nothing. n3 is free, but not for it.</summary>
    [Theory]
    [InlineData("n2")]
    [InlineData(null)]
    public void One_that_only_a_foe_keeps_from_relocating_runs_on(string? target)
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Domain("d", "n1 n2", restricted: true).Domain("only2", "n2", restricted: true)
            .Service("a", "d").Service("b", "only2").Ties("a", "b", colocate: Colocation.Never).Running("a", "n1").Running("b", "n2");

        Decision decision = cluster.Command("a", CommandKind.Relocate, target);

        Assert.Equal(ResultCode.Relocated, decision.Answered());
        Assert.Null(decision.Order());
        Assert.Contains("no other node can take it: n2: service:b is there", decision.Reason, StringComparison.Ordinal);
    }

    /// <summary>Source: rgmanager.md 5.1 (-e S -m NODE, -r S -m NODE): who depends on another still goes where it was asked to, however much runs there.</summary>
    [Theory]
    [InlineData(CommandKind.Enable)]
    [InlineData(CommandKind.Relocate)]
    public void One_that_needs_another_goes_where_it_was_asked_to(CommandKind kind)
    {
        Cluster cluster = new Cluster("n1", "n2", "n3").Service("db").Service("x").Service("y").Service("web", depend: "db")
            .Running("db", "n1").Running("x", "n2").Running("y", "n2");
        _ = kind == CommandKind.Enable ? cluster.At("web", ServiceState.Disabled) : cluster.Running("web", "n1");

        cluster.Command("web", kind, "n2");
        if (kind == CommandKind.Relocate)
        {
            cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);
        }

        Assert.Equal((NodeAction.Start, "n2"), cluster.Place("web").Ordered());
    }

    private static Cluster Four() => new Cluster("n1", "n2", "n3", "n4")
        .Domain("one-four", "n1 n4", restricted: true).Domain("three-four", "n3 n4", restricted: true)
        .Service("a", "one-four").Service("b", "three-four").Service("c")
        .Ties("a", "b", Requirement.Always, Colocation.Never).Ties("b", "c", Requirement.Always);

    private static (PlacementAction, string?) Of(PlacementPlan plan, string name)
    {
        ServicePlan service = plan.Services.Single(service => service.Service.Name == name);
        return (service.Action, service.Node?.Value);
    }
}
