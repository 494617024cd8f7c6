namespace Quorate.Hosting.Bus;

/// <summary>Says things that may be lost: heartbeats, inventories, answers that are asked for again. What must not be lost goes through the outbox.</summary>
public interface IBusSender
{
    /// <summary>Publishes; never waits longer than two seconds, and not at all while there is no broker.</summary>
    /// <returns>False when the broker did not take it.</returns>
    Task<bool> TryPublishAsync<T>(T message, CancellationToken cancellationToken = default) where T : class;

    /// <summary>The same to one queue, by its name without prefix.</summary>
    Task<bool> TrySendAsync<T>(T message, string exchangeName, CancellationToken cancellationToken = default) where T : class;
}
