using Quorate.Contracts.V1;

namespace Quorate.Executor.Service.Bus;

/// <summary>What arrives for one incarnation. Each call records and returns; the message is acknowledged when it does.</summary>
internal interface IIncarnationInbox
{
    /// <summary>The queue is there, for the first time or again; what was sent to it before may be lost. Returns at once.</summary>
    void Connected();

    Task TakeAsync(OperateService order, CancellationToken cancellation);

    Task TakeAsync(HeartbeatAnswer answer, CancellationToken cancellation);

    Task TakeAsync(ConfigurationPublished configuration, CancellationToken cancellation);

    Task TakeAsync(QuorumDissolved dissolved, CancellationToken cancellation);
}
