using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Failed starts and stops, silence, and reports that do not count. Source: rgmanager.md 3.3 to 3.7; rules S8, S11.</summary>
public abstract class When_an_operation_fails(RealEngines? servers) : A_scheduler(servers)
{
    private const string Web = """<service name="web" domain="order"/>""";
    private const string Other = """<service name="other" autostart="0"/>""";

    [Fact, Trait("Message", "68"), Trait("Message", "71")]
    public async Task A_start_that_fails_is_stopped_there_and_tried_on_the_next_node()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync(FailOn("n1", NodeAction.Start));

        await Cluster.UntilAsync("web", ServiceState.Started, "n2");

        Assert.Equal([(NodeAction.Start, 1L), (NodeAction.Stop, 2L)], n1.Orders.Select(order => (order.Action, order.Epoch)));
        Assert.Equal([(NodeAction.Start, 3L)], n2.Orders.Select(order => (order.Action, order.Epoch)));
        await Cluster.UntilRaisedAsync(68, "service:web");
        await Cluster.UntilRaisedAsync(71, "service:web");
        Assert.Equal("#68: Failed to start service:web; return value: 7", Assert.Single(Cluster.First.Logs.Logged(68)));
        Assert.Equal("#71: Relocating failed service service:web", Assert.Single(Cluster.First.Logs.Logged(71)));
    }

    /// <summary>Agents print what they like; a NUL in it must not keep the report out of PostgreSQL, again and again.</summary>
    [Fact]
    public async Task What_an_agent_printed_never_stands_in_the_way()
    {
        await StartAsync(Web);
        (_, ExecutorDouble n2, _) = await Cluster.FormAsync(executor => executor.Answer = order => order.Node.Value == "n1" && order.Action == NodeAction.Start
            ? ExecutorDouble.Fail(order) with { Resource = "script:\0", Detail = "core\0dumped" }
            : ExecutorDouble.Succeed(order));

        ServiceView web = await Cluster.UntilAsync("web", ServiceState.Started, "n2");
        await n2.ReportStatusAsync(web.Name, web.Epoch, "script:\0");

        await Eventually.HoldsAsync("the failed check counts", () => n2.Orders.Any(order => order.Action == NodeAction.Stop));
        Assert.Empty(Cluster.Faults);
    }

    [Fact, Trait("Message", "12"), Trait("Rule", "S11")]
    public async Task A_stop_that_fails_leaves_the_service_failed_and_held_and_disable_is_the_way_out()
    {
        await StartAsync(Web);
        bool isStuck = true;
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync(executor => executor.Answer = order =>
            order.Action == NodeAction.Stop && isStuck ? ExecutorDouble.Fail(order) : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        Reply relocate = await Cluster.PostAsync("web", "relocate", "n2", wait: 20);
        ServiceView failed = await Cluster.GetAsync("web");
        Reply enable = await Cluster.PostAsync("web", "enable", wait: 20);
        Volatile.Write(ref isStuck, false);
        Reply disable = await Cluster.PostAsync("web", "disable", wait: 20);
        ServiceView disabled = await Cluster.GetAsync("web");
        Reply elsewhere = await Cluster.PostAsync("web", "enable", "n2", wait: 20);

        // That one was tried.
        Assert.Equal((System.Net.HttpStatusCode.OK, (int)ResultCode.Abort), (relocate.Status, relocate.Code));
        Assert.Equal((ServiceState.Failed, null), (failed.State, failed.Owner));
        Assert.Contains("held", failed.Flags);
        Assert.Equal((int)ResultCode.Abort, enable.Code);
        Assert.Equal((0, ServiceState.Disabled), (disable.Code, disabled.State));
        Assert.Empty(disabled.Flags);
        Assert.Equal((0, "n2"), (elsewhere.Code, elsewhere.Owner));
        Assert.Equal([NodeAction.Start, NodeAction.Stop, NodeAction.Stop], n1.Orders.Select(order => order.Action));
        Assert.Equal([NodeAction.Start], n2.Orders.Select(order => order.Action));
        await Cluster.UntilRaisedAsync(12, "service:web");
        Assert.Equal("#12: RG service:web failed to stop; intervention required", Cluster.First.Logs.Logged(12)[0]);
    }

    [Fact, Trait("Message", "43")]
    public async Task A_failed_service_is_not_enabled()
    {
        await StartAsync(Web);
        await Cluster.FormAsync(FailOn("n1", NodeAction.Stop));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PostAsync("web", "stop", wait: 20);

        Reply reply = await Cluster.PostAsync("web", "enable", wait: 20);

        Assert.Equal((System.Net.HttpStatusCode.Conflict, (int)ResultCode.Abort), (reply.Status, reply.Code));
        await Cluster.UntilRaisedAsync(43, "service:web");
        Assert.NotEmpty(Cluster.First.Logs.Logged(43));
    }

    [Fact, Trait("Message", "13")]
    public async Task A_failed_start_whose_clean_up_fails_too_stays_where_it_is()
    {
        await StartAsync(Web);
        (_, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync(executor => executor.Answer = ExecutorDouble.Fail);

        ServiceView failed = await Cluster.UntilAsync("web", ServiceState.Failed);

        Assert.Contains("held", failed.Flags);
        Assert.Empty(n2.Orders.Concat(n3.Orders));
        await Cluster.UntilRaisedAsync(12, "service:web");
        await Cluster.UntilRaisedAsync(13, "service:web");
    }

    [Fact, Trait("Message", "2"), Trait("Message", "4")]
    public async Task A_relocation_that_fails_on_the_way_and_cannot_be_cleaned_up_needs_an_operator()
    {
        await StartAsync(Web);
        await Cluster.FormAsync(executor => executor.Answer = order => order.Node.Value == "n2" ? ExecutorDouble.Fail(order) : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        Reply reply = await Cluster.PostAsync("web", "relocate", "n2", wait: 20);

        Assert.Equal((int)ResultCode.Fail, reply.Code);
        Assert.Contains(reply.Reasons, reason => reason.Contains("n2 could not start it", StringComparison.Ordinal));
        await Cluster.UntilRaisedAsync(2, "service:web");
        await Cluster.UntilRaisedAsync(4, "service:web");
        Assert.Equal("#2: Service service:web returned failure code.  Last owner: n2", Assert.Single(Cluster.First.Logs.Logged(2)));
    }

    [Fact, Trait("Message", "60")]
    public async Task A_report_from_a_node_that_was_not_asked_is_named_and_the_relocation_waits_for_the_one_that_was()
    {
        await StartAsync(Web);
        (_, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync(executor => executor.Answer = order => order.Node.Value == "n2" ? null : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PostAsync("web", "relocate", "n2");
        await Eventually.HoldsAsync("n2 is asked", () => n2.Orders.Count > 0);

        await n3.ReportAsync(ExecutorDouble.Succeed(n2.Orders[0]) with { Node = n3.Node, Incarnation = n3.Incarnation });

        await Cluster.UntilRaisedAsync(60, "service:web");
        Assert.Equal("#60: Mangled reply from member #3 during RG relocate", Assert.Single(Cluster.First.Logs.Logged(60)));
        Assert.Equal(ServiceState.Starting, (await Cluster.GetAsync("web")).State);
        await n2.ReportAsync(ExecutorDouble.Succeed(n2.Orders[0]));
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
    }

    [Fact, Trait("Message", "70")]
    public async Task A_relocation_that_nobody_can_take_goes_back_to_where_it_came_from()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync(executor => executor.Answer = order =>
            order.Node.Value != "n1" && order.Action == NodeAction.Start ? ExecutorDouble.Fail(order) : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        Reply reply = await Cluster.PostAsync("web", "relocate", wait: 20);

        Assert.Equal(((int)ResultCode.Relocated, "n1"), (reply.Code, reply.Owner));
        Assert.Equal(3, reply.Reasons.Count);
        Assert.Equal([NodeAction.Start, NodeAction.Stop, NodeAction.Start], n1.Orders.Select(order => order.Action));
        Assert.All([n2, n3], node => Assert.Equal([NodeAction.Start, NodeAction.Stop], node.Orders.Select(order => order.Action)));
        await Cluster.UntilRaisedAsync(70, "service:web");
    }

    [Fact, Trait("Rule", "S8")]
    public async Task A_silent_node_is_asked_again_and_never_replaced()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, ExecutorDouble n2, ExecutorDouble n3) = await Cluster.FormAsync(executor =>
            executor.Answer = order => order.Attempt < 4 ? null : ExecutorDouble.Succeed(order));

        await Cluster.PassUntilAsync("it was asked four times", () => n1.Orders.Count >= 4);

        ServiceView web = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Equal([1, 2, 3, 4], n1.Orders.Take(4).Select(order => order.Attempt));
        Assert.All(n1.Orders, order => Assert.Equal((NodeAction.Start, 1L), (order.Action, order.Epoch)));
        Assert.Empty(n2.Orders.Concat(n3.Orders));
        Assert.Equal(1, web.Epoch);
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Late_double_and_foreign_reports_change_nothing()
    {
        await StartAsync(Web, Other);
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.PostAsync("web", "restart", wait: 20);
        ServiceView before = await Cluster.GetAsync("web");
        OperationEnded start = ExecutorDouble.Succeed(n1.Orders[^1]);
        OperationEnded first = ExecutorDouble.Succeed(n1.Orders[0]);

        foreach (OperationEnded report in (OperationEnded[])[
            start,
            first,
            start with { Outcome = OperationOutcome.Failed },
            start with { Action = NodeAction.Stop, IsRunning = false },
            start with { Epoch = 99, Outcome = OperationOutcome.Failed },
            start with { Incarnation = new("zz"), Outcome = OperationOutcome.Failed },
            start with { Node = n2.Node, Incarnation = n2.Incarnation, Outcome = OperationOutcome.Failed },
            start with { Service = new("service:nothing") }])
        {
            await n1.ReportAsync(report);
        }
        await n1.ReportStatusAsync(new("service:web"), epoch: 1);
        await n2.ReportStatusAsync(new("service:web"), epoch: before.Epoch);
        await Cluster.SettleAsync("service:web");

        ServiceView after = await Cluster.GetAsync("web");
        Assert.Equal((before.State, before.Owner, before.Epoch, before.Since), (after.State, after.Owner, after.Epoch, after.Since));
        Assert.Equal(3, n1.Orders.Count);
        Assert.Empty(Cluster.Faults);
    }

    [Fact]
    public async Task A_failed_check_restarts_the_service_where_it_is()
    {
        await StartAsync(Web);
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        ServiceView started = await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        await n1.ReportStatusAsync(started.Name, started.Epoch);

        await Eventually.HoldsAsync("it was stopped and started", () => n1.Orders.Count == 3);
        ServiceView again = await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Equal((3L, 1), (again.Epoch, again.Restarts));
    }

    [Fact]
    public async Task A_policy_of_relocate_moves_it_instead()
    {
        await StartAsync("""<service name="web" domain="order" recovery="relocate"/>""");
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync();
        ServiceView started = await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        await n1.ReportStatusAsync(started.Name, started.Epoch);

        await Cluster.UntilAsync("web", ServiceState.Started, "n2");
    }

    [Fact, Trait("Rule", "S6"), Trait("Rule", "S8")]
    public async Task A_stop_that_fails_has_its_node_fenced_where_the_service_says_so_and_goes_on_elsewhere()
    {
        await StartAsync("""<service name="web" domain="order" on_stop_failure="fence"/>""");
        (ExecutorDouble n1, ExecutorDouble n2, _) = await Cluster.FormAsync(executor => executor.Answer = order =>
            order.Action == NodeAction.Stop ? ExecutorDouble.Fail(order) with { Detail = "core\0dumped" } : ExecutorDouble.Succeed(order));
        ServiceView before = await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        Reply relocate = await Cluster.PostAsync("web", "relocate", "n2", requestId: "move");
        await Cluster.PassUntilAsync("its fencing is asked for, and again", () => Cluster.Fenced.Count >= 2);
        ServiceView waits = await Cluster.GetAsync("web");
        Assert.Empty(n2.Orders);
        await Cluster.SetAsync("n1", NodeState.Fenced);
        await Cluster.UntilAsync("web", ServiceState.Started, "n2");

        Assert.Equal(System.Net.HttpStatusCode.Accepted, relocate.Status);
        Assert.All(Cluster.Fenced, fence => Assert.Equal((n1.Node, n1.Incarnation), (fence.Node, fence.Incarnation)));
        Assert.Equal($"stop failure {before.Epoch + 1} of service:web", Assert.Single(Cluster.Fenced.Select(fence => fence.RequestId).Distinct()));
        Assert.DoesNotContain('\0', Cluster.Fenced[0].Reason);
        Assert.Equal(("n1", false), (waits.Owner?.Value, waits.Flags.Contains("held")));
        Assert.Contains("n1 is being fenced", waits.Reason, StringComparison.Ordinal);
        Assert.Contains(await Cluster.HistoryAsync("web"), transition => transition.Reason.EndsWith("n1 is being fenced", StringComparison.Ordinal));
        await Eventually.HoldsAsync("the move is answered", () =>
            Cluster.Answers.Any(answer => answer is { RequestId: "move", Result: ResultCode.Success, Owner.Value: "n2" }));
    }

    private static Action<ExecutorDouble> FailOn(string node, NodeAction action) => executor => executor.Answer = order =>
        order.Node.Value == node && order.Action == action ? ExecutorDouble.Fail(order) : ExecutorDouble.Succeed(order);
}

public sealed class When_an_operation_fails_in_memory() : When_an_operation_fails(null);

[Collection(RealEngines.Collection)]
public sealed class When_an_operation_fails_on_real_engines(RealEngines servers) : When_an_operation_fails(servers);
