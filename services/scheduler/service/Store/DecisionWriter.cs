using System.Diagnostics.Metrics;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Events;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// Writes what a decision asks for next to the record itself: history, orders, answers, messages. All of it commits with the record
/// or not at all (rule S12); the outbox sends it in the order of the service.
/// </summary>
internal sealed class DecisionWriter(
    TimeProvider time, EvaluationSignals signals, MessageRaiser raiser, Instruments instruments, UnsafeSecondOwner unsafeSecondOwner, ILogger<DecisionWriter> logger)
{
    private readonly Counter<long> _transitions = instruments.Counter(MetricCatalogue.Transitions);

    /// <summary>Writes the effects of one decision. The caller writes the record itself.</summary>
    /// <param name="uow">The transaction that writes the record.</param>
    /// <param name="before">The record the decision was made from.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="cause">Who or what led to it, for the history.</param>
    /// <param name="ct">Cancels the writing; the transaction then rolls back.</param>
    public async Task WriteAsync(UnitOfWork uow, ServiceRecord before, Decision decision, string cause, CancellationToken ct)
    {
        if (decision.IsChanged)
        {
            await WriteHistoryAsync(uow, before, decision, cause, ct);
            logger.DecisionApplied(decision.Next.Name, decision.Next.Epoch, cause, decision.Reason);
        }
        foreach (Effect effect in decision.Effects)
        {
            await WriteAsync(uow, decision.Next, effect, ct);
        }
    }

    private async Task WriteHistoryAsync(UnitOfWork uow, ServiceRecord before, Decision decision, string cause, CancellationToken ct)
    {
        ServiceState from = before.State;
        foreach (Passage passed in decision.Through)
        {
            await WriteTransitionAsync(uow, decision, from, passed, cause, isTold: true, ct);
            from = passed.State;
        }
        bool isMoved = from != decision.Next.State || before.Owner != decision.Next.Owner || before.NextEpoch != decision.Next.NextEpoch
            || before.Pending?.AwaitsFencing != decision.Next.Pending?.AwaitsFencing;
        if (isMoved)
        {
            await WriteTransitionAsync(uow, decision, from, new Passage(decision.Next.State, decision.Next.Owner, decision.Reason), cause,
                isTold: from != decision.Next.State || before.Owner != decision.Next.Owner, ct);
        }
    }

    private async Task WriteTransitionAsync(
        UnitOfWork uow, Decision decision, ServiceState from, Passage to, string cause, bool isTold, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_history (service, at, from_state, to_state, owner, epoch, reason, cause)
            VALUES (@service, @at, @from, @to, @owner, @epoch, @reason, @cause)
            """,
            new
            {
                service = decision.Next.Name.Value,
                at = now.ToUnixTimeMilliseconds(),
                from = SchedulerJson.TextOf(from),
                to = SchedulerJson.TextOf(to.State),
                owner = to.Owner?.Value,
                epoch = decision.Next.Epoch,
                reason = SchedulerJson.Storable(to.Reason),
                cause = SchedulerJson.Storable(cause),
            },
            uow.Transaction, cancellationToken: ct));
        ServiceTransitioned transition = new()
        {
            Service = decision.Next.Name,
            From = from,
            To = to.State,
            Owner = to.Owner,
            Epoch = decision.Next.Epoch,
            Reason = to.Reason,
            At = now,
        };
        if (isTold)
        {
            await EventStore.AppendAsync(uow, now, "transition", transition.Service, to.Owner, EventText.Of(transition), transition, ct);
        }
        await uow.Outbox.PublishAsync(transition, decision.Next.Name.Value);
        if (from != to.State)
        {
            uow.OnCommitted(() => _transitions.Add(
                1, Instruments.Tags(MetricCatalogue.Transitions, SchedulerJson.TextOf(from), SchedulerJson.TextOf(to.State), transition.Service.Value)));
        }
    }

    private async Task WriteAsync(UnitOfWork uow, ServiceRecord record, Effect effect, CancellationToken ct)
    {
        switch (effect)
        {
            case Effect.Operate { Command: var command } when await unsafeSecondOwner.ReplacesAsync(uow, command, ct):
                break;
            case Effect.Operate { Command: var command }:
                await uow.Outbox.SendAsync(command, QueueNames.ToExecutor(command.Node, command.Incarnation), record.Name.Value);
                break;
            case Effect.Fence { Command: var command }:
                // The quorum service keeps the reason, with what an agent printed in it.
                await uow.Outbox.PublishAsync(command with { Reason = SchedulerJson.Storable(command.Reason) }, record.Name.Value);
                break;
            case Effect.Answer answer:
                await AnswerAsync(uow, record.Name, answer, ct);
                break;
            case Effect.Raise raise:
                await RaiseAsync(uow, record, raise);
                break;
            case Effect.NeedsPlacement { Services: var services }:
                uow.OnCommitted(() => signals.NeedPlacement(services));
                break;
            case Effect.NeedsSweep:
                uow.OnCommitted(signals.NeedSweep);
                break;
            default:
                throw new InvariantViolation($"an effect nobody writes: {effect.GetType().Name}");
        }
    }

    /// <summary>Stores and announces the one answer of a command; a second one changes nothing.</summary>
    public Task AnswerAsync(UnitOfWork uow, ServiceName service, Effect.Answer answer, CancellationToken ct) =>
        AnswerAsync(uow, service, service.Value, answer, ct);

    /// <summary>The same for a command about a node, which as a rule the quorum service answers.</summary>
    public Task AnswerAsync(UnitOfWork uow, NodeName node, Effect.Answer answer, CancellationToken ct) =>
        AnswerAsync(uow, null, node.Value, answer, ct);

    private async Task AnswerAsync(UnitOfWork uow, ServiceName? service, string orderingKey, Effect.Answer answer, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        string? operation = await OperationStore.AnswerAsync(uow, answer, isOfQuorum: false, now, ct);
        if (operation is null)
        {
            return;
        }
        CommandAnswered answered = new()
        {
            RequestId = answer.RequestId,
            Operation = operation,
            Service = service,
            Result = answer.Result,
            Code = (int)answer.Result,
            IsRefused = answer.IsRefused,
            Owner = answer.Owner,
            Reasons = answer.Reasons,
        };
        await EventStore.AppendAsync(uow, now, "operation", service, answer.Owner, EventText.Of(answered), answered, ct);
        await uow.Outbox.PublishAsync(answered, orderingKey);
    }

    private async Task RaiseAsync(UnitOfWork uow, ServiceRecord record, Effect.Raise raise)
    {
        MessageDefinition definition = MessageCatalogue.Of(raise.Message);
        string text = MessageText.Format(definition, [.. raise.Arguments]);
        logger.Catalogued(raise.Message, raise.Arguments);
        await raiser.RaiseAsync(uow, definition.Number, text, "scheduler", record.Name, record.Owner ?? record.LastOwner);
    }
}
