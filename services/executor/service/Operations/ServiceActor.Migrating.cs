using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;

namespace Quorate.Executor.Service.Operations;

/// <remarks>A service that moves while it runs. Source: rgmanager.md 3.5, MIGRATE.</remarks>
internal sealed partial class ServiceActor
{
    private async Task<OperationResult> ReceiveAsync(OperateService order, CancellationToken cancellation)
    {
        TreeLookup lookup = await context.Trees.FindAsync(order, cancellation);
        if (lookup.Tree is not { } tree)
        {
            return Unchanged(lookup.Problem);
        }

        LocalTree expected = LocalTree.Of(tree, order);
        return await context.Runner.ReceiveAsync(order, expected, () => TakeStarted(expected), cancellation);
    }

    private async Task<OperationResult> MigrateAsync(OperateService order, CancellationToken cancellation)
    {
        if (!MayRun || _local is not { Tree: { } tree } local)
        {
            return Unchanged("it does not run here");
        }

        if (order.Peer is not { } target)
        {
            return Unchanged("the order names no node to migrate to");
        }

        _checks = null;
        return Settled(await context.Runner.MigrateAsync(order, local, tree, target, cancellation));
    }

    /// <summary>It has left, or is watched again.</summary>
    private OperationResult Settled(OperationResult result)
    {
        if (result is { Outcome: OperationOutcome.Succeeded, IsRunning: false })
        {
            Volatile.Write(ref _mayRun, false);
        }
        else
        {
            BeginChecks();
        }

        return result;
    }
}
