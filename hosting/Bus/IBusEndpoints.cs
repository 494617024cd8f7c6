namespace Quorate.Hosting.Bus;

/// <summary>Adds queues while the process runs, e.g. that of a new incarnation.</summary>
public interface IBusEndpoints
{
    /// <summary>Begins to consume; returns when the broker confirmed, or throws after 30 s.</summary>
    /// <param name="queue">Name without prefix.</param>
    /// <param name="configure">What is consumed. Handler classes must be known to the container or have a public constructor.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Disposing stops consuming and removes queue and exchange, except those of a plain durable queue.</returns>
    Task<IAsyncDisposable> ConnectAsync(string queue, Action<EndpointBuilder> configure, CancellationToken cancellationToken = default);
}
