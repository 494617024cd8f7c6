using Quorate.Contracts.V1;

namespace Quorate.Executor.Service.Bus;

/// <summary>What arrives for one incarnation. Each call records and returns; the message is acknowledged when it does.</summary>
internal interface IIncarnationInbox
{
    Task TakeAsync(OperateService order, CancellationToken cancellation);

    Task TakeAsync(HeartbeatAnswer answer, CancellationToken cancellation);

    Task TakeAsync(ConfigurationPublished configuration, CancellationToken cancellation);

    Task TakeAsync(QuorumDissolved dissolved, CancellationToken cancellation);
}
