using MassTransit;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>The named steps of <see cref="ServiceStateMachine"/>.</summary>
internal static class ServiceSteps
{
    /// <summary>Lets the core decide about the event and stores the outcome.</summary>
    public static EventActivityBinder<ServiceSaga, TMessage> Decide<TMessage>(this EventActivityBinder<ServiceSaga, TMessage> binder)
        where TMessage : class => binder.Activity(x => x.OfType<DecideActivity<TMessage>>());
}
