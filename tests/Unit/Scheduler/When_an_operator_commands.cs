using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: rgmanager.md 3.3 to 3.7 and scenarios 36 and 37.</summary>
public sealed class When_an_operator_commands
{
    [Theory]
    [InlineData(CommandKind.Enable, ServiceState.Started, ResultCode.AlreadyRunning)]
    [InlineData(CommandKind.Disable, ServiceState.Disabled, ResultCode.Success)]
    [InlineData(CommandKind.Disable, ServiceState.Stopped, ResultCode.Success)]
    [InlineData(CommandKind.Disable, ServiceState.Failed, ResultCode.Success)]
    [InlineData(CommandKind.Stop, ServiceState.Stopped, ResultCode.Success)]
    [InlineData(CommandKind.Stop, ServiceState.Failed, ResultCode.Fail)]
    [InlineData(CommandKind.Restart, ServiceState.Disabled, ResultCode.Invalid)]
    [InlineData(CommandKind.Relocate, ServiceState.Disabled, ResultCode.Invalid)]
    [InlineData(CommandKind.Relocate, ServiceState.Failed, ResultCode.Abort)]
    [InlineData(CommandKind.Enable, ServiceState.Failed, ResultCode.Abort)]
    [InlineData(CommandKind.Enable, ServiceState.Migrating, ResultCode.AlreadyRunning)]
    public void Some_answers_come_at_once(CommandKind kind, ServiceState state, ResultCode expected)
    {
        Cluster cluster = new Cluster("a", "b").Service("s");
        _ = state == ServiceState.Started ? cluster.Running("s", "a") : cluster.At("s", state);

        Assert.Equal(expected, cluster.Command("s", kind).Answered());
    }

    [Fact]
    [Trait("Message", "43")]
    public void Enabling_a_failed_service_says_why_not() =>
        Assert.Equal([43], new Cluster("a").Service("s").At("s", ServiceState.Failed).Command("s", CommandKind.Enable).Raised());

    [Theory]
    [Trait("Message", "42")]
    [Trait("Message", "44")]
    [InlineData(CommandKind.Enable, 44)]
    [InlineData(CommandKind.Disable, 42)]
    [InlineData(CommandKind.Stop, 42)]
    public void A_state_that_does_not_exist_is_named(CommandKind kind, int number)
    {
        Decision decision = new Cluster("a").Service("s").At("s", (ServiceState)77).Command("s", kind);

        Assert.Equal([number], decision.Raised());
        Assert.Equal(ResultCode.Fail, decision.Answered());
    }

    [Fact]
    public void Without_quorum_every_command_is_refused()
    {
        Cluster cluster = new Cluster("a").Service("s");
        cluster.IsQuorate = false;

        // To take up what is not parked changes nothing.
        Assert.All(Enum.GetValues<CommandKind>().Except([CommandKind.Unpark]), kind => Assert.Equal(ResultCode.Quorum, cluster.Command("s", kind).Answered()));
        Assert.Equal(ResultCode.Success, cluster.Command("s", CommandKind.Unpark).Answered());
    }

    /// <summary>The planner places nothing then, so a command that waited for it would hang.</summary>
    [Theory]
    [InlineData(CommandKind.Enable, ServiceState.Disabled, ResultCode.Invalid)]
    [InlineData(CommandKind.Restart, ServiceState.Started, ResultCode.Invalid)]
    [InlineData(CommandKind.Relocate, ServiceState.Started, ResultCode.Invalid)]
    [InlineData(CommandKind.Stop, ServiceState.Stopped, ResultCode.Success)]
    [InlineData(CommandKind.Disable, ServiceState.Stopped, ResultCode.Success)]
    public void With_the_resource_manager_disabled_nothing_is_started_and_the_answer_says_so(CommandKind kind, ServiceState state, ResultCode expected)
    {
        Cluster cluster = new Cluster("a", "b").Service("s");
        cluster.IsDisabled = true;
        _ = state == ServiceState.Started ? cluster.Running("s", "a") : cluster.At("s", state);

        Assert.Equal(expected, cluster.Command("s", kind).Answered());
    }

    /// <summary>It was accepted before, and the planner leaves everything alone from then on: without a word it would never be answered.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void What_waits_for_the_planner_when_the_resource_manager_is_disabled_is_answered()
    {
        Cluster relocated = new Cluster("a", "b").Service("s").Running("s", "a");
        relocated.Command("s", CommandKind.Relocate, "b");
        relocated.IsDisabled = true;
        relocated.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Cluster migrated = new Cluster("a", "b").Service("vm:g").Migratory("vm:g").Running("vm:g", "a");
        migrated.Command("vm:g", CommandKind.Migrate, "b");
        migrated.IsDisabled = true;

        Assert.Equal((ResultCode.Invalid, ServiceState.Stopped), (relocated.Place("s", new PlacementEvent.Sweep()).Answered(), relocated["s"].State));
        Assert.Equal((ResultCode.Invalid, ServiceState.Started), (migrated.Place("vm:g", new PlacementEvent.Sweep()).Answered(), migrated["vm:g"].State));
    }

    [Fact]
    public void A_node_that_is_down_or_unknown_or_forbidden_is_refused_before_anything_stops()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a b", restricted: true).Service("s", "d").Running("s", "a");
        cluster.Node("b", NodeState.Lost);

        Assert.Equal(ResultCode.NoNode, cluster.Command("s", CommandKind.Relocate, "b").Answered());
        Assert.Equal(ResultCode.NoNode, cluster.Command("s", CommandKind.Relocate, "z").Answered());
        Assert.Equal(ResultCode.Domain, cluster.Command("s", CommandKind.Relocate, "c").Answered());
        Assert.Equal(ResultCode.Relocated, cluster.Command("s", CommandKind.Relocate).Answered());
        Assert.Equal(ServiceState.Started, cluster["s"].State);
    }

    [Fact]
    public void Restart_stops_and_starts_on_the_owner_whatever_its_domain_says()
    {
        Cluster cluster = new Cluster("a", "b").Domain("d", "a(1) b(2)", ordered: true).Service("s", "d").Running("s", "b");

        Assert.Equal((NodeAction.Stop, "b"), cluster.Command("s", CommandKind.Restart).Ordered());
        Assert.Equal((NodeAction.Start, "b"), cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false).Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded).Answered());
        Assert.Equal(0, cluster["s"].Restarts);
    }

    /// <summary>Scenario 37: the target cannot, another node can.</summary>
    [Fact]
    public void Scenario_37_a_relocation_goes_on_to_the_next_node()
    {
        Cluster cluster = Relocating("b");

        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, "c"), cluster.Place("s").Ordered());

        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded).Answered());
    }

    /// <summary>Scenario 37: nobody can, so back to the first owner; message #70.</summary>
    [Fact]
    [Trait("Message", "70")]
    public void A_relocation_that_nobody_takes_ends_where_it_began()
    {
        Cluster cluster = Relocating("b");
        for (int node = 0; node < 2; node++)
        {
            cluster.Ends("s", OperationOutcome.Failed);
            cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
            Decision placed = cluster.Place("s");
            Assert.Equal(node == 0 ? "c" : "a", placed.Ordered()?.Node);
            Assert.Equal(node == 0 ? [] : [70], placed.Raised());
        }

        Decision end = cluster.Ends("s", OperationOutcome.Succeeded);

        Assert.Equal(ResultCode.Relocated, end.Answered());
        Assert.Equal(3, end.Effects.OfType<Effect.Answer>().Single().Reasons.Length);
    }

    /// <summary>Source: rgmanager.md 3.7 step 4; messages #2 and #4.</summary>
    [Fact]
    [Trait("Message", "2")]
    [Trait("Message", "4")]
    public void A_target_that_can_neither_start_nor_stop_needs_an_operator()
    {
        Cluster cluster = Relocating("b");
        cluster.Ends("s", OperationOutcome.Failed);

        Decision decision = cluster.Ends("s", OperationOutcome.Failed);

        Assert.Equal([12, 2, 4], decision.Raised());
        Assert.Equal(ResultCode.Fail, decision.Answered());
    }

    /// <summary>Source: rgmanager.md 3.7 step 4: a last owner that the configuration no longer names is told by its number.</summary>
    [Fact]
    [Trait("Message", "3")]
    public void A_target_that_left_the_configuration_and_can_neither_start_nor_stop_is_named_by_its_number()
    {
        Cluster cluster = Relocating("b");
        cluster.Ends("s", OperationOutcome.Failed);
        ServiceSituation situation = cluster.Situation("s");
        situation = situation with
        {
            Configuration = situation.Configuration with { Nodes = [.. situation.Configuration.Nodes.Where(node => node.Name.Value != "b")] },
        };

        Decision decision = Lifecycle.Decide(
            situation, new ServiceEvent.OperationEnded(Cluster.Report(cluster["s"], OperationOutcome.Failed)));

        Assert.Equal([12, 3, 4], decision.Raised());
        Assert.Equal(["service:s", "2"], decision.Effects.OfType<Effect.Raise>().Single(raise => (int)raise.Message == 3).Arguments.AsEnumerable());
    }

    [Fact]
    [Trait("Message", "59")]
    public void A_target_that_does_not_answer_is_named_once()
    {
        Cluster cluster = Relocating("b");
        List<int> raised = [];
        for (int minute = 0; minute < 5; minute++)
        {
            cluster.Now += TimeSpan.FromMinutes(2);
            raised.AddRange(cluster.Decide("s", new ServiceEvent.DeadlineDue()).Raised());
        }

        Assert.Equal([59], raised);
        Assert.Equal("b", cluster["s"].Owner?.Value);
    }

    [Fact]
    [Trait("Message", "61")]
    [Trait("Rule", "S8")]
    public void An_answer_that_does_not_fit_the_order_is_named_and_settles_nothing()
    {
        Cluster cluster = Relocating("b");

        Decision decision = cluster.Decide("s", new ServiceEvent.OperationEnded(
            Cluster.Report(cluster["s"], OperationOutcome.Succeeded, isRunning: false) with { Action = NodeAction.Stop }));

        Assert.Equal([61], decision.Raised());
        Assert.False(decision.IsChanged);
    }

    /// <summary>The exit codes of clusvcadm follow from the results. DESIGN 9: the hold stays after the second disable (rule S11).</summary>
    [Fact]
    public void Scenario_36_only_disable_leaves_the_state_failed()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Disable);
        cluster.Ends("s", OperationOutcome.Failed);
        Assert.Equal(ServiceState.Failed, cluster["s"].State);

        Decision enabled = cluster.Command("s", CommandKind.Enable, request: "r2");
        Assert.Equal(ResultCode.Abort, enabled.Answered("r2"));
        Assert.Equal([43], enabled.Raised());
        Assert.Equal(ResultCode.Fail, cluster.Command("s", CommandKind.Stop, request: "r3").Answered("r3"));
        Assert.Equal(ResultCode.Abort, cluster.Command("s", CommandKind.Relocate, request: "r4").Answered("r4"));
        Assert.Equal(ServiceState.Failed, cluster["s"].State);

        cluster.Command("s", CommandKind.Disable, request: "r5");
        Assert.Equal(ResultCode.Warning, cluster.Ends("s", OperationOutcome.Failed).Answered("r5"));
        Assert.Equal(ServiceState.Disabled, cluster["s"].State);
    }

    /// <summary>Scenario 36 with rule S11: the second disable ends disabled with a warning, and the hold stays.</summary>
    [Fact]
    [Trait("Rule", "S11")]
    public void Disabling_a_failed_service_stops_again_and_keeps_an_unproven_hold()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Disable);
        Assert.Equal(ResultCode.Fail, cluster.Ends("s", OperationOutcome.Failed).Answered());
        Assert.Equal((NodeAction.Stop, "a"), cluster.Command("s", CommandKind.Disable, request: "r2").Ordered());

        Decision second = cluster.Ends("s", OperationOutcome.Failed);

        Assert.Equal(ResultCode.Warning, second.Answered("r2"));
        Assert.Equal(ServiceState.Disabled, second.Next.State);
        Assert.Equal(ResultCode.Fail, cluster.Command("s", CommandKind.Enable, "b", "r3").Answered("r3"));
        cluster.Command("s", CommandKind.Enable, request: "r4");
        Assert.Equal((NodeAction.Start, "a"), cluster.Place("s").Ordered());
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void A_hold_ends_with_an_operators_word_about_that_node_and_no_other()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Disable);
        cluster.Ends("s", OperationOutcome.Failed);

        Assert.Equal(ResultCode.Invalid, cluster.Command("s", CommandKind.ConfirmStopped, request: "r2").Answered("r2"));
        Assert.Equal(ResultCode.Invalid, cluster.Command("s", CommandKind.ConfirmStopped, "b", "r3").Answered("r3"));
        Assert.NotNull(cluster["s"].Hold);
        Assert.Equal(ResultCode.Success, cluster.Command("s", CommandKind.ConfirmStopped, "a", "r4").Answered("r4"));
        Assert.Equal((ServiceState.Disabled, null), (cluster["s"].State, cluster["s"].Hold));
        cluster.Command("s", CommandKind.Enable, "b", "r5");
        Assert.Equal((NodeAction.Start, "b"), cluster.Place("s").Ordered());
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void An_operators_word_waits_for_what_is_under_way()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Disable);
        cluster.Ends("s", OperationOutcome.Failed);
        cluster.Command("s", CommandKind.Disable, request: "r2");

        Assert.Equal(ResultCode.Again, cluster.Command("s", CommandKind.ConfirmStopped, "a", "r3").Answered("r3"));
    }

    /// <summary>Whoever repeats a command with another id each time must not make the row grow.</summary>
    [Fact]
    public void So_many_commands_wait_for_one_stop_at_most()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        for (int number = 0; number < Journey.RequestsMax; number++)
        {
            Assert.Null(cluster.Command("s", CommandKind.Stop, request: $"r{number}").Answered($"r{number}"));
        }

        Assert.Equal(ResultCode.Again, cluster.Command("s", CommandKind.Stop, request: "more").Answered("more"));
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false).Answered("r0"));
    }

    [Fact]
    [Trait("Rule", "S11")]
    public void A_hold_ends_by_proof_or_with_its_incarnation()
    {
        Cluster probed = Held();
        Assert.Equal((NodeAction.Probe, "a"), probed.Decide("s", new ServiceEvent.InventoryReported(new("a"), Cluster.Life("a"), null)).Ordered());
        Assert.Null(probed.Ends("s", OperationOutcome.Succeeded, isRunning: false).Next.Hold);

        Cluster fenced = Held();
        fenced.Node("a", NodeState.Fenced);
        Assert.Null(fenced.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a"))).Next.Hold);
    }

    /// <summary>A stop on a lost node waits; the end of the incarnation is its proof.</summary>
    [Fact]
    [Trait("Rule", "S8")]
    public void Disabling_on_a_lost_node_ends_with_the_fence()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a").Node("a", NodeState.Lost);

        Assert.Null(cluster.Command("s", CommandKind.Disable).Answered());
        cluster.Node("a", NodeState.Fenced);
        Decision decision = cluster.Decide("s", new ServiceEvent.OwnerEnded(new("a"), Cluster.Life("a")));

        Assert.Equal((ServiceState.Disabled, ResultCode.Success), (decision.Next.State, decision.Answered()));
    }

    [Fact]
    public void Disable_ends_whatever_was_under_way_and_answers_both()
    {
        Cluster cluster = Relocating("b");

        Decision disable = cluster.Command("s", CommandKind.Disable, request: "r2");

        Assert.Equal(ResultCode.Abort, disable.Answered());
        Assert.Equal((NodeAction.Stop, "b"), disable.Ordered());
        Assert.Equal(ResultCode.Success, cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false).Answered("r2"));
    }

    [Fact]
    public void The_same_request_twice_is_one_request()
    {
        Cluster cluster = new Cluster("a", "b").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Restart);

        Decision again = cluster.Command("s", CommandKind.Restart);

        Assert.False(again.IsChanged);
        Assert.Empty(again.Effects);
    }

    private static Cluster Relocating(string target)
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Running("s", "a");
        cluster.Command("s", CommandKind.Relocate, target);
        cluster.Ends("s", OperationOutcome.Succeeded, isRunning: false);
        Assert.Equal((NodeAction.Start, target), cluster.Place("s").Ordered());
        return cluster;
    }

    private static Cluster Held() => new Cluster("a", "b").Service("s").At("s", ServiceState.Failed)
        .With("s", record => record with { Hold = new(new("a"), Cluster.Life("a")) });

    /// <summary>A refused enable changes nothing but its answer: autostart="0" still holds in the next sweep.</summary>
    [Fact]
    [Trait("Rule", "S13")]
    public void An_enable_refused_before_the_first_evaluation_starts_nothing_later()
    {
        Cluster cluster = new Cluster("a").Domain("d", "a", restricted: true).Service("s", "d", autostart: false).Node("a", NodeState.Lost);
        cluster.Command("s", CommandKind.Enable);
        Assert.Equal(ResultCode.Domain, cluster.Place("s").Answered());
        cluster.Node("a", NodeState.Online);

        ServicePlan plan = cluster.PlanOf("s", new PlacementEvent.Sweep());

        Assert.Equal(PlacementAction.MarkDisabled, plan.Action);
        Assert.Equal(ServiceState.Disabled, cluster.Keep("s", Lifecycle.Apply(cluster.Situation("s"), plan)).Next.State);
    }
}
