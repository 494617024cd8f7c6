using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Restraints;
using Quorate.Quorum.Service.Orders;

namespace Quorate.Quorum.Service.Restraints;

/// <summary>Carries out one order about the lock or about a node out of use.</summary>
internal sealed class RestraintKeeper(OrderKeeper orders, ReplicaView view, ILogger<RestraintKeeper> logger)
{
    /// <param name="work">The transaction.</param>
    /// <param name="order">What is asked.</param>
    /// <param name="decide">From where the cluster stands to where it shall stand.</param>
    public Task ApplyAsync(UnitOfWork work, ICommand order, Func<ArbiterState, RestraintDecision> decide) =>
        orders.CarryOutAsync(work, order, CommandAnswers.ClusterKey, async (_, record) =>
        {
            ArbiterState state = record.ToState();
            RestraintDecision decision = decide(state);
            if (!ReferenceEquals(decision.Next, state))
            {
                await KeepAsync(work, decision.Next);
                work.OnCommitted(view.Kick);
            }

            logger.RestraintOrdered(order.RequestId, decision.Result.ToString(), decision.Reason);
            return (decision.Result, decision.Reason);
        });

    private static Task KeepAsync(UnitOfWork work, ArbiterState state) => work.Connection.ExecuteAsync(
        "UPDATE quorum_state SET is_locked = @IsLocked, drained = @Drained WHERE id = 1",
        new { IsLocked = state.IsLocked ? 1 : 0, Drained = StateRecord.TextOf(state.Drained) }, work.Transaction);
}
