using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Cli.Demo;

/// <summary>Listens to what the cluster publishes and tells it in words. Nothing is decided by it: a lost event is a line less.</summary>
internal sealed class EventFeed(DemoLog log)
{
    private const int EventsMax = 200;

    private readonly Lock _gate = new();
    private readonly LinkedList<DemoEvent> _events = new();
    private MembershipChanged? _membership;

    /// <summary>Raised for each event, on a task of the bus: return quickly.</summary>
    public event Action<DemoEvent>? Told;

    /// <summary>Begins to listen; the end of what is returned ends it.</summary>
    public Task<IAsyncDisposable> ConnectAsync(IBusEndpoints endpoints, CancellationToken cancellation) => endpoints.ConnectAsync(
        $"demo.{Guid.NewGuid():N}",
        endpoint => endpoint.Temporary().Bounds(1, 1)
            .On<ServiceTransitioned>((step, _, _) => TakeAsync(step))
            .On<MembershipChanged>((membership, _, _) => TakeAsync(membership)),
        cancellation);

    /// <summary>The newest events, oldest first.</summary>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<DemoEvent> Last(int count)
    {
        lock (_gate)
        {
            return [.. _events.Skip(Math.Max(0, _events.Count - count))];
        }
    }

    /// <summary>Adds something that the demo itself did.</summary>
    public void Tell(string text)
    {
        DemoEvent told = new(DateTimeOffset.UtcNow, text);
        lock (_gate)
        {
            _events.AddLast(told);
            if (_events.Count > EventsMax)
            {
                _events.RemoveFirst();
            }
        }

        log.Write("demo", text);
        Told?.Invoke(told);
    }

    private Task TakeAsync(ServiceTransitioned step)
    {
        Tell(Narration.Of(step));
        return Task.CompletedTask;
    }

    private Task TakeAsync(MembershipChanged membership)
    {
        if (_membership is null || membership.Generation > _membership.Generation)
        {
            foreach (string text in Narration.Of(_membership, membership))
            {
                Tell(text);
            }

            _membership = membership;
        }

        return Task.CompletedTask;
    }
}
