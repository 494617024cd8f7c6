using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>The lock and drained nodes, through bus and database. Source: clusvcadm(8) -l and -u; rgmanager.md 3.9.</summary>
public sealed class When_the_cluster_is_restrained
{
    private static readonly (string, string)[] Two = [("n1", "a"), ("n2", "b")];

    [Fact]
    public async Task The_lock_is_told_to_everybody_and_answered()
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new LockServices { RequestId = "r1" }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsLocked, Two);
        await replica.Bus.TryPublishAsync(new UnlockServices { RequestId = "r2" }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => !membership.IsLocked && membership.Generation > 2, Two);

        Assert.Equal(ResultCode.Success, (await AnswerAsync(replica, "r1")).Result);
        Assert.Equal("the cluster is unlocked", Assert.Single((await AnswerAsync(replica, "r2")).Reasons));
    }

    /// <summary>A command that is sent again, or delivered late, must not undo what was ordered after it.</summary>
    [Fact]
    public async Task A_late_copy_gets_its_answer_and_locks_nothing()
    {
        await using QuorumReplica replica = await FormedAsync();
        await replica.Bus.TryPublishAsync(new LockServices { RequestId = "r1" }, CancellationToken.None);
        await AnswerAsync(replica, "r1");
        await replica.Bus.TryPublishAsync(new UnlockServices { RequestId = "r2" }, CancellationToken.None);
        await AnswerAsync(replica, "r2");

        await replica.Bus.TryPublishAsync(new LockServices { RequestId = "r1" }, CancellationToken.None);
        await replica.Bus.TryPublishAsync(new LockServices { RequestId = "" }, CancellationToken.None);
        await replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.Result == ResultCode.Invalid, Two);
        await replica.PassAsync(1_000, Two);

        Assert.False(replica.Heard<MembershipChanged>()[^1].IsLocked);
    }

    [Fact]
    public async Task A_drained_node_stays_so_in_its_next_life()
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new DrainNode { RequestId = "r1", Node = new("n2") }, CancellationToken.None);
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.Nodes[1].IsDrained, Two);
        await replica.PassAsync(9_000, ("n1", "a"));
        await replica.PassUntilHeardAsync<MembershipChanged>(
            membership => membership.Nodes[1] is { State: NodeState.Online, Incarnation.Value: "b2", IsDrained: true }, ("n1", "a"), ("n2", "b2"));
        await replica.Bus.TryPublishAsync(new UndrainNode { RequestId = "r2", Node = new("n2") }, CancellationToken.None);

        await replica.PassUntilHeardAsync<MembershipChanged>(
            membership => membership.Nodes[1] is { State: NodeState.Online, IsDrained: false }, ("n1", "a"), ("n2", "b2"));
    }

    [Fact]
    public async Task A_node_that_does_not_exist_is_refused()
    {
        await using QuorumReplica replica = await FormedAsync();

        await replica.Bus.TryPublishAsync(new DrainNode { RequestId = "r1", Node = new("n9") }, CancellationToken.None);

        Assert.Equal(ResultCode.NoNode, (await AnswerAsync(replica, "r1")).Result);
    }

    private static Task<CommandAnswered> AnswerAsync(QuorumReplica replica, string requestId) =>
        replica.PassUntilHeardAsync<CommandAnswered>(answer => answer.RequestId == requestId, Two);

    private static async Task<QuorumReplica> FormedAsync()
    {
        QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.PassUntilHeardAsync<MembershipChanged>(membership => membership.IsQuorate, Two);
        return replica;
    }
}
