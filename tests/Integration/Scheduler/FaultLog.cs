using System.Collections.Concurrent;
using MassTransit;
using Quorate.Hosting.Refusals;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Every message that a consumer could not handle. One that nobody can understand is the sender's fault, and not listed.</summary>
internal sealed class FaultLog : IReceiveObserver
{
    private readonly ConcurrentQueue<string> _faults = new();

    public IReadOnlyList<string> Faults => [.. _faults];

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        _faults.Enqueue($"{typeof(T).Name}: {exception.Message}");
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        if (exception is not BodyRefusedException)
        {
            _faults.Enqueue(exception.Message);
        }
        return Task.CompletedTask;
    }
}
