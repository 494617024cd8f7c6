using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;

namespace Quorate.Executor.Service.Operations;

/// <remarks>Following a newer configuration where the service runs. Source: rgmanager.md 2.9.</remarks>
internal sealed partial class ServiceActor
{
    private async Task<OperationResult> CondstopAsync(OperateService order, CancellationToken cancellation)
    {
        (ChangeLookup change, LocalTree? local) = await ChangeAsync(order, cancellation);
        if (change.Delta is not { } delta || local is null)
        {
            return Unchanged(change.Problem);
        }

        if (delta.Kept is not { } kept)
        {
            return Unchanged("the service itself changed: it has to be stopped as a whole");
        }

        _checks = null;
        LocalTree left = local.With(kept, local.ConfigurationDigest, local.ConfigurationVersion, order.Node);
        OperationResult result = await context.Runner.CondstopAsync(order, delta.Down, left, cancellation);
        if (result.Outcome == OperationOutcome.Succeeded)
        {
            _local = left;
        }

        // One that failed is about to be stopped as a whole; until then it is checked as it was, so that nothing depends on that order's arrival.
        BeginChecks();
        return result;
    }

    private async Task<OperationResult> CondstartAsync(OperateService order, CancellationToken cancellation)
    {
        (ChangeLookup change, LocalTree? local) = await ChangeAsync(order, cancellation);
        if (change is not { Delta: { } delta, Tree: { } tree } || local is null)
        {
            return Unchanged(change.Problem);
        }

        if (!delta.Down.IsEmpty)
        {
            return Unchanged($"{delta.Down[0].Node.Label} has to be stopped first");
        }

        _checks = null;
        LocalTree wanted = local.With(tree, order.ConfigurationDigest, order.ConfigurationVersion, order.Node);
        OperationResult result = await context.Runner.CondstartAsync(order, delta.Up, wanted, () => _local = wanted, cancellation);
        BeginChecks();
        return result;
    }

    private async Task<(ChangeLookup Change, LocalTree? Local)> ChangeAsync(OperateService order, CancellationToken cancellation) => MayRun && _local is { } local
        ? (await context.Trees.FindChangeAsync(order, local, cancellation), local)
        : (new ChangeLookup(null, null, "it does not run here"), null);

    private static OperationResult Unchanged(string problem) => new() { Outcome = OperationOutcome.Refused, Detail = problem };
}
