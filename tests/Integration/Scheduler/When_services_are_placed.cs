using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Source: rgmanager.md 3.10, 4.3; DESIGN 5; rules S5, S8, S12, S13.</summary>
public abstract class When_services_are_placed(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    public async Task Quorum_starts_each_service_on_its_best_node_and_disables_those_without_autostart()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="off" autostart="0"/>""", """<service name="any"/>""");

        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();

        ServiceView web = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("any", ServiceState.Started);
        ServiceView off = await Cluster.UntilAsync("off", ServiceState.Disabled);
        Assert.Null(off.Owner);
        Assert.Equal(0, off.Epoch);
        Assert.Equal(1, web.Epoch);
        OperateService order = Assert.Single(n1.Orders, order => order.Service.Value == "service:web");
        Assert.Equal((NodeAction.Start, 1L, 1), (order.Action, order.Epoch, order.Attempt));
        Assert.Equal(64, order.ConfigurationDigest.Length);
    }

    /// <summary>What runs nowhere says so with each node's objection; a name that nobody has is not found.</summary>
    [Fact]
    public async Task Why_a_service_is_where_it_is_can_be_asked()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="off" autostart="0" exclusive="1"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        await Cluster.SetAsync("n3", NodeState.Fenced);

        PlacementView web = await WhyAsync("web");
        await Eventually.HoldsAsync("the membership is known", async () => (web = await WhyAsync("web")).Nodes[2].Objection is not null);
        PlacementView off = await WhyAsync("off");

        Assert.Equal(("leavealone", "n1", "n1"), (web.Action, web.Node?.Value, web.Service.Owner?.Value));
        Assert.Equal(["n1", "n2", "n3"], web.Nodes.Select(node => node.Node.Value));
        Assert.Equal(("illegal", "it is fenced"), (web.Nodes[2].Score, web.Nodes[2].Objection));
        Assert.Equal(("leavealone", null, "it is disabled"), (off.Action, off.Node?.Value, off.Reason));
        Assert.Equal("runs other services, and this one is exclusive", off.Nodes[0].Objection);
        Assert.Equal(HttpStatusCode.NotFound, (await Cluster.First.Http.GetAsync("/api/services/nosuch/why")).StatusCode);
    }

    private async Task<PlacementView> WhyAsync(string service) =>
        await Cluster.First.Http.GetFromJsonAsync<PlacementView>($"/api/services/{service}/why", JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException("no view");

    [Fact]
    public async Task Without_quorum_nothing_starts()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        ExecutorDouble n1 = await Cluster.JoinAsync("n1", "a1");

        await Cluster.PublishMembershipAsync(isQuorate: false);
        await Eventually.HoldsAsync("the membership is known", async () => await Cluster.ScalarAsync<long>(
            "SELECT COUNT(*) FROM scheduler_membership WHERE id = 2") == 1);

        Assert.Empty(n1.Orders);
        Assert.Equal(ServiceState.Uninitialized, (await Cluster.GetAsync("web")).State);
    }

    [Fact, Trait("Rule", "S8")]
    public async Task A_lost_owner_keeps_its_service_until_it_is_fenced()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="witness" autostart="0"/>""");
        (_, ExecutorDouble n2, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        await Cluster.SetAsync("n1", NodeState.Lost);
        await EvaluatedAsync();
        ServiceView lost = await Cluster.GetAsync("web");
        await Cluster.SetAsync("n1", NodeState.Fenced);
        ServiceView taken = await Cluster.UntilAsync("web", ServiceState.Started, "n2");

        Assert.Equal((ServiceState.Started, "n1", 1L), (lost.State, lost.Owner?.Value, lost.Epoch));
        Assert.Equal(2, taken.Epoch);
        Assert.Equal("n1", taken.LastOwner?.Value);
        Assert.Equal([NodeAction.Start], n2.Orders.Where(order => order.Service.Value == "service:web").Select(order => order.Action));
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Another_incarnation_of_the_owner_proves_that_the_first_has_ended()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        ExecutorDouble again = await Cluster.JoinAsync("n1", "a2");
        await Cluster.PublishMembershipAsync();

        await Eventually.HoldsAsync("the new incarnation is told to start it", () => again.Orders.Any(order => order.Epoch == 2));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Single(n1.Orders);
    }

    [Fact]
    public async Task A_better_node_that_comes_back_gets_its_service_back_unless_the_domain_says_nofailback()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="db" domain="stay"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("db", ServiceState.Started, "n1");
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await Cluster.UntilAsync("db", ServiceState.Started, "n2");

        await Cluster.JoinAsync("n1", "a2");
        await Cluster.PublishMembershipAsync();

        ServiceView web = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Equal(4, web.Epoch);
        Assert.Equal("n2", (await Cluster.GetAsync("db")).Owner?.Value);
        Assert.Contains(await Cluster.HistoryAsync("web"), step => step.To == ServiceState.Stopping && step.Reason.Contains("better node n1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_better_node_that_comes_while_its_service_starts_elsewhere_gets_it_afterwards()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.JoinAsync("n1", "a1");
        ExecutorDouble n2 = await Cluster.JoinAsync("n2", "b1");
        n2.Answer = order => order.Action == NodeAction.Start ? null : ExecutorDouble.Succeed(order);
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.UntilAsync("web", ServiceState.Starting, "n2");
        await Eventually.HoldsAsync("the start was ordered", () => n2.Orders.Count > 0);

        await Cluster.JoinAsync("n1", "a2");
        await Cluster.PublishMembershipAsync();
        await EvaluatedAsync();
        await n2.ReportAsync(ExecutorDouble.Succeed(n2.Orders[0]));

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    /// <summary>Scenario 24: stopped until a node comes or goes; votes or reasons that change are no such thing.</summary>
    [Fact]
    public async Task A_new_generation_of_the_same_nodes_does_not_start_what_an_operator_stopped()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PostAsync("web", "stop", wait: 20);

        await Cluster.PublishMembershipAsync();
        await EvaluatedAsync();
        ServiceView stopped = await Cluster.GetAsync("web");
        await Cluster.SetAsync("n3", NodeState.Fenced);

        Assert.Equal(ServiceState.Stopped, stopped.State);
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    /// <summary>A membership that no decision can be made from is put aside; stored, it would stop every evaluation and every restart.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task A_membership_that_names_a_node_twice_is_put_aside()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        MemberNode twice = new() { Name = new("n1"), Id = 1, State = NodeState.Lost, Votes = 1, Since = Cluster.Time.GetUtcNow() };

        await Cluster.First.Bus.TryPublishAsync(new MembershipChanged { Generation = 99, IsQuorate = true, Votes = 3, VotesNeeded = 2, Nodes = [twice, twice] });
        await Eventually.HoldsAsync("it is put aside", () => Cluster.Faults.Count == 1);
        await Cluster.SetAsync("n1", NodeState.Fenced);

        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
    }

    [Fact, Trait("Rule", "S13")]
    public async Task The_sweep_starts_an_enabled_service_that_a_lost_hint_left_stopped()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.ExecuteAsync(
            "UPDATE scheduler_service SET owner = NULL, owner_incarnation = NULL, state = 'stopped', version = version + 1, document = @document",
            new { document = Documents.Of("service:web", "stopped", epoch: 5, generation: 1) });

        await Cluster.PassUntilAsync("it is started again", () => n1.Orders.Any(order => order is { Action: NodeAction.Start, Epoch: 6 }));

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    [Fact, Trait("Rule", "S11")]
    public async Task A_node_that_does_not_run_what_is_held_on_it_is_asked_for_proof_and_the_hold_ends()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync(executor => executor.Answer = order =>
            order.Action == NodeAction.Stop ? ExecutorDouble.Fail(order)
            : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PostAsync("web", "disable", wait: 10);
        Assert.Contains("held", (await Cluster.UntilAsync("web", ServiceState.Failed)).Flags);

        await Cluster.First.Bus.TryPublishAsync(new NodeInventory
        {
            Node = n1.Node,
            Incarnation = n1.Incarnation,
            Sequence = 1,
            Services = [],
        });

        await Eventually.HoldsAsync("it is probed and the hold is gone", async () => !(await Cluster.GetAsync("web")).Flags.Contains("held"));
        Assert.Contains(n1.Orders, order => order.Action == NodeAction.Probe);
        Assert.Equal(ServiceState.Failed, (await Cluster.GetAsync("web")).State);
    }

    [Fact, Trait("Rule", "S8")]
    public async Task A_second_copy_is_stopped_beside_its_owner_whose_reports_still_count()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        long epoch = n1.Orders[^1].Epoch;

        await ReportAsync(n2, 1, new InventoryEntry { Service = new("service:web"), Epoch = epoch, IsRunning = true, IsBusy = false });

        await Eventually.HoldsAsync("it is stopped on n2", () => n2.Orders.Any(order => order.Action == NodeAction.Stop && order.Epoch > epoch));
        await Cluster.SettleAsync("service:web");
        ServiceView web = await Cluster.GetAsync("web");
        Assert.Equal((ServiceState.Started, "n1", epoch), (web.State, web.Owner?.Value, web.Epoch));
        Assert.Contains(await Cluster.HistoryAsync("web"), transition => transition.Reason.Contains("n2 runs it although n1", StringComparison.Ordinal));
        await n1.ReportStatusAsync(new("service:web"), epoch);
        await Eventually.HoldsAsync("it is restarted on n1", () => n1.Orders[^1] is { Action: NodeAction.Start } again && again.Epoch > epoch + 1);
    }

    /// <summary>An inventory from before the start, delivered late: it does not name the service, which runs well.</summary>
    [Fact, Trait("Rule", "S13")]
    public async Task An_inventory_that_is_older_than_the_newest_or_the_same_changes_nothing()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        ServiceView started = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        InventoryEntry runs = new() { Service = new("service:web"), Epoch = started.Epoch, IsRunning = true, IsBusy = false };
        await ReportAsync(n1, 7, runs);
        await Cluster.SettleAsync("service:web");
        Cluster.Time.Advance(TimeSpan.FromMinutes(1));

        await ReportAsync(n1, 6);
        await ReportAsync(n1, 7);
        await Cluster.SettleAsync("service:web");

        Assert.Single(n1.Orders);
        Assert.Equal(started.Epoch, (await Cluster.GetAsync("web")).Epoch);
        Assert.Equal(0, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_inbox WHERE consumer LIKE '%Inventory%'"));
        await ReportAsync(n1, 8);
        await Eventually.HoldsAsync("a newer one that does not name it counts", () => n1.Orders.Any(order => order.Action == NodeAction.Stop));
    }

    private Task ReportAsync(ExecutorDouble node, long sequence, params InventoryEntry[] services) => Cluster.First.Bus.TryPublishAsync(
        new NodeInventory { Node = node.Node, Incarnation = node.Incarnation, Sequence = sequence, Services = services });

    /// <summary>Waits until the newest membership was evaluated and applied.</summary>
    private Task EvaluatedAsync() => Eventually.HoldsAsync("the membership is evaluated", async () =>
        await Cluster.ScalarAsync<long>("SELECT COALESCE(MAX(generation), 0) FROM scheduler_membership WHERE id = 2") == Cluster.Generation);
}

public sealed class When_services_are_placed_in_memory() : When_services_are_placed(null);

[Collection(RealEngines.Collection)]
public sealed class When_services_are_placed_on_real_engines(RealEngines servers) : When_services_are_placed(servers)
{
    [Fact, Trait("Rule", "S12")]
    public async Task Two_schedulers_start_each_service_once()
    {
        string[] services = [.. Enumerable.Range(1, 12).Select(number => $"""<service name="s{number}" domain="order"/>""")];
        await StartAsync(2, services);

        (ExecutorDouble n1, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync();
        for (int number = 1; number <= services.Length; number++)
        {
            await Cluster.UntilAsync($"s{number}", ServiceState.Started, "n1");
        }

        Assert.Equal(services.Length, n1.Orders.Select(order => (order.Service, order.Epoch)).Distinct().Count());
        Assert.All(n1.Orders, order => Assert.Equal((NodeAction.Start, 1L), (order.Action, order.Epoch)));
        Assert.Empty(n2.Orders.Concat(n3.Orders));
        Assert.Empty(Cluster.Faults);
    }

    [Fact, Trait("Rule", "S12")]
    public async Task A_scheduler_that_dies_after_its_commit_loses_nothing_the_other_one_sends()
    {
        await StartAsync(2, """<service name="web" domain="order"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        // What a process leaves behind that died between commit and send: a committed row that nobody here was told of.
        OperateService order = n1.Orders[0] with { Epoch = 77, Reason = "left in the outbox" };
        await Cluster.RemoveReplicaAsync(Cluster.Replicas[1]);
        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_outbox (message_id, message_type, exchange, ordering_key, body, written_at)
            VALUES (@id, 'Quorate.Contracts.V1.OperateService, Quorate.Contracts', @queue, 'service:web', @body, 0)
            """,
            new { id = Guid.NewGuid(), queue = QueueNames.ToExecutor(n1.Node, n1.Incarnation), body = JsonSerializer.Serialize(order) });

        await Eventually.HoldsAsync("the order arrives", () => n1.Orders.Any(sent => sent.Epoch == 77));
        await Eventually.HoldsAsync("the outbox is empty", async () => await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox") == 0);
    }

    /// <summary>Its plan is left out, since the row moved; the membership is then not evaluated yet, or the failback would be lost.</summary>
    [Fact, Trait("Rule", "S12")]
    public async Task A_row_that_moves_between_plan_and_apply_is_planned_again_for_the_same_membership()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.JoinAsync("n1", "a1");
        await Cluster.JoinAsync("n2", "b1");
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await using DbConnection other = await Cluster.OpenAsync();
        await using (DbTransaction held = await other.BeginTransactionAsync())
        {
            await other.ExecuteAsync("SELECT id FROM scheduler_service FOR UPDATE", transaction: held);
            await Cluster.JoinAsync("n1", "a2");
            await Cluster.PublishMembershipAsync();
            await Eventually.HoldsAsync("the evaluation waits for the row", async () => await Cluster.ScalarAsync<long>(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM scheduler_service WHERE name IN%'") > 0);
            await other.ExecuteAsync("UPDATE scheduler_service SET version = version + 1", transaction: held);
            await held.CommitAsync();
        }

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }

    [Fact, Trait("Rule", "S12")]
    public async Task An_evaluation_whose_lock_went_to_another_commits_nothing()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        ExecutorDouble n1 = await Cluster.JoinAsync("n1", "a1");
        await Cluster.JoinAsync("n2", "b1");
        // The table is held, so that the evaluation stands between taking the lock and its check of the token.
        await using DbConnection other = await Cluster.OpenAsync();
        await using (DbTransaction held = await other.BeginTransactionAsync())
        {
            await other.ExecuteAsync("LOCK TABLE scheduler_service IN ACCESS EXCLUSIVE MODE", transaction: held);
            await Cluster.PublishMembershipAsync();
            await Eventually.HoldsAsync("the evaluation waits for the table", async () => await Cluster.ScalarAsync<long>(
                "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'scheduler_service'::regclass") > 0);
            await other.ExecuteAsync("UPDATE quorate_lock_tokens SET token = token + 100 WHERE name = 'evaluation'", transaction: held);
            await held.CommitAsync();
        }
        await Eventually.HoldsAsync("it notices", () => Cluster.First.Logs.Logged(1212).Any(text => text.Contains("another holder", StringComparison.Ordinal)));
        ServiceView untouched = await Cluster.GetAsync("web");
        await Cluster.PassUntilAsync("a later evaluation starts it", () => n1.Orders.Count > 0);

        Assert.Equal((ServiceState.Uninitialized, 0L), (untouched.State, untouched.Epoch));
        Assert.Equal(1, Assert.Single(n1.Orders).Epoch);
    }
}
