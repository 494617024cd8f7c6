using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Nodes;

/// <summary>What an executor does with its orders: one after another for each service, each journalled before and after.</summary>
internal sealed class ServiceWork(ExecutorProcess executor, GuardProcess guard)
{
    private const int AgentMin = 10;
    private const int AgentMax = 250;
    private const int ProofPause = 300;
    private const int ProofRoundsMax = 3;
    private const int FirstLeasePatience = 5_000;

    private readonly Machine _machine = guard.Machine;
    private readonly World _world = guard.Machine.Cluster.World;
    private readonly SortedDictionary<ServiceName, Queue<Func<Task>>> _lines = [];
    private readonly List<OperateService> _waiting = [];

    private SortedDictionary<ServiceName, TakenOperation> Taken => _machine.Operations.Taken;

    public void Take(OperateService order, bool mayWait)
    {
        if (executor.IsClosed)
        {
            // The incarnation's end is the answer.
            return;
        }

        TakenOperation? newest = _world.Breaks(Mutation.EpochUnchecked) ? null : Taken.GetValueOrDefault(order.Service);
        switch (OperationAdmission.Decide(newest, order, _machine.Name, executor.Incarnation, executor.Lease, _machine.Clock, mayWait))
        {
            case Admission.Run:
                Taken[order.Service] = new TakenOperation(order, Answer: null);
                Line(order.Service, () => OperateAsync(order));
                break;
            case Admission.Wait:
                _waiting.Add(order);
                _world.After(FirstLeasePatience, executor.Life, LeaseGranted);
                break;
            case Admission.Repeat repeat:
                executor.Publish(repeat.Answer);
                break;
            case Admission.Ignore ignore:
                _world.Tell($"{executor.Life}: ignores {order.Action} of {order.Service}, epoch {order.Epoch}: {ignore.Reason}");
                break;
            case Admission.Refuse refuse:
                OperationEnded answer = Answers.To(order, new OperationResult { Outcome = OperationOutcome.Refused, Detail = refuse.Reason });
                if (refuse.TakesEpoch)
                {
                    Taken[order.Service] = new TakenOperation(order, answer);
                }

                _world.Tell($"{executor.Life}: refuses {order.Action} of {order.Service}, epoch {order.Epoch}: {refuse.Reason}");
                executor.Publish(answer);
                break;
        }
    }

    /// <summary>The lease is there, or was waited for long enough.</summary>
    public void LeaseGranted()
    {
        List<OperateService> waiting = [.. _waiting];
        _waiting.Clear();
        waiting.ForEach(order => Take(order, mayWait: false));
    }

    /// <summary>What an earlier executor of this incarnation left unfinished is probed and answered.</summary>
    public async Task RestoreAsync()
    {
        await executor.PipeAsync();
        foreach (JournalEntry entry in _machine.Journal.Values.Where(entry => (Taken.GetValueOrDefault(entry.Service)?.Order.Epoch ?? 0) < entry.Epoch).ToList())
        {
            _world.Violate($"{executor.Life}: {entry.Service} was begun in epoch {entry.Epoch} and never taken");
        }

        foreach (OperateService order in Taken.Values.Where(taken => taken.IsBusy).Select(taken => taken.Order).ToList())
        {
            Line(order.Service, () => order.Action == NodeAction.Start ? ResumeAsync(order) : OperateAsync(order));
        }
    }

    /// <summary>Tells of each service that was started here and does not run.</summary>
    public void CheckStatus()
    {
        foreach (TakenOperation taken in Taken.Values)
        {
            OperateService order = taken.Order;
            if (taken is { Order.Action: NodeAction.Start, Answer.Outcome: OperationOutcome.Succeeded } && !_machine.Running.ContainsKey(order.Service))
            {
                executor.Publish(new ServiceStatusFailed
                {
                    Service = order.Service,
                    Epoch = order.Epoch,
                    Node = _machine.Name,
                    Incarnation = executor.Incarnation,
                    Resource = "script",
                });
            }
        }
    }

    private void Line(ServiceName service, Func<Task> work)
    {
        if (_lines.TryGetValue(service, out Queue<Func<Task>>? line))
        {
            line.Enqueue(work);
            return;
        }

        _lines[service] = line = new Queue<Func<Task>>([work]);
        _world.Begin(executor.Life, async () =>
        {
            while (line.TryDequeue(out Func<Task>? next))
            {
                await next();
            }

            _lines.Remove(service);
        });
    }

    private async Task OperateAsync(OperateService order)
    {
        OperationResult result = order.Action switch
        {
            NodeAction.Start => await StartAsync(order),
            NodeAction.Stop => await StopAsync(order),
            _ => await ProbeAsync(order),
        };
        Answer(order, result);
    }

    private void Answer(OperateService order, OperationResult result)
    {
        if (executor.IsClosed)
        {
            return;
        }

        OperationEnded answer = Answers.To(order, result) with { EndedAt = _machine.Clock };
        if (Taken.GetValueOrDefault(order.Service) is { } newest && newest.Order.Epoch == order.Epoch)
        {
            Taken[order.Service] = newest with { Answer = answer };
        }

        _world.Tell($"{executor.Life}: {order.Action} of {order.Service}, epoch {order.Epoch}: {answer.Outcome} {answer.Detail}");
        executor.Publish(answer);
    }

    private async Task<OperationResult> StartAsync(OperateService order)
    {
        await executor.PipeAsync();
        if (guard.Begin(BeginOf(order)) is { } refusal)
        {
            return Refused(refusal);
        }

        await executor.PipeAsync();
        int duration = _world.Chance.Between(AgentMin, AgentMax);
        if (guard.RunStart(order.Service, executor.Incarnation, duration) is { } notRun)
        {
            return await FinishAsync(order, new OperationResult { Outcome = OperationOutcome.Failed, Detail = notRun }, isStopProven: false);
        }

        await _world.Delay(duration + 1, executor.Life);
        OperationResult result = _machine.Cluster.StartFails()
            ? new OperationResult { Outcome = OperationOutcome.Failed, Resource = "script", ExitCode = 1 }
            : new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = true };
        return await FinishAsync(order, result, isStopProven: false);
    }

    private async Task<OperationResult> StopAsync(OperateService order)
    {
        await executor.PipeAsync();
        if (guard.Begin(BeginOf(order)) is { } refusal)
        {
            return Refused(refusal);
        }

        await AgentAsync();
        if (!_machine.Hangs(order.Service))
        {
            _machine.End(order.Service, $"stopped by order, epoch {order.Epoch}", VersionOf(order));
        }

        bool isProven = _world.Breaks(Mutation.StopUnproven);
        for (int round = 1; !isProven && round <= ProofRoundsMax; round++)
        {
            isProven = !_machine.Runs(order.Service, VersionOf(order));
            await _world.Delay(isProven ? 1 : ProofPause, executor.Life);
        }

        OperationResult result = isProven
            ? new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = false }
            : new OperationResult { Outcome = OperationOutcome.Failed, IsRunning = true, Detail = "not proven stopped" };
        return await FinishAsync(order, result, isProven);
    }

    private async Task<OperationResult> ProbeAsync(OperateService order)
    {
        await AgentAsync();
        return new OperationResult { Outcome = OperationOutcome.Succeeded, IsRunning = _machine.Runs(order.Service, VersionOf(order)) };
    }

    /// <summary>By which resources a service is stopped and probed: by those that were started (rule S10).</summary>
    private int VersionOf(OperateService order) => _world.Breaks(Mutation.TreeOfToday)
        ? order.ConfigurationVersion
        : _machine.Journal.GetValueOrDefault(order.Service)?.ConfigurationVersion ?? order.ConfigurationVersion;

    private async Task ResumeAsync(OperateService order)
    {
        OperationResult probe = await ProbeAsync(order);
        bool wasWhole = probe.IsRunning == true && _machine.Journal.GetValueOrDefault(order.Service) is { Outcome: OperationOutcome.Succeeded } known
            && known.Epoch == order.Epoch;
        Answer(order, wasWhole ? probe : Answers.OfInterrupted(probe));
    }

    private async Task<OperationResult> FinishAsync(OperateService order, OperationResult result, bool isStopProven)
    {
        await executor.PipeAsync();
        string? refusal = guard.Finish(new GuardRequest.Finish
        {
            Id = 1,
            Incarnation = executor.Incarnation,
            Service = order.Service,
            Epoch = order.Epoch,
            Outcome = result.Outcome,
            StartEpoch = _machine.Journal.GetValueOrDefault(order.Service)?.StartEpoch ?? 0,
            IsStopProven = isStopProven,
        });
        return refusal is null ? result : result with { Outcome = OperationOutcome.Failed, IsRunning = null, Detail = refusal };
    }

    private Task AgentAsync() => _world.Delay(_world.Chance.Between(AgentMin, AgentMax), executor.Life);

    private GuardRequest.Begin BeginOf(OperateService order) => new()
    {
        Id = 1,
        Incarnation = executor.Incarnation,
        Service = order.Service,
        Epoch = order.Epoch,
        Action = order.Action,
        ConfigurationDigest = order.ConfigurationDigest,
        ConfigurationVersion = order.ConfigurationVersion,
    };

    private static OperationResult Refused(string reason) => new() { Outcome = OperationOutcome.Refused, Detail = reason };
}
