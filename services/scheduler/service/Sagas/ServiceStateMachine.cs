using System.Linq.Expressions;
using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>
/// The life of one service as a table: which event counts in which state. What it means is decided by the core
/// (<c>Lifecycle</c>); what is dropped is dropped by name.
/// </summary>
/// <remarks>Source: rgmanager.md chapter 3; DESIGN 5.</remarks>
public sealed class ServiceStateMachine : MassTransitStateMachine<ServiceSaga>
{
    public ServiceStateMachine()
    {
        InstanceState(saga => saga.CurrentState);
        CorrelateCommand(() => EnableRequested);
        CorrelateCommand(() => DisableRequested);
        CorrelateCommand(() => StopRequested);
        CorrelateCommand(() => RestartRequested);
        CorrelateCommand(() => RelocateRequested);
        CorrelateCommand(() => MigrateRequested);
        CorrelateCommand(() => FreezeRequested);
        CorrelateCommand(() => UnfreezeRequested);
        CorrelateCommand(() => ConvalesceRequested);
        CorrelateCommand(() => ConfirmStoppedRequested);
        CorrelateCommand(() => UnparkRequested);
        Event(() => OperationReported, x => CorrelateReport(x, message => message.Service));
        Event(() => StatusFailed, x => CorrelateReport(x, message => message.Service));

        // A command is answered in every state, if only with a refusal: the core knows the reason.
        DuringAny(
            When(EnableRequested).Decide(),
            When(DisableRequested).Decide(),
            When(StopRequested).Decide(),
            When(RestartRequested).Decide(),
            When(RelocateRequested).Decide(),
            When(MigrateRequested).Decide(),
            When(FreezeRequested).Decide(),
            When(UnfreezeRequested).Decide(),
            When(ConvalesceRequested).Decide(),
            When(ConfirmStoppedRequested).Decide(),
            When(UnparkRequested).Decide());

        // Operations are under way here: their reports count, matched by epoch and incarnation in the core (rule S8).
        During([Starting, Stopping, Recoverable, Migrating],
            When(OperationReported).Decide(),
            Ignore(StatusFailed));

        // A probe may be under way, and a check may fail.
        During(Started,
            When(OperationReported).Decide(),
            When(StatusFailed).Decide());

        // A hold is lifted by a late proof (rule S11).
        During([Failed, Stopped, Disabled, Recovering],
            When(OperationReported).Decide(),
            Ignore(StatusFailed));

        During(Uninitialized,
            Ignore(OperationReported),
            Ignore(StatusFailed));
    }

    public State Uninitialized { get; private set; } = null!;

    public State Stopped { get; private set; } = null!;

    public State Starting { get; private set; } = null!;

    public State Started { get; private set; } = null!;

    public State Stopping { get; private set; } = null!;

    public State Recoverable { get; private set; } = null!;

    public State Recovering { get; private set; } = null!;

    public State Failed { get; private set; } = null!;

    public State Disabled { get; private set; } = null!;

    public State Migrating { get; private set; } = null!;

    public Event<EnableService> EnableRequested { get; private set; } = null!;

    public Event<DisableService> DisableRequested { get; private set; } = null!;

    public Event<StopService> StopRequested { get; private set; } = null!;

    public Event<RestartService> RestartRequested { get; private set; } = null!;

    public Event<RelocateService> RelocateRequested { get; private set; } = null!;

    public Event<MigrateService> MigrateRequested { get; private set; } = null!;

    public Event<FreezeService> FreezeRequested { get; private set; } = null!;

    public Event<UnfreezeService> UnfreezeRequested { get; private set; } = null!;

    public Event<ConvalesceService> ConvalesceRequested { get; private set; } = null!;

    public Event<ConfirmServiceStopped> ConfirmStoppedRequested { get; private set; } = null!;

    public Event<UnparkService> UnparkRequested { get; private set; } = null!;

    public Event<OperationEnded> OperationReported { get; private set; } = null!;

    public Event<ServiceStatusFailed> StatusFailed { get; private set; } = null!;

    private void CorrelateCommand<TCommand>(Expression<Func<Event<TCommand>>> property) where TCommand : class, IServiceCommand =>
        Event(property, x =>
        {
            x.CorrelateById(context => ServiceStore.IdOf(context.Message.Service));
            x.OnMissingInstance(missing => missing.ExecuteAsync(UnknownService.AnswerAsync));
        });

    /// <summary>A report about a service that has no row concerns nothing: it is dropped.</summary>
    private static void CorrelateReport<TReport>(IEventCorrelationConfigurator<ServiceSaga, TReport> x, Func<TReport, ServiceName> service)
        where TReport : class
    {
        x.CorrelateById(context => ServiceStore.IdOf(service(context.Message)));
        x.OnMissingInstance(missing => missing.Discard());
    }
}
