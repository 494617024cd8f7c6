using System.Collections.Immutable;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Core.Trees;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <remarks>A service that runs and goes on running, by another configuration. Source: rgmanager.md 2.9; DESIGN 9 (stop order, start order).</remarks>
internal sealed partial class TreeRunner
{
    private const string StartAction = "start";
    private const string ReconfigureAction = "reconfig";

    /// <summary>Stops some resources of a running service, proves it, and only then has the journal forget them (rules S9 and S10).</summary>
    /// <param name="order">The condstop.</param>
    /// <param name="down">What stops, in stop order.</param>
    /// <param name="kept">The service as it runs afterwards.</param>
    /// <param name="cancellation">The end of the incarnation.</param>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<OperationResult> CondstopAsync(
        OperateService order, ImmutableArray<ResourceOperation> down, LocalTree kept, CancellationToken cancellation)
    {
        HashSet<string> stopped = [];
        foreach (ResourceNode node in down.Select(operation => operation.Node).Where(node => Listed.Has(node, "stop")))
        {
            if (InvocationOf.Action(node, "stop") is { } stop && (await RunAsync(order.Service, OnNode.Named(stop, order.Node), cancellation)).IsSuccess)
            {
                stopped.Add(node.Label);
            }
        }

        ImmutableArray<AgentInvocation> monitors = [.. down.Select(operation => InvocationOf.Monitor(operation.Node)).OfType<AgentInvocation>().Select(run => OnNode.Named(run, order.Node))];
        TreeProbe probe = await ProveAsync(order.Service, monitors, stopped, cancellation);
        if (probe.IsRunning != false && !monitors.IsEmpty)
        {
            return new OperationResult
            {
                Outcome = OperationOutcome.Failed,
                IsRunning = probe.IsRunning,
                Resource = probe.Resource,
                Detail = NotProven(probe, stopped),
            };
        }

        OperationResult done = new() { Outcome = OperationOutcome.Succeeded, IsRunning = true, Detail = $"{down.Length} resources are proven stopped; the rest runs on" };
        return await TryBeginAsync(order, kept, cancellation) ?? await FinishAsync(order, kept, done, isStopProven: false, cancellation);
    }

    /// <summary>Starts some resources of a running service, and has others take over new values; journalled first (rule S9). The first failure ends it.</summary>
    /// <param name="order">The condstart.</param>
    /// <param name="up">What starts or is reconfigured, in start order.</param>
    /// <param name="wanted">The service as it runs from then on.</param>
    /// <param name="begun">Called once the guard has it on disk, before anything runs.</param>
    /// <param name="cancellation">The end of the incarnation.</param>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<OperationResult> CondstartAsync(
        OperateService order, ImmutableArray<ResourceOperation> up, LocalTree wanted, Action begun, CancellationToken cancellation)
    {
        if (await TryBeginAsync(order, wanted, cancellation) is { } refused)
        {
            return refused;
        }

        begun();
        OperationResult result = new() { Outcome = OperationOutcome.Succeeded, IsRunning = true, Detail = "it runs as the configuration has it" };
        foreach (AgentInvocation run in up.Select(RunOf).OfType<AgentInvocation>().Select(run => OnNode.Named(run, order.Node)))
        {
            AgentResult ended = await RunAsync(order.Service, run, cancellation);
            if (!AgentMeaning.IsStarted(ended))
            {
                result = new OperationResult { Outcome = OperationOutcome.Failed, Resource = run.Resource, ExitCode = ended.ExitCode, Detail = Told(order.Service, run, ended) };
                break;
            }
        }

        return await FinishAsync(order, wanted, result, isStopProven: false, cancellation);
    }

    /// <summary>An agent that knows <c>reconfig</c> is asked for that; another one is started again, which for one that runs must do no harm.</summary>
    private static AgentInvocation? RunOf(ResourceOperation operation)
    {
        ResourceNode node = operation.Node;
        bool isReconfigured = operation.Kind == OperationKind.Reconfigure && node.Actions.Any(action => action.Name == ReconfigureAction);
        return isReconfigured ? InvocationOf.Action(node, ReconfigureAction)
            : Listed.Has(node, StartAction) ? InvocationOf.Action(node, StartAction)
            : null;
    }

    private async Task<OperationResult?> TryBeginAsync(OperateService order, LocalTree local, CancellationToken cancellation)
    {
        try
        {
            await guard.BeginAsync(BeginOf(order, local), cancellation);
            return null;
        }
        catch (GuardRefusedException refusal)
        {
            return Refused(refusal.Message);
        }
    }
}
