using MassTransit;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Sagas;

/// <summary>What a state machine's steps reach for.</summary>
public static class SagaContextExtensions
{
    /// <summary>The transaction this event runs in; effects go through its <see cref="UnitOfWork.Outbox"/>, never through context.Publish.</summary>
    public static UnitOfWork UnitOfWork(this PipeContext context) => context.GetPayload<UnitOfWork>();

    /// <summary>The services of this event's scope.</summary>
    public static IServiceProvider Services(this PipeContext context) => context.GetPayload<IServiceProvider>();
}
