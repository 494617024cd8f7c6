using System.Diagnostics;
using System.Runtime.Versioning;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Telemetry;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Source: DESIGN 3, S6, with real processes for agents.</summary>
[Trait("Rule", "S6")]
[SupportedOSPlatform("linux")]
public sealed class When_a_lost_node_has_fence_devices : IDisposable
{
    private static readonly (string, string)[] Others = [("n1", "a"), ("n2", "b")];

    private readonly FenceAgentDouble _agent = new();

    /// <summary>Source: message #1120.</summary>
    [Fact]
    [Trait("Message", "1120")]
    public async Task It_is_switched_off_verified_counted_as_fenced_and_switched_on_again()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="power"><device name="pdu" port="1"/><device name="pdu" port="2"/></method>""");

        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Lost, Others);
        MembershipChanged fenced = await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);
        await replica.PassUntilHeardAsync<FenceAttempted>(attempt => attempt is { Action: "on", Device: "pdu" } && replica.Heard<FenceAttempted>().Count == 6, Others);

        Assert.Equal("fenced by method power: pdu, pdu off and verified", fenced.Nodes[2].Reason);
        Assert.Equal(["1 off n3", "2 off n3", "1 status n3", "2 status n3", "1 on n3", "2 on n3"], _agent.Calls);
        Assert.False(_agent.IsOff(1));
        Assert.Equal(
            ["off done", "off done", "status isOff", "status isOff", "on done", "on done"],
            replica.Heard<FenceAttempted>().Select(attempt => $"{attempt.Action} {attempt.Outcome}"));
        Assert.Contains(replica.Heard<MessageRaised>(), raised => raised.Text == "#1120: Node n3 was fenced: method power: pdu, pdu off and verified");
    }

    /// <summary>Source: issue 5, deliverable 7. The trace is kept with the node's row, so another replica that fences it goes on with it too.</summary>
    [Fact]
    public async Task Its_fencing_and_what_follows_belong_to_the_trace_of_its_loss()
    {
        using RecordedSpans spans = new();
        await using QuorumReplica replica = await StartAsync("""<method name="power"><device name="pdu" port="1"/></method>""");

        MembershipChanged lost = await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Lost, Others);
        MembershipChanged fenced = await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);
        Activity fencing = await spans.UntilAsync("the fencing has ended", all => all.Find(span => span.DisplayName == "fence n3" && IsOf(lost, span)), TimeSpan.FromSeconds(20));

        Assert.Equal(TraceOf(lost), TraceOf(fenced));
        Activity loss = spans.All.Single(span => span.DisplayName == "node lost n3" && IsOf(lost, span));
        Assert.Equal((default, loss.SpanId), (loss.ParentSpanId, fencing.ParentSpanId));
        Assert.Equal(
            ["fence agent off pdu done", "fence agent status pdu isOff", "fence agent on pdu done"],
            spans.All.Where(span => span.ParentSpanId == fencing.SpanId && span.DisplayName.StartsWith("fence agent ", StringComparison.Ordinal))
                .Select(span => $"{span.DisplayName} {span.GetTagItem("quorate.outcome")}"));
    }

    /// <summary>Source: message #1121.</summary>
    [Theory]
    [Trait("Message", "1121")]
    [InlineData("refuse", "failed", "exit status 1: cannot log in with ****")]
    [InlineData("hang", "timedOut", "killed after 2 s")]
    public async Task A_method_that_fails_gives_way_to_the_next(string behave, string outcome, string detail)
    {
        await using QuorumReplica replica = await StartAsync(
            $"""<method name="ipmi"><device name="pdu" port="1" behave="{behave}" passwd="secret-word"/></method><method name="power"><device name="pdu" port="2"/></method>""");

        MembershipChanged fenced = await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);

        Assert.Equal("fenced by method power: pdu off and verified", fenced.Nodes[2].Reason);
        FenceAttempted failed = await replica.HeardAsync<FenceAttempted>(attempt => attempt.Method == "ipmi");
        Assert.Equal((outcome, detail), (failed.Outcome, failed.Detail));
        Assert.Contains(replica.Heard<MessageRaised>(), raised => raised.Number == 1121);
    }

    /// <summary>A claim that was given up would stand for longer than an agent may take, and the node be switched off anew.</summary>
    [Fact]
    public async Task A_statement_that_fails_is_tried_again_and_the_fencing_goes_on()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="power"><device name="pdu" port="1"/></method>""");
        await replica.ExecuteAsync("CREATE TRIGGER away BEFORE INSERT ON quorum_fence_attempt BEGIN SELECT RAISE(ABORT, 'away'); END");
        await replica.PassUntilAsync(() => _agent.Calls.Count > 0, Others);
        await replica.PassAsync(2000, Others);
        Assert.Equal(["1 off n3"], _agent.Calls);
        await replica.ExecuteAsync("DROP TRIGGER away");

        await replica.PassUntilHeardAsync<FenceAttempted>(attempt => attempt is { Action: "on" }, Others);

        Assert.Equal(["1 off n3", "1 status n3", "1 on n3"], _agent.Calls);
    }

    /// <summary>An agent that says done and has done nothing fences nobody: only its status is proof.</summary>
    [Fact]
    public async Task A_device_that_says_done_and_is_still_on_fences_nobody()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1" behave="lie"/></method>""");

        await replica.PassUntilHeardAsync<FenceAttempted>(attempt => attempt is { Action: "status", Outcome: "isOn" }, Others);

        Assert.DoesNotContain(replica.Heard<MembershipChanged>(), membership => membership.Nodes[2].State == NodeState.Fenced);
    }

    [Fact]
    public async Task What_an_agent_prints_is_cut_and_does_it_no_harm()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1" behave="chatter"/></method>""");

        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);

        Assert.All(replica.Heard<FenceAttempted>(), attempt => Assert.True(attempt.Detail.Length <= 300));
    }

    /// <summary>Source: message #1122: three rounds, then an administrator is waited for; an acknowledgement ends it.</summary>
    [Fact]
    [Trait("Message", "1122")]
    public async Task When_no_method_works_an_administrator_is_waited_for()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1" behave="refuse"/></method>""", isSelfFencing: false);

        MessageRaised raised = await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1122, Others);
        Assert.StartsWith("#1122: Fencing of node n3 failed, waiting for an administrator: method 1, device pdu, off: failed", raised.Text, StringComparison.Ordinal);
        Assert.Equal(3, replica.Heard<FenceAttempted>().Max(attempt => attempt.Round));
        Assert.DoesNotContain(replica.Heard<MembershipChanged>(), membership => membership.Nodes[2].State == NodeState.Fenced);

        await replica.Bus.TryPublishAsync(new AcknowledgeFence { RequestId = "r1", Node = new NodeName("n3"), Incarnation = new Incarnation("c") });
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);
    }

    [Fact]
    public async Task An_agent_that_is_not_installed_is_said_with_what_to_do()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="missing" port="1"/></method>""");

        FenceAttempted attempt = await replica.PassUntilHeardAsync<FenceAttempted>(_ => true, Others);

        Assert.Equal("unstartable", attempt.Outcome);
        Assert.Equal($"no fence_missing in {_agent.Directory}; install it there (Debian: fence-agents)", attempt.Detail);
    }

    /// <summary>By hand a node is fenced that is online: no heartbeat of that incarnation earns a lease afterwards.</summary>
    [Fact]
    public async Task By_order_a_node_is_fenced_that_is_online_and_its_incarnation_never_comes_back()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");
        (string, string)[] all = [.. Others, ("n3", "c")];

        await replica.Bus.TryPublishAsync(new FenceNode { RequestId = "r1", Node = new NodeName("n3") });
        CommandAnswered answer = await replica.HeardAsync<CommandAnswered>(answered => answered.RequestId == "r1");
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, all);
        HeartbeatAnswer late = await replica.BeatAsync("n3", "c");
        HeartbeatAnswer reborn = await replica.BeatAsync("n3", "c2");

        Assert.Equal(ResultCode.Success, answer.Result);
        Assert.Equal(HeartbeatVerdict.Refused, late.Verdict);
        Assert.Equal(HeartbeatVerdict.Granted, reborn.Verdict);
    }

    /// <summary>A copy that comes late meets the node's next life, which nobody meant.</summary>
    [Fact]
    public async Task The_same_order_again_does_not_reach_the_next_life_of_the_node()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");
        FenceNode order = new() { RequestId = "r1", Node = new NodeName("n3") };
        await replica.Bus.TryPublishAsync(order);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, [.. Others, ("n3", "c")]);
        await replica.PassUntilAsync(() => _agent.Calls is [.., "1 on n3"], Others);
        await replica.BeatAsync("n3", "c2");

        await replica.Bus.TryPublishAsync(order);
        await replica.PassUntilAsync(() => replica.Heard<CommandAnswered>().Count(answer => answer.RequestId == "r1") == 2, [.. Others, ("n3", "c2")]);
        await replica.PassAsync(1000, [.. Others, ("n3", "c2")]);

        Assert.Equal(HeartbeatVerdict.Granted, (await replica.BeatAsync("n3", "c2")).Verdict);
        Assert.Equal(["1 off n3", "1 status n3", "1 on n3"], _agent.Calls);
    }

    /// <summary>The node was stored as fenced and whoever was to switch it on died: the row says what is left to do, and any replica does it.</summary>
    [Fact]
    public async Task What_a_dead_replica_left_off_is_switched_on_by_whoever_comes_after()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");
        File.WriteAllText(Path.Combine(_agent.Directory, "off.1"), "");
        await replica.ExecuteAsync("UPDATE quorum_lease SET state = 'fenced' WHERE node = 'n3'");
        await replica.ExecuteAsync(
            """
            INSERT INTO quorum_fence (node, incarnation, state, claim, step, round, patience_milliseconds, replica, reason, switched_off)
            VALUES ('n3', 'c', 'running', 1, 4, 1, 3000, 'dead', 'silent', '0.0')
            """);

        await replica.PassUntilAsync(() => !_agent.IsOff(1), Others);

        Assert.Equal(["1 on n3"], _agent.Calls);
    }

    /// <summary>One device of the first method went off and the method failed all the same: the second one works, and both come on again.</summary>
    [Fact]
    public async Task What_an_earlier_method_switched_off_comes_on_again_too()
    {
        await using QuorumReplica replica = await StartAsync(
            """<method name="a"><device name="pdu" port="1"/><device name="pdu" port="2" behave="half"/></method><method name="b"><device name="pdu" port="3"/></method>""");

        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced, Others);
        await replica.PassUntilAsync(() => _agent.Calls.Count(call => call.Contains(" on ", StringComparison.Ordinal)) == 3, Others);

        // The agent writes down the call first and switches then.
        await replica.PassUntilAsync(() => !_agent.IsOff(1) && !_agent.IsOff(2) && !_agent.IsOff(3), Others);
    }

    /// <summary>Nothing worked in any round and an operator ended it: what the rounds switched off is not forgotten.</summary>
    [Fact]
    public async Task After_an_acknowledgement_what_failed_rounds_switched_off_comes_on_again()
    {
        await using QuorumReplica replica = await StartAsync(
            """<method name="1"><device name="pdu" port="1"/><device name="pdu" port="2" behave="refuse"/></method>""", isSelfFencing: false);

        await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1122, Others);
        Assert.True(_agent.IsOff(1));
        await replica.Bus.TryPublishAsync(new AcknowledgeFence { RequestId = "r1", Node = new NodeName("n3"), Incarnation = new Incarnation("c") });
        await replica.PassUntilAsync(() => !_agent.IsOff(1), Others);
    }

    /// <summary>Source: message #1123.</summary>
    [Fact]
    [Trait("Message", "1123")]
    public async Task A_device_that_does_not_come_on_again_is_tried_a_few_times_and_then_somebody_is_told()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1" behave="stuck"/></method>""");

        MessageRaised raised = await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1123, Others);

        Assert.Equal("#1123: Node n3 was fenced and stays off: method 1, device pdu, on: failed (exit status 1: no power)", raised.Text);
        Assert.Equal(3, _agent.Calls.Count(call => call == "1 on n3"));
        await replica.PassAsync(15_000, Others);
        Assert.Equal(3, _agent.Calls.Count(call => call == "1 on n3"));
    }

    /// <summary>Source: message #1121: a device that fails in the same way in every round is news once.</summary>
    [Fact]
    [Trait("Message", "1121")]
    public async Task A_device_that_fails_round_after_round_is_told_of_once_and_the_log_says_so()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1" behave="refuse"/></method>""", isSelfFencing: false);

        await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1122, Others);

        Assert.Equal(2, replica.Heard<MessageRaised>().Count(message => message.Number == 1121));
        Assert.Equal(
            ["exit status 1: cannot log in with secret-word", "exit status 1: cannot log in with secret-word (as before: #1121 is not raised again)"],
            replica.Heard<FenceAttempted>().Where(attempt => attempt.Action == "off").Take(2).Select(attempt => attempt.Detail));
    }

    /// <summary>A statement that fails is tried again after a moment: else the fencing would stand still until its claim runs out.</summary>
    [Fact]
    public async Task A_hiccup_of_the_database_does_not_end_a_fencing()
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");
        await replica.ExecuteAsync("CREATE TRIGGER hiccup BEFORE INSERT ON quorum_fence_attempt BEGIN SELECT RAISE(ABORT, 'a hiccup'); END");

        await replica.PassUntilAsync(() => replica.Logged.Contains(1118), Others);
        await replica.ExecuteAsync("DROP TRIGGER hiccup");
        await replica.PassUntilHeardAsync<FenceAttempted>(attempt => attempt.Action == "on", Others);

        Assert.Equal(["1 off n3", "1 status n3", "1 on n3"], _agent.Calls);
        Assert.DoesNotContain(1114, replica.Logged);
    }

    /// <summary>Straight over the bus nobody looked at it before: PostgreSQL keeps no NUL, and a message that fails each time is parked.</summary>
    [Theory]
    [InlineData("r1", "n\u00003", null, "node")]
    [InlineData("r1", "n3", "c\0", "incarnation")]
    [InlineData("r\u00001", "n3", null, "requestId")]
    public async Task An_order_that_cannot_be_stored_is_refused_with_the_reason(string requestId, string node, string? incarnation, string reason)
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");
        Incarnation? life = incarnation is null ? null : new Incarnation(incarnation);

        await replica.Bus.TryPublishAsync(new FenceNode { RequestId = requestId, Node = new NodeName(node), Incarnation = life });
        await replica.Bus.TryPublishAsync(new AcknowledgeFence { RequestId = requestId, Node = new NodeName(node), Incarnation = life });
        await replica.PassUntilAsync(() => replica.Heard<CommandAnswered>().Count == 2);

        Assert.All(replica.Heard<CommandAnswered>(), answer =>
        {
            Assert.Equal((requestId, ResultCode.Invalid), (answer.RequestId, answer.Result));
            Assert.Contains(reason, Assert.Single(answer.Reasons), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("n9", null, ResultCode.NoNode, "no node")]
    [InlineData("n1", null, ResultCode.Invalid, "no fence device")]
    [InlineData("n3", "older", ResultCode.Invalid, "by now")]
    public async Task An_order_that_cannot_be_carried_out_is_refused_with_the_reason(string node, string? incarnation, ResultCode result, string reason)
    {
        await using QuorumReplica replica = await StartAsync("""<method name="1"><device name="pdu" port="1"/></method>""");

        await replica.Bus.TryPublishAsync(new FenceNode
        {
            RequestId = "r1",
            Node = new NodeName(node),
            Incarnation = incarnation is null ? null : new Incarnation(incarnation),
        });
        CommandAnswered answer = await replica.HeardAsync<CommandAnswered>(answered => answered.RequestId == "r1");

        Assert.Equal(result, answer.Result);
        Assert.Contains(reason, Assert.Single(answer.Reasons), StringComparison.Ordinal);
        Assert.Empty(_agent.Calls);
    }

    /// <summary>Rule S6: the row is checked again right before each agent: another claim, and nothing more is run.</summary>
    [Fact]
    public async Task A_replica_that_lost_its_claim_runs_nothing_more()
    {
        await using QuorumReplica replica = await StartAsync(
            """<method name="1"><device name="pdu" port="1" behave="hang"/><device name="pdu" port="2"/></method>""", isSelfFencing: false);

        await replica.PassUntilAsync(() => _agent.Calls.Count > 0, Others);
        await replica.ExecuteAsync("UPDATE quorum_fence SET claim = claim + 1, patience_milliseconds = 86400000");
        await replica.PassUntilHeardAsync<FenceAttempted>(attempt => attempt.Outcome == "timedOut", Others);
        await replica.PassAsync(2_000, Others);

        Assert.Equal(["1 off n3"], _agent.Calls);
    }

    public void Dispose() => _agent.Dispose();

    /// <summary>A quorate cluster whose n3 has these fence methods; it falls silent unless the test lets it beat.</summary>
    private static string TraceOf(MembershipChanged membership) => ActivityContext.Parse(membership.Trace ?? "", null).TraceId.ToString();

    private static bool IsOf(MembershipChanged membership, Activity span) => span.TraceId.ToString() == TraceOf(membership);

    private async Task<QuorumReplica> StartAsync(string methods, bool isSelfFencing = true)
    {
        QuorumReplica replica = await QuorumReplica.StartAsync(
            $"<fence>{methods}</fence>",
            """<fence_daemon post_join_delay="0"/><fencedevices><fencedevice name="pdu" agent="fence_test"/><fencedevice name="missing" agent="fence_missing"/></fencedevices>""",
            _agent.Directory);
        await replica.BeatAsync("n1", "a");
        await replica.BeatAsync("n2", "b");
        await replica.BeatAsync("n3", "c", beat => beat with { Promise = beat.Promise with { IsSelfFencing = isSelfFencing, StopDeadlineMilliseconds = 3_600_000 } });
        await replica.HeardAsync<QuorumFormed>(_ => true);
        await replica.PassAsync(100);
        await replica.BeatAsync("n3", "c", beat => beat with { Promise = beat.Promise with { IsSelfFencing = isSelfFencing, StopDeadlineMilliseconds = 3_600_000 } });
        return replica;
    }
}
