using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Refusals;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>
/// The machine's only step: hand the event to the core, store what it decides. Which events reach it in which state is the machine's
/// table; what they mean is the core's.
/// </summary>
internal sealed class DecideActivity<TMessage>(UnitOfWork uow, ServiceDecisions decisions, TimeProvider time)
    : IStateMachineActivity<ServiceSaga, TMessage>
    where TMessage : class
{
    public void Probe(ProbeContext context) => context.CreateScope("decide");

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public async Task Execute(BehaviorContext<ServiceSaga, TMessage> context, IBehavior<ServiceSaga, TMessage> next)
    {
        ServiceSaga saga = context.Saga;
        foreach ((ServiceEvent cause, string text) in await EventsOfAsync(context.Message, context.CancellationToken))
        {
            saga.Record = await decisions.DecideAsync(uow, saga.Stored, cause, text, context.CancellationToken);
            saga.CurrentState = saga.Record.State.ToString();
            saga.Stored = await ServiceStore.LockAsync(uow, saga.CorrelationId, context.CancellationToken) ?? saga.Stored;
        }
        await next.Execute(context);
    }

    public Task Faulted<TException>(
        BehaviorExceptionContext<ServiceSaga, TMessage, TException> context, IBehavior<ServiceSaga, TMessage> next)
        where TException : Exception => next.Faulted(context);

    private async Task<IReadOnlyList<(ServiceEvent Cause, string Text)>> EventsOfAsync(TMessage message, CancellationToken ct) => message switch
    {
        OperationEnded report => [(new ServiceEvent.OperationEnded(report), CauseOf(report))],
        ServiceStatusFailed report => [(new ServiceEvent.StatusFailed(report), $"status of {report.Resource} on {report.Node}")],
        IServiceCommand command => await TakeAsync(command, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(message), typeof(TMessage).Name, "not an event of a service"),
    };

    /// <summary>
    /// A command is taken once: one that is under way or answered is not decided again. Those of the same service that were accepted before
    /// are taken first, wherever their messages are: after an outage several replicas read what piled up, and whoever asked for a stop and then
    /// for a start wants it started.
    /// </summary>
    private async Task<IReadOnlyList<(ServiceEvent Cause, string Text)>> TakeAsync(IServiceCommand command, CancellationToken ct)
    {
        if (!CommandIntake.IsUsable(command.RequestId))
        {
            await RefuseAsync(command, $"requestId must have 1 to {CommandIntake.RequestIdLengthMax} characters, none of them a control character");
            return [];
        }
        if (command.Node is { } node && !CommandIntake.IsText(node.Value))
        {
            await RefuseAsync(command, "node must be a node's name without control characters");
            return [];
        }
        if (uow.Delivery is { IsExpired: true } && await OperationStore.FindAsync(uow, command.RequestId, ct) is null)
        {
            await uow.Outbox.PublishAsync(Refusal.Expired(command, command.Service), command.Service.Value);
            return [];
        }
        OperationRow row = await OperationStore.AddAsync(uow, CommandIntake.RowOf(command, time.GetUtcNow()), ct);
        if (!CommandIntake.IsSame(row, command))
        {
            await RefuseAsync(command, CommandIntake.UsedForAnother(row));
            return [];
        }
        if (OperationStore.AnswerIn(row) is { } answered)
        {
            await uow.Outbox.PublishAsync(answered, command.Service.Value);
            return [];
        }
        if (row.State == OperationRow.Taken)
        {
            return [];
        }
        List<(ServiceEvent, string)> taken = [];
        foreach (OperationRow waiting in (await OperationStore.BeforeAsync(uow, row, CommandIntake.WaitingMax, ct)).Append(row))
        {
            if (!await OperationStore.TakeAsync(uow, waiting.RequestId, ct))
            {
                continue;
            }
            NodeName? target = waiting.Node is null ? null : new NodeName(waiting.Node);
            taken.Add((new ServiceEvent.CommandReceived(ServiceCommands.KindOf(waiting.Command), waiting.RequestId, target), $"{waiting.Command} {waiting.RequestId}"));
        }
        return taken;
    }

    /// <summary>Refuses a message that cannot be a command of its own. No operation: the row of that id, if any, keeps its answer.</summary>
    private Task RefuseAsync(IServiceCommand command, string reason) => uow.Outbox.PublishAsync(
        new CommandAnswered
        {
            RequestId = command.RequestId,
            Operation = "",
            Service = command.Service,
            Result = ResultCode.Invalid,
            Code = (int)ResultCode.Invalid,
            IsRefused = true,
            Reasons = [reason],
        },
        command.Service.Value);

    private static string CauseOf(OperationEnded report) =>
        $"{report.Action.ToString().ToLowerInvariant()} on {report.Node} {report.Outcome.ToString().ToLowerInvariant()}";
}
