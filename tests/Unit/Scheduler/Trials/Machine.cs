using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>A live executor: takes what rule S8 lets it take, keeps what it took, carries it out in order, and says what it has.</summary>
/// <param name="name">The node.</param>
/// <param name="others">Every machine, for what migrates.</param>
internal sealed class Machine(string name, Func<NodeName, Machine> others)
{
    private const int InvalidConfiguration = 6;
    private const int NotRunning = 7;
    private const int StillHere = 150;

    private readonly SortedDictionary<ServiceName, Local> _services = [];
    private long _sequence;

    public string Name => name;

    public int Number { get; private set; } = 1;

    public Incarnation Life => Cluster.Life(name, Number);

    /// <summary>True from its loss until its next life: it hears nothing and says nothing.</summary>
    public bool IsCutOff { get; set; }

    public bool HasEnded { get; private set; }

    public IEnumerable<(ServiceName Service, Local Local)> Services => _services.Select(pair => (pair.Key, pair.Value));

    public bool Runs(ServiceName service) => Of(service) is { Runs: true };

    public Local? Of(ServiceName service) => _services.GetValueOrDefault(service);

    /// <summary>Fenced, or stopped and gone: nothing of it runs.</summary>
    public void End()
    {
        HasEnded = true;
        IsCutOff = true;
        _services.Clear();
    }

    public void Return()
    {
        (HasEnded, IsCutOff, _sequence) = (false, false, 0);
        Number++;
    }

    /// <summary>An order arrives.</summary>
    /// <returns>What it answers at once; null where the answer comes later, or never.</returns>
    public OperationEnded? Take(OperateService order)
    {
        if (IsCutOff || order.Incarnation != Life)
        {
            return null;
        }

        Local? known = Of(order.Service);
        if (known?.Taken is { } newest && newest.Order.Epoch >= order.Epoch)
        {
            bool isSame = newest.Order.Epoch == order.Epoch && newest.Order.Action == order.Action;
            return isSame ? newest.Answer : Refused(order, "not above the last epoch");
        }

        Local local = known ?? (_services[order.Service] = new Local());
        local.Taken = new TakenOperation(order, Answer: null);
        local.Line.Enqueue(order);
        return null;
    }

    /// <summary>Carries out what waits longest for a service.</summary>
    /// <param name="service">One whose line is not empty.</param>
    /// <param name="chance">Which way it goes; 0 is well.</param>
    public OperationEnded Work(ServiceName service, int chance)
    {
        Local local = _services[service];
        OperateService order = local.Line.Dequeue();
        OperationEnded answer = order.Action switch
        {
            NodeAction.Start => Start(local, order, chance),
            NodeAction.Stop => Stop(local, order, chance),
            NodeAction.Receive => Receive(local, order, chance),
            NodeAction.Migrate => Migrate(local, order, chance),
            NodeAction.Probe => Probe(local, order, chance),
            NodeAction.Convalesce => Convalesce(local, order, chance),
            _ => Change(local, order, chance),
        };
        answer = answer with { EndedAt = _sequence };
        if (local.Taken?.Order.Epoch == order.Epoch)
        {
            local.Taken = local.Taken with { Answer = answer };
        }

        return answer;
    }

    /// <summary>As the executor tells it: from its journal, not from what truly runs.</summary>
    public NodeInventory Inventory() => new()
    {
        Node = new NodeName(name),
        Incarnation = Life,
        Sequence = ++_sequence,
        Services =
        [
            .. _services.Where(pair => pair.Value.Taken is not null).Select(pair => new InventoryEntry
            {
                Service = pair.Key,
                Epoch = pair.Value.Taken!.Order.Epoch, // there: filtered
                IsRunning = pair.Value.MayRun,
                IsBusy = pair.Value.Taken!.IsBusy, // there: filtered
                IsPartial = pair.Value.IsPartial,
            }),
        ],
    };

    /// <summary>What its checks find broken.</summary>
    public IEnumerable<ServiceStatusFailed> Failures() => Services
        .Where(pair => pair.Local is { StartEpoch: > 0, MayRun: true, Runs: false, Line.Count: 0 })
        .Select(pair => new ServiceStatusFailed { Service = pair.Service, Epoch = EpochOf(pair.Local), Node = new NodeName(name), Incarnation = Life, Resource = "script:x" });

    /// <summary>The same run, by its newest order.</summary>
    private static long EpochOf(Local local) =>
        local.Taken is { Order: { Action: NodeAction.Convalesce or NodeAction.Condstop or NodeAction.Condstart or NodeAction.Migrate, Epoch: var epoch } } ? epoch : local.StartEpoch;

    private static OperationEnded Start(Local local, OperateService order, int chance)
    {
        if (chance == 1)
        {
            return Refused(order, "no such tree here");
        }

        (local.MayRun, local.StartEpoch, local.Digest, local.IsPartial) = (true, order.Epoch, order.ConfigurationDigest, false);
        local.Runs = local.Runs || chance != 2;
        return chance is 2 or 3 ? Failed(order, local.Runs ? true : null) : Succeeded(order, true);
    }

    private static OperationEnded Stop(Local local, OperateService order, int chance)
    {
        switch (chance)
        {
            case 1 when local.Digest is not null:
                return Failed(order, null);
            case 2:
                return Refused(order, "its tree cannot be read");
            case 3 when local.Runs:
                return Failed(order, true);
            default:
                (local.MayRun, local.Runs, local.IsPartial) = (false, false, false);
                return Succeeded(order, false);
        }
    }

    private static OperationEnded Receive(Local local, OperateService order, int chance)
    {
        if (chance is 1 or 2)
        {
            return Refused(order, "no such tree here");
        }

        (local.MayRun, local.StartEpoch, local.Digest) = (true, order.Epoch, order.ConfigurationDigest);
        return Succeeded(order, null);
    }

    private OperationEnded Migrate(Local local, OperateService order, int chance)
    {
        if (!local.MayRun)
        {
            return Refused(order, "it does not run here");
        }

        Machine? peer = order.Peer is { } target ? others(target) : null;
        Local? there = peer is { IsCutOff: false } ? peer.Of(order.Service) : null;
        bool arrives = local.Runs && there is { MayRun: true };
        switch (chance)
        {
            case 1:
                // It went half way: whether it did, the agent does not know.
                if (arrives && order.Epoch % 2 == 0)
                {
                    (local.Runs, there!.Runs) = (false, true); // there: it arrives
                }

                return Failed(order, null, 1);
            case 2:
                return Failed(order, local.Runs, InvalidConfiguration);
            case 3:
                return Failed(order, local.Runs, StillHere);
            case 4:
                local.Runs = false;
                return Failed(order, false, NotRunning);
            default:
                if (!arrives)
                {
                    return Failed(order, local.Runs, 1);
                }

                (local.Runs, local.MayRun, there!.Runs) = (false, false, true); // there: it arrives
                return Succeeded(order, false);
        }
    }

    private static OperationEnded Probe(Local local, OperateService order, int chance) =>
        local.Digest is null ? Refused(order, "nothing is known of it here")
        : chance is 1 or 2 ? Failed(order, null)
        : Succeeded(order, local.Runs);

    private static OperationEnded Convalesce(Local local, OperateService order, int chance)
    {
        if (!local.MayRun || chance == 1)
        {
            return Refused(order, "it does not run here");
        }

        local.IsPartial = local.IsPartial && chance is 2 or 3;
        return local.IsPartial ? Failed(order, true) : Succeeded(order, true);
    }

    private static OperationEnded Change(Local local, OperateService order, int chance)
    {
        if (!local.MayRun || chance is 1 or 2)
        {
            return Refused(order, "not now");
        }

        if (chance == 3)
        {
            return Failed(order, true);
        }

        local.Digest = order.Action == NodeAction.Condstart ? order.ConfigurationDigest : local.Digest;
        return Succeeded(order, true);
    }

    private static OperationEnded Succeeded(OperateService order, bool? isRunning) => To(order, OperationOutcome.Succeeded, isRunning);

    private static OperationEnded Failed(OperateService order, bool? isRunning, int? exitCode = null) => To(order, OperationOutcome.Failed, isRunning, exitCode);

    private static OperationEnded Refused(OperateService order, string why) => To(order, OperationOutcome.Refused, null, null, why);

    private static OperationEnded To(OperateService order, OperationOutcome outcome, bool? isRunning, int? exitCode = null, string detail = "") =>
        Answers.To(order, new OperationResult { Outcome = outcome, IsRunning = isRunning, ExitCode = exitCode, Detail = detail });
}
