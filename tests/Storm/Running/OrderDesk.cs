using System.Collections.Concurrent;
using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Storm.Judging;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Running;

/// <summary>Gives commands and insists on their answers: the same request id again, at the other door, until one comes or time is up.</summary>
internal sealed class OrderDesk(IReadOnlyList<string> schedulers, SchedulerDoor http, BusDoor bus, Diary diary)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, OrderOutcome> _outcomes = new(StringComparer.Ordinal);

    /// <summary>Every command given so far.</summary>
    public ImmutableArray<OrderOutcome> Outcomes => [.. _outcomes.Values.OrderBy(outcome => outcome.Order.RequestId, StringComparer.Ordinal)];

    /// <summary>Gives a command at its time.</summary>
    /// <param name="order">The command.</param>
    /// <param name="isOver">Cancelled when no answer is waited for any more.</param>
    public async Task GiveAsync(Order order, CancellationToken isOver)
    {
        _outcomes[order.RequestId] = new OrderOutcome(order, null, []);
        try
        {
            await Task.Delay(order.At, isOver);
            diary.Write($"{order.RequestId}: {order.Verb} {order.Service} {order.Node}{(order.IsOnBus ? " over the bus" : "")}");
            if (order.IsOnBus)
            {
                await PublishAsync(order, isOver);
            }
            else
            {
                await PostAsync(order, isOver);
            }
        }
        catch (OperationCanceledException) when (isOver.IsCancellationRequested)
        {
            // Without an answer: the judge will say so.
        }
    }

    private async Task PostAsync(Order order, CancellationToken ct)
    {
        for (int attempt = 0; _outcomes[order.RequestId].Result is null; attempt++)
        {
            string door = schedulers[(order.Door + attempt) % schedulers.Count];
            (string? operation, ResultCode? result) = await http.PostAsync(door, order, ct);
            Note(order.RequestId, operation, result);
            if (result is null)
            {
                await Task.Delay(AskAgainAfter, ct);
            }
        }
    }

    private async Task PublishAsync(Order order, CancellationToken ct)
    {
        while (!await bus.PublishAsync(order, ct))
        {
            await Task.Delay(AskAgainAfter, ct);
        }

        while (_outcomes[order.RequestId].Result is null)
        {
            await Task.Delay(AskAgainAfter, ct);
        }
    }

    /// <summary>Hears what is answered over the bus, until told to stop.</summary>
    public async Task HearAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            foreach (CommandAnswered answer in await bus.TakeAnswersAsync(CancellationToken.None))
            {
                if (_outcomes.TryGetValue(answer.RequestId, out OrderOutcome? outcome) && outcome.Order.IsOnBus)
                {
                    Note(answer.RequestId, answer.Operation, answer.Result);
                }
            }

            await Task.Delay(AskAgainAfter, CancellationToken.None);
        }
    }

    private void Note(string requestId, string? operation, ResultCode? result)
    {
        OrderOutcome before = _outcomes[requestId];
        _outcomes[requestId] = before with
        {
            Result = result ?? before.Result,
            Operations = operation is null ? before.Operations : before.Operations.Add(operation),
        };
        if (result is not null && before.Result is null)
        {
            diary.Write($"{requestId}: answered {result}");
        }
    }
}
