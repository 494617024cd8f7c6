using Quorate.Contracts.V1;

namespace Quorate.Executor.Service.Sessions;

/// <remarks>What the incarnation's queue brings.</remarks>
internal sealed partial class ExecutorSession
{
    /// <inheritdoc/>
    public void Connected() => _heartbeats.TellAgain();

    /// <inheritdoc/>
    public Task TakeAsync(OperateService order, CancellationToken cancellation)
    {
        Take(order, mayWait: _firstLease.HasRoom);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeAsync(HeartbeatAnswer answer, CancellationToken cancellation)
    {
        _heartbeats.Take(answer, overBus: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeAsync(ConfigurationPublished configuration, CancellationToken cancellation)
    {
        _parts.Configurations.Take(configuration);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeAsync(QuorumDissolved dissolved, CancellationToken cancellation)
    {
        _lease.Take(dissolved);
        return Task.CompletedTask;
    }
}
