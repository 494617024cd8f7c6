namespace Quorate.Hosting.Outbox;

/// <summary>Wakes the dispatchers of this process when a transaction committed that has something for them.</summary>
public sealed class OutboxSignal : IDisposable
{
    /// <summary>There are messages for all, or for one queue of ours.</summary>
    public WakeSignal Messages { get; } = new();

    /// <summary>There are answers to those who asked.</summary>
    public WakeSignal Replies { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Messages.Dispose();
        Replies.Dispose();
    }
}
