using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Service;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Source: DESIGN 3 and 4, through HTTP, bus and database.</summary>
public sealed class When_a_replica_runs
{
    [Fact]
    [Trait("Rule", "S1")]
    public async Task Nodes_are_present_until_quorum_forms_and_then_get_leases()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();

        HeartbeatAnswer before = await replica.BeatAsync("n1", "a");
        await replica.FormAsync();
        await replica.PassAsync(100);
        HeartbeatAnswer after = await replica.BeatAsync("n1", "a");

        Assert.Equal((HeartbeatVerdict.Present, 1_000), (before.Verdict, before.TtlMilliseconds));
        Assert.Equal((HeartbeatVerdict.Granted, 1_000), (after.Verdict, after.TtlMilliseconds));
    }

    [Fact]
    [Trait("Rule", "S7")]
    public async Task A_silent_node_is_lost_then_fenced_by_time_and_the_others_keep_their_leases()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.PassAsync(3_000, ("n1", "a"), ("n2", "b"));

        MembershipChanged lost = await replica.HeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Lost);
        MembershipChanged fenced = await replica.HeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Fenced);
        Assert.True(fenced.Generation > lost.Generation);
        Assert.True(fenced.Nodes[2].Since - lost.Nodes[2].Since >= TimeSpan.FromMilliseconds(700));
        Assert.True(fenced.IsQuorate);
        Assert.Equal(HeartbeatVerdict.Granted, (await replica.BeatAsync("n1", "a")).Verdict);
    }

    [Fact]
    [Trait("Rule", "S5")]
    public async Task A_second_incarnation_waits_for_the_proof_that_the_first_has_ended()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();

        HeartbeatAnswer refused = await replica.BeatAsync("n1", "a2");
        HeartbeatAnswer admitted = await replica.BeatAsync("n1", "a2", beat => beat with { ProvenEnded = [new Incarnation("a")] });
        HeartbeatAnswer late = await replica.BeatAsync("n1", "a");

        Assert.Equal((HeartbeatVerdict.Refused, new Incarnation("a")), (refused.Verdict, refused.Blocking));
        Assert.Equal(HeartbeatVerdict.Granted, admitted.Verdict);
        Assert.Equal(HeartbeatVerdict.Refused, late.Verdict);
        await replica.HeardAsync<MembershipChanged>(membership => membership.Nodes[0].Incarnation == new Incarnation("a2"));
    }

    /// <summary>Source: message #1.</summary>
    [Fact]
    [Trait("Message", "1")]
    [Trait("Rule", "S1")]
    public async Task Too_few_votes_dissolve_quorum_and_a_former_owner_must_come_anew()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.PassAsync(100);
        await replica.BeatAsync("n1", "a");

        await replica.PassAsync(1_600, ("n1", "a"));
        await replica.HeardAsync<QuorumDissolved>(_ => true);
        MessageRaised raised = await replica.HeardAsync<MessageRaised>(message => message.Number == 1);
        HeartbeatAnswer present = await replica.BeatAsync("n1", "a");
        await replica.PassAsync(100);
        HeartbeatAnswer withdrawn = await replica.BeatAsync("n1", "a");

        Assert.Equal("#1: Quorum Dissolved", raised.Text);
        Assert.NotEqual(HeartbeatVerdict.Granted, present.Verdict);
        Assert.Equal(HeartbeatVerdict.Present, withdrawn.Verdict);
    }

    [Fact]
    [Trait("Rule", "S3")]
    public async Task A_heartbeat_over_the_bus_is_answered_to_its_incarnations_queue()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        TaskCompletionSource<HeartbeatAnswer> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable queue = await replica.ListenAsync("executor.n1.a", heard);

        await replica.Bus.TryPublishAsync(replica.Heartbeat("n1", "a"));
        HeartbeatAnswer answer = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((new NodeName("n1"), HeartbeatVerdict.Present), (answer.Node, answer.Verdict));
    }

    [Fact]
    [Trait("Rule", "S5")]
    public async Task An_operators_word_about_an_online_node_is_refused_and_answered()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();

        await replica.Bus.TryPublishAsync(new AcknowledgeFence { RequestId = "r1", Node = new NodeName("n1"), Incarnation = new Incarnation("a") });
        CommandAnswered answer = await replica.HeardAsync<CommandAnswered>(answered => answered.RequestId == "r1");

        Assert.Equal(ResultCode.Invalid, answer.Result);
    }

    [Fact]
    [Trait("Rule", "S14")]
    public async Task A_database_that_goes_back_dissolves_quorum_and_grants_nothing()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.ExecuteAsync("UPDATE quorum_state SET sequence = 1");
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));
        await replica.HeardAsync<QuorumDissolved>(_ => true);
        HeartbeatAnswer answer = await replica.BeatAsync("n1", "a");

        Assert.NotEqual(HeartbeatVerdict.Granted, answer.Verdict);
    }

    [Fact]
    [Trait("Rule", "S14")]
    public async Task A_database_that_goes_back_to_an_earlier_era_dissolves_quorum_too()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.ExecuteAsync("UPDATE quorum_state SET era = 2");
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.ExecuteAsync("UPDATE quorum_state SET era = 1, sequence = 1000000");
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.HeardAsync<QuorumDissolved>(_ => true);
    }

    /// <summary>A broker that takes nothing must not keep the replica from its own beat: losses would go unseen as long as it hangs.</summary>
    [Fact]
    [Trait("Rule", "S2")]
    public async Task A_silent_node_is_lost_although_the_broker_hangs()
    {
        HangingBus hanging = new();
        await using QuorumReplica replica = await QuorumReplica.StartAsync(change: services => services.AddSingleton<IBusSender>(hanging));
        await replica.FormAsync();
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.PassAsync(1_600, ("n1", "a"), ("n2", "b"));

        await replica.HeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Lost);
        Assert.True(hanging.WasAsked);
    }

    /// <summary>Compared with the generation in which quorum dissolves: it must be one in which the lease surely held, not the newest one.</summary>
    [Fact]
    [Trait("Rule", "S1")]
    public async Task A_grant_names_the_generation_in_which_quorum_formed()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        QuorumFormed formed = await replica.HeardAsync<QuorumFormed>(_ => true);
        await replica.BeatAsync("n3", "c", beat => beat with { Sequence = beat.Sequence + 1, Leaving = true });
        await replica.HeardAsync<MembershipChanged>(membership => membership.Nodes[2].State == NodeState.Left);
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"));

        HeartbeatAnswer renewed = await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 });
        HeartbeatAnswer repeated = await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 });
        HeartbeatAnswer admitted = await replica.BeatAsync("n3", "c2");

        Assert.All([renewed, repeated, admitted], answer => Assert.Equal((HeartbeatVerdict.Granted, formed.Generation), (answer.Verdict, answer.Generation)));
    }

    [Theory]
    [InlineData("""{"node":"n1","incarnation":"a","sequence":1,"newestAnswer":0,"newestBusAnswer":0,"promise":null}""")]
    [InlineData("""{"node":"n1","incarnation":"a","sequence":1,"newestAnswer":0,"newestBusAnswer":0,"promise":{"stopDeadlineMilliseconds":500,"watchdogMilliseconds":0,"isSelfFencing":true},"provenEnded":null}""")]
    [InlineData("""{"node":"n1"}""")]
    [InlineData("null")]
    [InlineData("no json")]
    public async Task A_malformed_heartbeat_costs_nobody_else_anything(string body)
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();

        HttpStatusCode status = await replica.PostAsync(body);
        HeartbeatAnswer answer = await replica.BeatAsync("n2", "b");

        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, status.ToString());
        Assert.Equal(HeartbeatVerdict.Present, answer.Verdict);
    }

    [Fact]
    public async Task An_unknown_node_is_refused_with_the_reason()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();

        HeartbeatAnswer answer = await replica.BeatAsync("n9", "x");

        Assert.Equal(HeartbeatVerdict.Refused, answer.Verdict);
        Assert.Contains("no node 'n9'", answer.Reason, StringComparison.Ordinal);
    }

    /// <summary>Source: message #6.</summary>
    [Fact]
    [Trait("Message", "6")]
    public void A_missing_configuration_is_said_before_anything_starts()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.conf"),
            ["Quorate:Database"] = "sqlite:unused.db",
        });

        SettingsException refused = Assert.Throws<SettingsException>(() => QuorumHost.Configure(builder));

        Assert.StartsWith("#6: Error loading services", refused.Message, StringComparison.Ordinal);
    }
}
