using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
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
        if (await EventOfAsync(context.Message, context.CancellationToken) is { } cause)
        {
            ServiceSaga saga = context.Saga;
            saga.Record = await decisions.DecideAsync(uow, saga.Stored, cause, CauseOf(context.Message), context.CancellationToken);
            saga.CurrentState = saga.Record.State.ToString();
        }
        await next.Execute(context);
    }

    public Task Faulted<TException>(
        BehaviorExceptionContext<ServiceSaga, TMessage, TException> context, IBehavior<ServiceSaga, TMessage> next)
        where TException : Exception => next.Faulted(context);

    private async Task<ServiceEvent?> EventOfAsync(TMessage message, CancellationToken ct) => message switch
    {
        OperationEnded report => new ServiceEvent.OperationEnded(report),
        ServiceStatusFailed report => new ServiceEvent.StatusFailed(report),
        IServiceCommand command => await TakeAsync(command, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(message), typeof(TMessage).Name, "not an event of a service"),
    };

    /// <summary>A command is taken once: one that is under way or answered is not decided again.</summary>
    private async Task<ServiceEvent?> TakeAsync(IServiceCommand command, CancellationToken ct)
    {
        if (!CommandIntake.IsUsable(command.RequestId))
        {
            await RefuseAsync(command, $"requestId must have 1 to {CommandIntake.RequestIdLengthMax} characters, none of them a control character");
            return null;
        }
        if (command.Node is { } node && !CommandIntake.IsText(node.Value))
        {
            await RefuseAsync(command, "node must be a node's name without control characters");
            return null;
        }
        OperationRow row = await OperationStore.AddAsync(uow, CommandIntake.RowOf(command, time.GetUtcNow()), ct);
        if (!CommandIntake.IsSame(row, command))
        {
            await RefuseAsync(command, CommandIntake.UsedForAnother(row));
            return null;
        }
        if (OperationStore.AnswerIn(row) is { } answered)
        {
            await uow.Outbox.PublishAsync(answered, command.Service.Value);
            return null;
        }
        if (row.State == OperationRow.Taken)
        {
            return null;
        }
        await OperationStore.TakeAsync(uow, command.RequestId, ct);
        return new ServiceEvent.CommandReceived(KindOf(command), command.RequestId, command.Node);
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

    private static CommandKind KindOf(IServiceCommand command) => command switch
    {
        EnableService => CommandKind.Enable,
        DisableService => CommandKind.Disable,
        StopService => CommandKind.Stop,
        RestartService => CommandKind.Restart,
        RelocateService => CommandKind.Relocate,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a service command"),
    };

    private static string CauseOf(TMessage message) => message switch
    {
        IServiceCommand command => $"{ServiceCommands.NameOf(command)} {command.RequestId}",
        OperationEnded report => $"{report.Action.ToString().ToLowerInvariant()} on {report.Node} {report.Outcome.ToString().ToLowerInvariant()}",
        ServiceStatusFailed report => $"status of {report.Resource} on {report.Node}",
        _ => typeof(TMessage).Name,
    };
}
