using Quorate.Hosting.Bus;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>A broker that is connected and confirms nothing, as one does that ran out of memory or disk.</summary>
internal sealed class HangingBus : IBusSender
{
    public bool WasAsked { get; private set; }

    public Task<bool> TryPublishAsync<T>(T message, CancellationToken cancellationToken = default) where T : class => HangAsync(cancellationToken);

    public Task<bool> TrySendAsync<T>(T message, string exchangeName, CancellationToken cancellationToken = default) where T : class => HangAsync(cancellationToken);

    private async Task<bool> HangAsync(CancellationToken cancellationToken)
    {
        WasAsked = true;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return false;
    }
}
