using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Telemetry;

/// <summary>Makes a numbered message known to the cluster. Logging it stays with the service's own Log method.</summary>
public sealed class MessageRaiser
{
    private readonly IBusSender _sender;
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;

    internal MessageRaiser(IBusSender sender, Instruments instruments, TimeProvider time)
    {
        _sender = sender;
        _instruments = instruments;
        _time = time;
    }

    /// <summary>Raises it when the transaction commits.</summary>
    public Task RaiseAsync(
        UnitOfWork work, int number, string text, string component, ServiceName? service = null, NodeName? node = null)
    {
        work.OnCommitted(() => _instruments.Raised(number, component));
        return work.Outbox.PublishAsync(Message(number, text, component, service, node), service?.Value ?? component);
    }

    /// <summary>Raises it now; false when the bus did not take it.</summary>
    public Task<bool> TryRaiseAsync(
        int number, string text, string component, ServiceName? service = null, NodeName? node = null,
        CancellationToken cancellationToken = default)
    {
        _instruments.Raised(number, component);
        return _sender.TryPublishAsync(Message(number, text, component, service, node), cancellationToken);
    }

    private MessageRaised Message(int number, string text, string component, ServiceName? service, NodeName? node) =>
        new() { Number = number, Text = text, At = _time.GetUtcNow(), Component = component, Service = service, Node = node };
}
