using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Core.Trees;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>Runs one service's tree through the guard: start, stop with proof, probe (rules S9 and S10).</summary>
internal sealed partial class TreeRunner(GuardClient guard, AgentRuns agents, ILogger logger)
{
    /// <summary>How often the monitors are asked after a stop before it counts as unproven: some daemons end after their stop returned.</summary>
    private const int ProofRoundsMax = 3;

    private static readonly TimeSpan ProofPause = TimeSpan.FromMilliseconds(300);

    /// <summary>Starts the tree, journalled first. The first failure ends it; undoing is the scheduler's next order.</summary>
    /// <param name="begun">Called once the guard has it on disk, before anything runs.</param>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<OperationResult> StartAsync(
        OperateService order, LocalTree local, ResourceNode tree, Action begun, CancellationToken cancellation)
    {
        if (await TryBeginAsync(order, local, cancellation) is { } refused)
        {
            return refused;
        }

        begun();
        await ArriveAsync(order, tree, cancellation);
        OperationResult result = await StartResourcesAsync(order, tree, cancellation);
        return await FinishAsync(order, local, result, isStopProven: false, cancellation);
    }

    /// <summary>Stops the tree: every stop is tried, and then every resource's monitor must say that it does not run.</summary>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<OperationResult> StopAsync(OperateService order, LocalTree local, CancellationToken cancellation)
    {
        if (await TryBeginAsync(order, local, cancellation) is { } refused)
        {
            return refused;
        }

        List<string> complaints = [];
        HashSet<string> stopped = [];
        foreach (AgentInvocation stop in local.Stop)
        {
            AgentResult result = await RunAsync(order.Service, stop, cancellation);
            if (result.IsSuccess)
            {
                stopped.Add(stop.Resource);
            }
            else if (!AgentMeaning.IsStopped(result))
            {
                complaints.Add(Told(order.Service, stop, result));
            }
        }

        TreeProbe probe = await ProveAsync(order.Service, local.Monitor, stopped, cancellation);
        OperationResult ended = probe.IsRunning == false
            ? new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = false, Detail = Joined(complaints, "every resource is proven stopped") }
            : new OperationResult
            {
                Outcome = OperationOutcome.Failed,
                IsRunning = probe.IsRunning,
                Resource = probe.Resource,
                Detail = Joined(complaints, NotProven(probe, stopped)),
            };
        return await FinishAsync(order, local, ended, isStopProven: probe.IsRunning == false, cancellation);
    }

    /// <summary>Stops one subtree of a running service, children first; every stop is tried, and then each monitor must say that it does not run.</summary>
    /// <returns>What is not proven stopped; null when all is.</returns>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<string?> StopSubtreeAsync(ServiceName service, ResourceNode subtree, NodeName node, CancellationToken cancellation)
    {
        HashSet<string> stopped = [];
        foreach (AgentInvocation stop in StopPlan.Of(subtree).Select(run => OnNode.Named(run, node)))
        {
            if ((await RunAsync(service, stop, cancellation)).IsSuccess)
            {
                stopped.Add(stop.Resource);
            }
        }

        ImmutableArray<AgentInvocation> monitors = [.. ProbePlan.Of(subtree).Select(run => OnNode.Named(run, node))];
        TreeProbe probe = await ProveAsync(service, monitors, stopped, cancellation);
        return probe.IsRunning == false ? null : NotProven(probe, stopped);
    }

    /// <summary>Starts one subtree of a running service; the first failure ends it.</summary>
    /// <returns>What did not start; null when all did.</returns>
    /// <exception cref="IOException">The guard is gone.</exception>
    public async Task<string?> StartSubtreeAsync(ServiceName service, ResourceNode subtree, NodeName node, CancellationToken cancellation)
    {
        foreach (AgentInvocation start in StartPlan.Of(subtree).Select(run => OnNode.Named(run, node)))
        {
            AgentResult result = await RunAsync(service, start, cancellation);
            if (!AgentMeaning.IsStarted(result))
            {
                return Told(service, start, result);
            }
        }

        return null;
    }

    /// <summary>Asks every monitor of the tree.</summary>
    /// <exception cref="IOException">The guard is gone.</exception>
    public Task<TreeProbe> ProbeAsync(ServiceName service, LocalTree local, CancellationToken cancellation) =>
        ProbeAsync(service, local.Monitor, stopped: [], isAfterStop: false, cancellation);

    private async Task<TreeProbe> ProbeAsync(ServiceName service, ImmutableArray<AgentInvocation> monitors, HashSet<string> stopped, bool isAfterStop, CancellationToken cancellation)
    {
        List<(AgentInvocation Run, AgentResult Result, ResourceRunState State)> answers = [];
        foreach (AgentInvocation monitor in monitors)
        {
            AgentResult result = await RunAsync(service, monitor, cancellation);
            answers.Add((monitor, result, AgentMeaning.Judge(monitor.Class, result, stopped.Contains(monitor.Resource))));
        }

        return TreeProbe.Of(answers, isAfterStop);
    }

    /// <summary>What the guard does not take down did not happen: a stop it refuses is not proven, a start it refuses failed.</summary>
    private async Task<OperationResult> FinishAsync(
        OperateService order, LocalTree local, OperationResult result, bool isStopProven, CancellationToken cancellation)
    {
        try
        {
            await guard.FinishAsync(FinishOf(order, local, result, isStopProven), cancellation);
            return result;
        }
        catch (GuardRefusedException refusal) when (!cancellation.IsCancellationRequested)
        {
            logger.FinishRefused(order.Action, order.Service.Value, order.Epoch, refusal.Message);
            return result with
            {
                Outcome = OperationOutcome.Failed,
                IsRunning = null,
                Detail = $"the guard did not accept the end of it: {refusal.Message}; {result.Detail}",
            };
        }
    }

    private async Task<OperationResult> StartResourcesAsync(OperateService order, ResourceNode tree, CancellationToken cancellation)
    {
        foreach (AgentInvocation start in StartPlan.Of(tree).Select(run => OnNode.Named(run, order.Node)))
        {
            AgentResult result = await RunAsync(order.Service, start, cancellation);
            if (!AgentMeaning.IsStarted(result))
            {
                return new OperationResult
                {
                    Outcome = OperationOutcome.Failed,
                    Resource = start.Resource,
                    ExitCode = result.ExitCode,
                    Detail = Told(order.Service, start, result),
                };
            }
        }

        return new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = true };
    }

    private async Task<TreeProbe> ProveAsync(ServiceName service, ImmutableArray<AgentInvocation> monitors, HashSet<string> stopped, CancellationToken cancellation)
    {
        for (int round = 1; ; round++)
        {
            TreeProbe probe = await ProbeAsync(service, monitors, stopped, isAfterStop: true, cancellation);
            if (probe.IsRunning == false || round == ProofRoundsMax)
            {
                return probe;
            }

            await Task.Delay(ProofPause, cancellation);
        }
    }

    private async Task<AgentResult> RunAsync(ServiceName service, AgentInvocation run, CancellationToken cancellation)
    {
        AgentResult result;
        try
        {
            result = await agents.RunAsync(service, run, cancellation);
        }
        catch (GuardRefusedException refusal) when (!cancellation.IsCancellationRequested)
        {
            result = new AgentResult { End = AgentEnd.NotStarted, Reason = refusal.Message };
        }

        logger.AgentRan(service.Value, run.Resource, run.Action, result.End, result.ExitCode, result.DurationMilliseconds);
        return result;
    }

    private string Told(ServiceName service, AgentInvocation run, AgentResult result)
    {
        string said = AgentMeaning.Describe(run, result);
        logger.AgentFailed(service.Value, said, result.Errors, result.DroppedBytes);
        return said;
    }

    /// <summary>
    /// Says which action said what. No exit code stands beside it: the last one is the monitor's, and its 0 means that the resource still
    /// runs, which reads like a success.
    /// </summary>
    private static string NotProven(TreeProbe probe, HashSet<string> stopped) =>
        $"not proven stopped: {probe.Detail}{(probe.Resource is { } resource && stopped.Contains(resource) ? ", although its stop returned 0" : "")}";

    private static string Joined(List<string> complaints, string conclusion) => string.Join("; ", [.. complaints, conclusion]);

    private static OperationResult Refused(string reason) => new() { Outcome = OperationOutcome.Refused, Detail = reason };

    private static GuardRequest.Begin BeginOf(OperateService order, LocalTree local) => new()
    {
        Id = 0,
        Incarnation = order.Incarnation,
        Service = order.Service,
        Epoch = order.Epoch,
        Action = order.Action,
        ConfigurationDigest = local.ConfigurationDigest,
        ConfigurationVersion = local.ConfigurationVersion,
        Tree = local.Tree,
        Stop = local.Stop,
        Monitor = local.Monitor,
    };

    private static GuardRequest.Finish FinishOf(OperateService order, LocalTree local, OperationResult result, bool isStopProven) => new()
    {
        Id = 0,
        Incarnation = order.Incarnation,
        Service = order.Service,
        Epoch = order.Epoch,
        Outcome = result.Outcome,
        StartEpoch = local.StartEpoch,
        IsStopProven = isStopProven,
        Resource = result.Resource,
        ExitCode = result.ExitCode,
        Detail = result.Detail,
    };
}
