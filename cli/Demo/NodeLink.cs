using Quorate.Hosting.Bus;

namespace Quorate.Cli.Demo;

/// <summary>A node's cable to the bus. Cut, the node can say nothing more, as at a power loss.</summary>
internal sealed class NodeLink(IBusSender sender) : IBusSender
{
    private volatile bool _isCut;

    public void Cut() => _isCut = true;

    public Task<bool> TryPublishAsync<T>(T message, CancellationToken cancellationToken = default)
        where T : class => _isCut ? Task.FromResult(true) : sender.TryPublishAsync(message, cancellationToken);

    public Task<bool> TrySendAsync<T>(T message, string exchangeName, CancellationToken cancellationToken = default)
        where T : class => _isCut ? Task.FromResult(true) : sender.TrySendAsync(message, exchangeName, cancellationToken);
}
