using Quorate.Contracts;

namespace Quorate.Executor.Service.Bus;

/// <summary>What an executor needs of the bus. Publishing never waits for the broker: what is lost is sent again by the rhythm of its kind.</summary>
internal interface IExecutorBus
{
    /// <summary>Publishes, or drops when the broker is away too long; everything an executor publishes is repeated or asked for again.</summary>
    void Publish<T>(T message) where T : class;

    /// <summary>Connects the queue of one incarnation. Returns at once; the queue is there when the broker is.</summary>
    Task<IAsyncDisposable> ConnectAsync(NodeName node, Incarnation incarnation, IIncarnationInbox inbox, CancellationToken cancellation);
}
