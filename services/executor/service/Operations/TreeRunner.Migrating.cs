using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Operations;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <remarks>Source: rgmanager.md 2.6 and 3.5; the results 0 1 6 7 150 are the scheduler's to read.</remarks>
internal sealed partial class TreeRunner
{
    /// <summary>Journals what is to arrive, so that whatever ends this incarnation stops it too (rule S9). Runs nothing.</summary>
    public async Task<OperationResult> ReceiveAsync(OperateService order, LocalTree expected, Action begun, CancellationToken cancellation)
    {
        if (await TryBeginAsync(order, expected, cancellation) is { } refused)
        {
            return refused;
        }

        begun();
        OperationResult done = new() { Outcome = OperationOutcome.Succeeded, Detail = "it may come" };
        return await FinishAsync(order, expected, done, isStopProven: false, cancellation);
    }

    /// <summary>Has the agent move the service away, and then proves by its monitors that it runs here no more (rule S9).</summary>
    public async Task<OperationResult> MigrateAsync(OperateService order, LocalTree local, ResourceNode resource, NodeName target, CancellationToken cancellation)
    {
        if (Migration.Leave(resource, order.Node, target) is not { } run)
        {
            return Refused($"{resource.Label} has no agent that migrates");
        }

        if (await TryBeginAsync(order, local, cancellation) is { } refused)
        {
            return refused;
        }

        AgentResult left = await RunAsync(order.Service, OnNode.Named(run, order.Node), cancellation);
        if (left.IsSuccess)
        {
            return await SettleMigrationAsync(order, local, "its agent says that it was migrated", cancellation);
        }

        string told = Told(order.Service, run, left);
        TreeProbe probe = await ProbeAsync(order.Service, local, cancellation);
        OperationResult failed = new() { Outcome = OperationOutcome.Failed, IsRunning = probe.IsRunning, Resource = run.Resource, ExitCode = left.ExitCode, Detail = $"{told}; {probe.Detail}" };
        return await FinishAsync(order, local, failed, isStopProven: false, cancellation);
    }

    /// <summary>Finds out whether the service has left.</summary>
    public async Task<OperationResult> SettleMigrationAsync(OperateService order, LocalTree local, string known, CancellationToken cancellation)
    {
        TreeProbe probe = await ProveAsync(order.Service, local.Monitor, [], cancellation);
        bool hasLeft = probe.IsRunning == false;
        OperationResult result = new()
        {
            Outcome = hasLeft ? OperationOutcome.Succeeded : OperationOutcome.Failed,
            IsRunning = probe.IsRunning,
            Resource = hasLeft ? null : probe.Resource,
            Detail = hasLeft ? $"{known}, and it is proven not to run here" : $"{known}; not proven to have left: {probe.Detail}",
        };
        return await FinishAsync(order, local, result, isStopProven: hasLeft, cancellation);
    }

    /// <summary>What an agent wants to do where its resource arrives; the start after it decides.</summary>
    private async Task ArriveAsync(OperateService order, ResourceNode tree, CancellationToken cancellation)
    {
        if (order.Peer is { } source && Migration.Arrive(tree, source, order.Node) is { } run)
        {
            AgentResult result = await RunAsync(order.Service, OnNode.Named(run, order.Node), cancellation);
            if (!result.IsSuccess)
            {
                Told(order.Service, run, result);
            }
        }
    }
}
