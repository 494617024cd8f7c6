using MassTransit;
using Quorate.Hosting.Crashing;

namespace Quorate.Hosting.Bus;

/// <summary>Passes the crash point that lies after the acknowledgement.</summary>
internal sealed class AcknowledgedObserver(ICrashPoint crash) : IReceiveObserver
{
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        if (context.TryGetPayload(out ReceivedType? type))
        {
            crash.Reached(CrashPoints.Acknowledged, type.Name);
        }
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class =>
        Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
