namespace Quorate.Hosting.Bus;

/// <summary>Sends without a transaction.</summary>
internal sealed class BusSender(BusConnection bus) : IBusSender
{
    /// <summary>How long a message that may be lost is waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public Task<bool> TryPublishAsync<T>(T message, CancellationToken cancellationToken = default) where T : class =>
        bus.TryDeliverAsync(message, message.GetType(), null, cancellationToken);

    public Task<bool> TrySendAsync<T>(T message, string exchangeName, CancellationToken cancellationToken = default) where T : class =>
        bus.TryDeliverAsync(message, message.GetType(), exchangeName, cancellationToken);
}
