using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Scheduler.Core;
using Quorate.Tests.Simulation.Arbiter;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Nodes;
using Quorate.Tests.Simulation.Placing;

namespace Quorate.Tests.Simulation;

/// <summary>Sees the truth: what runs on each machine and every row that is committed. What must never happen it tells the world.</summary>
internal sealed class Judge
{
    /// <summary>The longest that a statement takes from where it looks to where it is committed, in milliseconds.</summary>
    private const int StatementMax = 4_000;

    private readonly SimulatedCluster _cluster;
    private readonly World _world;
    private long _quorateAt;

    public Judge(SimulatedCluster cluster)
    {
        (_cluster, _world) = (cluster, cluster.World);
        cluster.Store.Committing += OnCommitting;
    }

    /// <summary>To be called whenever something began to run: never two owners (rules S7 to S9).</summary>
    public void Look()
    {
        foreach (ServiceName service in _cluster.Services)
        {
            int owners = _cluster.AllMachines.Count(machine => machine.Running.ContainsKey(service));
            if (owners > 1)
            {
                string where = string.Join(" and ", _cluster.AllMachines.Where(machine => machine.Running.ContainsKey(service)).Select(machine => machine.Running[service]));
                _world.Violate($"two owners: {service} runs in {where}");
            }
        }

        foreach (Machine machine in _cluster.AllMachines.Where(machine => machine.Running.Count > 0))
        {
            CheckEnded(machine, _cluster.Store.Peek<NodeLeases>(NodeLeases.KeyOf(machine.Name)));
        }
    }

    /// <summary>What is not yet as it must be in the end; null when everything is.</summary>
    public string? Unsettled()
    {
        foreach (CommandRow command in Commands().Where(command => command.Answers == 0))
        {
            return $"{command.RequestId} ({command.Kind} {command.Service}) has no answer";
        }

        foreach (ServiceRow row in _cluster.Services.Select(service => _cluster.Store.Peek<ServiceRow>(ServiceRow.KeyOf(service))).OfType<ServiceRow>())
        {
            bool runs = row.Record is { State: ServiceState.Started, Owner: { } owner, Pending: null }
                && _cluster.AllMachines.Any(machine => machine.Name == owner && machine.Running.TryGetValue(row.Record.Name, out Incarnation life)
                    && life == row.Record.OwnerIncarnation);
            if (!runs)
            {
                return $"{row.Record.Name} is {row.Record.State}, owner {row.Record.Owner}, pending {row.Record.Pending}: {row.Record.Reason}";
            }
        }

        return null;
    }

    /// <summary>Every command that was accepted.</summary>
    public IEnumerable<CommandRow> Commands() =>
        (_cluster.Store.Peek<CommandIndex>(CommandIndex.Key)?.RequestIds ?? []).Select(id => _cluster.Store.Peek<CommandRow>(CommandRow.KeyOf(id))).OfType<CommandRow>();

    private void OnCommitting(Transaction transaction, string key, object? before, object after)
    {
        if (transaction.Token is { } token && token != _cluster.Store.Peek<EvaluationLock>(EvaluationLock.Key)?.Token)
        {
            _world.Violate($"{transaction.Life} applied a plan under token {token}, which is not the newest");
        }

        switch (before, after)
        {
            case (ServiceRow old, ServiceRow next):
                CheckService(transaction, old.Record, next.Record);
                break;
            case (ArbiterRow old, ArbiterRow next):
                _quorateAt = old.State is { IsQuorate: true, IsTrusted: true } ? _world.Now : _quorateAt;
                Require(next.State.Generation >= old.State.Generation && next.State.Sequence >= old.State.Sequence, "the arbiter goes back");
                break;
            case (CommandRow, CommandRow next):
                Require(next.Answers <= 1, $"{next.RequestId} is answered twice");
                break;
            case (NodeLeases old, NodeLeases next):
                CheckLeases(old, next);
                break;
            case (FenceRow old, FenceRow next):
                CheckStep(old, next);
                break;
        }
    }

    private void CheckService(Transaction transaction, ServiceRecord old, ServiceRecord next)
    {
        Require(next.Epoch >= old.Epoch, $"the epoch of {next.Name} goes back from {old.Epoch} to {next.Epoch}");
        foreach (string requestId in (next.Journey?.RequestIds ?? []).Except(old.Journey?.RequestIds ?? []))
        {
            Require(_cluster.Store.Peek<CommandRow>(CommandRow.KeyOf(requestId)) is not { Answers: > 0 }, $"{requestId} was answered, and {next.Name} begins it again");
        }

        if (transaction.Token is not null && next is { Pending: { Action: NodeAction.Start } order } && next.Epoch > old.Epoch)
        {
            CheckStart(old, order);
        }
    }

    /// <summary>A plan starts nothing where it is known by then that nothing can start, and nothing that was stopped while it was made (rule S12).</summary>
    private void CheckStart(ServiceRecord old, PendingOperation order)
    {
        MembershipChanged? newest = _cluster.Store.Peek<MembershipChanged>(Decisions.NewestMembership);
        MembershipChanged? evaluated = _cluster.Store.Peek<MembershipChanged>(Decisions.EvaluatedMembership);
        Require(newest is not null && MembershipView.From(newest).OnlineIncarnation(order.Node) == order.Incarnation,
            $"a plan starts {old.Name} in {order.Incarnation}, which is not online in generation {newest?.Generation}");
        Require(old is not { AwaitsTransition: true, Journey: null } || evaluated is null || evaluated.Generation < newest?.Generation,
            $"a plan starts {old.Name}, which an operator stopped until the next node transition");
    }

    /// <summary>No device is told to switch off while the cluster is not quorate (rule S6); a statement may be a while under way.</summary>
    private void CheckStep(FenceRow old, FenceRow next)
    {
        bool isQuorate = _cluster.Store.Peek<ArbiterRow>(ArbiterRow.Key) is { State: { IsQuorate: true, IsTrusted: true } };
        Require(next.SwitchedOff.Length <= old.SwitchedOff.Length || isQuorate || _world.Now - _quorateAt <= StatementMax,
            $"{next.Incarnation} is cut off although the cluster has not been quorate since {_quorateAt} ms");
    }

    private void CheckLeases(NodeLeases old, NodeLeases next)
    {
        Require(next.Rows.Count(row => !row.HasEnded) <= 1, $"two incarnations of {next.Current?.Node} have not ended");
        foreach (LeaseRow row in next.Rows)
        {
            LeaseRow? known = old.Find(row.Incarnation);
            Require(known is null || row.Sequence >= known.Sequence, $"the sequence of {row.Incarnation} goes back from {known?.Sequence} to {row.Sequence}");
            Require(known is not { HasEnded: true } || row.HasEnded, $"{row.Incarnation} had ended and comes back");
            if (row.State == LeaseState.Fenced && known?.State != LeaseState.Fenced)
            {
                CheckFenced(row);
            }

            Require(known is not { State: LeaseState.Lost } || row.State != LeaseState.Live, $"{row.Incarnation} was lost and lives");
        }

        if (next.Current is { } current)
        {
            foreach (Machine machine in _cluster.AllMachines.Where(machine => machine.Name == current.Node))
            {
                CheckEnded(machine, next);
            }
        }
    }

    /// <summary>Where time does not fence, an incarnation that had a lease is fenced only by being off (rule S7), and no other is meant (rule S5).</summary>
    private void CheckFenced(LeaseRow row)
    {
        bool goesOn = _cluster.AllMachines.Any(machine => machine.Incarnation == row.Incarnation
            && machine is { IsOn: true, Guard: { Life.IsDead: false, IsServing: true } });
        Require(_cluster.TimeFences || row.GrantedIn == 0 || !goesOn, $"{row.Incarnation} is stored as fenced ({row.Reason}) and goes on");
    }

    /// <summary>An incarnation that is stored as ended runs nothing, and may begin nothing (rules S5, S7, S9).</summary>
    private void CheckEnded(Machine machine, NodeLeases? leases)
    {
        if (machine.LeasedIncarnation is { } leased && leases?.Find(leased) is { HasEnded: true } over)
        {
            _world.Violate($"{leased} is stored as {over.State} ({over.Reason}) and still holds a lease");
        }

        foreach ((ServiceName service, Incarnation incarnation) in machine.Running)
        {
            if (leases?.Find(incarnation) is { HasEnded: true } ended)
            {
                _world.Violate($"{incarnation} is stored as {ended.State} ({ended.Reason}) and still runs {service}");
            }
        }
    }

    private void Require(bool isTrue, string violation)
    {
        if (!isTrue)
        {
            _world.Violate(violation);
        }
    }
}
