using Dapper;
using Npgsql;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>A backup comes back while every replica is down. Source: DESIGN S14; messages #1130 and #1131.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_the_database_is_restored(RealEngines engines) : IAsyncLifetime
{
    private const int AttemptsMax = 50;

    /// <summary>In milliseconds, longer than any life of a replica here.</summary>
    private const long LongLife = 1_000_000;

    private readonly string _state = Directory.CreateTempSubdirectory("quorate-arbiter-").FullName;
    private string _database = "";
    private int _lives;

    public async Task InitializeAsync() => _database = await engines.NewPostgresDatabaseAsync();

    public Task DisposeAsync()
    {
        Directory.Delete(_state, recursive: true);
        return Task.CompletedTask;
    }

    [Fact, Trait("Rule", "S14"), Trait("Message", "1130"), Trait("Message", "1")]
    public async Task The_replicas_own_file_finds_it_out_and_nothing_is_granted()
    {
        await RunAndRestoreAsync();
        await using QuorumReplica replica = await StartAsync();

        HeartbeatAnswer first = await replica.BeatAsync("n1", "a2", Anew("a"));
        MessageRaised raised = await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130);
        await replica.PassUntilHeardAsync<QuorumDissolved>(_ => true);
        await replica.PassAsync(2_000, ("n1", "a2"));

        Assert.NotEqual(HeartbeatVerdict.Granted, first.Verdict);
        Assert.StartsWith("#1130: The database went back: it stands at era 1, sequence ", raised.Text, StringComparison.Ordinal);
        Assert.NotEqual(HeartbeatVerdict.Granted, (await replica.BeatAsync("n1", "a2")).Verdict);
        Assert.Equal(1, await CountAsync("SELECT COUNT(*) FROM quorum_arbiter_event WHERE what = 'went back'"));
    }

    /// <summary>The stronger half: a node that lived longer than the database knows, also where the replicas' disks are gone.</summary>
    [Fact, Trait("Rule", "S14")]
    public async Task A_node_that_lived_through_it_finds_it_out_and_is_not_granted_even_once()
    {
        ArbiterPoint seen = await RunAndRestoreAsync();
        File.Delete(Path.Combine(_state, "arbiter.json"));
        await using QuorumReplica replica = await StartAsync();

        HeartbeatAnswer witness = await replica.BeatAsync("n1", "a", beat => beat with { HighestArbiter = seen });
        await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130);
        await replica.PassUntilHeardAsync<QuorumDissolved>(_ => true);

        Assert.NotEqual(HeartbeatVerdict.Granted, witness.Verdict);
        Assert.NotEqual(HeartbeatVerdict.Granted, (await replica.BeatAsync("n2", "b")).Verdict);
    }

    [Fact, Trait("Rule", "S14"), Trait("Message", "1131")]
    public async Task A_persons_word_opens_a_new_era_after_all_leases_are_over_and_nodes_join_anew()
    {
        await RunAndRestoreAsync();
        await using QuorumReplica replica = await StartAsync();
        await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        await replica.Bus.TryPublishAsync(new AcceptArbiter { RequestId = "early", Era = 1 });
        CommandAnswered early = await replica.HeardAsync<CommandAnswered>(answer => answer.RequestId == "early");
        CommandAnswered now = await AcceptAsync(replica, ("n1", "a"), ("n2", "b"), ("n3", "c"));
        await replica.Bus.TryPublishAsync(new AcceptArbiter { RequestId = "copy", Era = 1 });
        CommandAnswered copy = await replica.HeardAsync<CommandAnswered>(answer => answer.RequestId == "copy");
        await replica.HeardAsync<MessageRaised>(message => message.Number == 1131);

        Assert.Equal((ResultCode.Again, ResultCode.Success, ResultCode.Success), (early.Result, now.Result, copy.Result));
        // Their old lives were fenced by time while the operator had to wait.
        await replica.PassUntilHeardAsync<QuorumFormed>(_ => true, ("n1", "a2"), ("n2", "b2"), ("n3", "c2"));
        Assert.Equal(HeartbeatVerdict.Refused, (await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 })).Verdict);
        Assert.Equal(HeartbeatVerdict.Granted, (await replica.BeatAsync("n1", "a2", beat => beat with { Sequence = beat.Sequence + 1 })).Verdict);
        Assert.Equal(2, await CountAsync("SELECT era FROM quorum_state"));
        Assert.Equal(1, await CountAsync("SELECT COUNT(*) FROM quorum_arbiter_event WHERE what = 'accepted'"));
    }

    /// <summary>n3 is lost in the rows of before, and may have been told since to keep what it runs: no row says what that is.</summary>
    [Fact, Trait("Rule", "S14")]
    public async Task A_silent_node_is_fenced_by_no_time_and_has_to_be_acknowledged_first()
    {
        await RunAndRestoreAsync();
        await using QuorumReplica replica = await StartAsync();
        await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130, ("n1", "a"), ("n2", "b"));
        await replica.PassAsync(5_000, ("n1", "a"), ("n2", "b"));

        await replica.Bus.TryPublishAsync(new AcceptArbiter { RequestId = "before", Era = 1 });
        CommandAnswered before = await replica.HeardAsync<CommandAnswered>(answer => answer.RequestId == "before");
        await replica.Bus.TryPublishAsync(new AcknowledgeFence { RequestId = "off", Node = new NodeName("n3"), Incarnation = new Incarnation("c") });
        CommandAnswered off = await replica.HeardAsync<CommandAnswered>(answer => answer.RequestId == "off");
        CommandAnswered after = await AcceptAsync(replica, ("n1", "a"), ("n2", "b"));

        Assert.Equal((ResultCode.Again, ResultCode.Success, ResultCode.Success), (before.Result, off.Result, after.Result));
        Assert.Contains("without this database knowing it: n3. Wait", before.Reasons[0], StringComparison.Ordinal);
        Assert.DoesNotContain(replica.Heard<MembershipChanged>(), membership => membership.Nodes[2].State == NodeState.Fenced && membership.Nodes[2].Reason.Contains("guard", StringComparison.Ordinal));
    }

    [Fact, Trait("Rule", "S14")]
    public async Task A_second_restore_to_before_the_acceptance_is_found_out_too()
    {
        await RunAndRestoreAsync();
        string backup = await BackUpAsync();
        await using (QuorumReplica replica = await StartAsync())
        {
            await replica.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130);
            await AcceptAsync(replica, ("n1", "a"), ("n2", "b"), ("n3", "c"));
            await replica.HeardAsync<MessageRaised>(message => message.Number == 1131);
            await replica.PassAsync(500);
        }
        await RestoreAsync(backup);
        await using QuorumReplica again = await StartAsync();
        await again.PassUntilHeardAsync<MessageRaised>(message => message.Number == 1130);

        await AcceptAsync(again, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        Assert.Equal(3, await CountAsync("SELECT era FROM quorum_state"));
    }

    [Fact, Trait("Rule", "S14")]
    public async Task A_replica_whose_memory_is_damaged_does_not_start()
    {
        await File.WriteAllTextAsync(Path.Combine(_state, "arbiter.json"), "{");

        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(StartAsync);

        Assert.Contains("arbiter.json cannot be used", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "S14")]
    public async Task A_replica_that_only_starts_again_goes_on_and_needs_nobody()
    {
        await RunAsync();
        await using QuorumReplica replica = await StartAsync();

        await replica.PassAsync(500, ("n1", "a"), ("n2", "b"), ("n3", "c"));

        Assert.Equal(HeartbeatVerdict.Granted, (await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 })).Verdict);
        Assert.False(replica.HasHeard<MessageRaised>());
    }

    private static Func<NodeHeartbeat, NodeHeartbeat> Anew(string ended) => beat => beat with { ProvenEnded = [new Incarnation(ended)] };

    private async Task<QuorumReplica> StartAsync()
    {
        QuorumReplica replica = await QuorumReplica.StartAsync(database: _database, state: _state);
        replica.SequenceOffset = ++_lives * LongLife;
        replica.OnLeaseLoss = OnLeaseLoss.Stop;
        return replica;
    }

    /// <summary>Says it until the leases are over: how long that takes begins anew whenever this machine is too slow for a beat.</summary>
    private static async Task<CommandAnswered> AcceptAsync(QuorumReplica replica, params (string Node, string Incarnation)[] alive)
    {
        for (int attempt = 1; ; attempt++)
        {
            string request = $"accept-{attempt}";
            await replica.Bus.TryPublishAsync(new AcceptArbiter { RequestId = request, Era = 1 });
            CommandAnswered answer = await replica.HeardAsync<CommandAnswered>(answered => answered.RequestId == request);
            if (answer.Result != ResultCode.Again || attempt == AttemptsMax)
            {
                return answer;
            }

            await replica.PassAsync(400, alive);
        }
    }

    /// <summary>A cluster lives for a while, and its replicas end.</summary>
    private async Task<ArbiterPoint> RunAsync()
    {
        await using QuorumReplica replica = await StartAsync();
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));
        await replica.PassAsync(1_500, ("n1", "a"), ("n2", "b"), ("n3", "c"));
        HeartbeatAnswer answer = await replica.BeatAsync("n1", "a", beat => beat with { Sequence = beat.Sequence + 1 });
        Assert.Equal(HeartbeatVerdict.Granted, answer.Verdict);
        return answer.Arbiter!; // of this version
    }

    /// <summary>What was committed in the second life is forgotten; in the backup the cluster is quorate and all nodes are live.</summary>
    private async Task<ArbiterPoint> RunAndRestoreAsync()
    {
        await RunAsync();
        string backup = await BackUpAsync();
        ArbiterPoint seen = await RunAsync();
        await RestoreAsync(backup);
        return seen;
    }

    private async Task<string> BackUpAsync()
    {
        string name = new NpgsqlConnectionStringBuilder(_database).Database!; // the engine gave one
        string backup = $"b{Guid.NewGuid():N}";
        await EndSessionsAsync(name);
        await engines.ExecuteOnPostgresAsync($"CREATE DATABASE {backup} TEMPLATE {name}");
        return backup;
    }

    private async Task RestoreAsync(string backup)
    {
        string name = new NpgsqlConnectionStringBuilder(_database).Database!; // the engine gave one
        await engines.ExecuteOnPostgresAsync($"DROP DATABASE {name} WITH (FORCE)");
        await engines.ExecuteOnPostgresAsync($"CREATE DATABASE {name} TEMPLATE {backup}");
    }

    private Task EndSessionsAsync(string name) =>
        engines.ExecuteOnPostgresAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");

    private async Task<long> CountAsync(string query)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(_database) { Pooling = false }.ConnectionString);
        return await connection.ExecuteScalarAsync<long>(query);
    }
}
