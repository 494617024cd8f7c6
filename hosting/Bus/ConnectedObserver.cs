using MassTransit;

namespace Quorate.Hosting.Bus;

/// <summary>Tells each time an endpoint consumes: at first, and after every connection that broke.</summary>
internal sealed class ConnectedObserver(Action connected) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready)
    {
        connected();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
