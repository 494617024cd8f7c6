using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;

namespace Quorate.Quorum.Service.Orders;

/// <summary>Carries out each order about a node or the cluster once and answers it in the same transaction; a copy gets the same answer.</summary>
internal sealed class OrderKeeper(TimeProvider time)
{
    /// <summary>Carries out an order that is new.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="order">What is asked.</param>
    /// <param name="orderingKey">Among which messages the answer keeps its place.</param>
    /// <param name="carryOut">Called with the cluster's state locked: one order at a time.</param>
    public async Task CarryOutAsync(
        UnitOfWork work, ICommand order, string orderingKey, Func<LeaseStore, StateRecord, Task<(ResultCode Result, string Reason)>> carryOut)
    {
        LeaseStore leases = new(work.Connection, work.Transaction, work.Dialect);
        StateRecord state = await leases.ReadStateAsync(forUpdate: true);
        if (await RepeatAsync(work, order, orderingKey))
        {
            return;
        }

        (ResultCode result, string reason) = await carryOut(leases, state);
        CommandAnswered answer = CommandAnswers.Of(order.RequestId, result, [reason]);
        await new OrderStore(work.Connection, work.Transaction).AddAsync(answer, OrderContent.Of(order), time.GetUtcNow());
        await work.Outbox.PublishAsync(answer, orderingKey);
    }

    /// <summary>
    /// Answers an order whose id is known: a late copy of an old one must not undo a newer one. To be called with the cluster's state locked, so
    /// that no two copies are new at once.
    /// </summary>
    /// <returns>False for a new one; nothing is answered then.</returns>
    public static async Task<bool> RepeatAsync(UnitOfWork work, ICommand order, string orderingKey)
    {
        if (await new OrderStore(work.Connection, work.Transaction).FindAsync(order.RequestId) is not { } known)
        {
            return false;
        }

        if (known.Content is { } content && content != OrderContent.Of(order))
        {
            string reason = $"the request id '{order.RequestId}' was used for {content}, and this is {OrderContent.Of(order)}: choose another id";
            CommandAnswered refusal = CommandAnswers.Of(order.RequestId, ResultCode.Invalid, [reason]);
            // While the first one has no answer yet, its askers must not take this for it.
            await work.Outbox.PublishAsync(known.Answer is null ? refusal with { Operation = "" } : refusal, orderingKey);
        }
        else if (known.Answer is { } answered)
        {
            await work.Outbox.PublishAsync(answered, orderingKey);
        }

        return true;
    }
}
