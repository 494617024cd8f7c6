using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Restraints;

namespace Quorate.Quorum.Service.Restraints;

/// <summary>Carries out one order about the lock or about a node out of use, and answers it in the same transaction.</summary>
internal sealed class RestraintKeeper(ReplicaView view, TimeProvider time, ILogger<RestraintKeeper> logger)
{
    /// <param name="work">The transaction.</param>
    /// <param name="requestId">Each counts once: a late copy of an old order must not undo a newer one.</param>
    /// <param name="decide">From where the cluster stands to where it shall stand.</param>
    public async Task ApplyAsync(UnitOfWork work, string requestId, Func<ArbiterState, RestraintDecision> decide)
    {
        LeaseStore leases = new(work.Connection, work.Transaction, work.Dialect);
        RestraintStore store = new(work.Connection, work.Transaction);
        ArbiterState state = (await leases.ReadStateAsync(forUpdate: true)).ToState();
        if (await store.AnswerOfAsync(requestId) is { } answered)
        {
            await work.Outbox.PublishAsync(answered, CommandAnswers.ClusterKey);
            return;
        }

        RestraintDecision decision = decide(state);
        if (!ReferenceEquals(decision.Next, state))
        {
            await store.KeepAsync(decision.Next);
            work.OnCommitted(view.Kick);
        }

        CommandAnswered answer = CommandAnswers.Of(requestId, decision.Result, [decision.Reason]);
        await store.AnswerAsync(answer, time.GetUtcNow());
        await work.Outbox.PublishAsync(answer, CommandAnswers.ClusterKey);
        logger.RestraintOrdered(requestId, decision.Result.ToString(), decision.Reason);
    }
}
