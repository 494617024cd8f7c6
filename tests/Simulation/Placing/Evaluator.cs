using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>Places services under the lock, and applies the plan in one transaction that checks everything again (rule S12).</summary>
internal sealed class Evaluator(SimulatedCluster cluster, SchedulerReplica replica)
{
    private const int Sweep = 2_000;
    private const int RetryPause = 500;
    private const int LongestThought = 1_500;

    private readonly World _world = cluster.World;
    private readonly SortedSet<ServiceName> _services = [];
    private TaskCompletionSource _raised = new();
    private bool _isMembershipNew;

    public void NeedPlacement(IEnumerable<ServiceName> services)
    {
        _services.UnionWith(services);
        _raised.TrySetResult();
    }

    public void MembershipChanged()
    {
        _isMembershipNew = true;
        _raised.TrySetResult();
    }

    public async Task RunAsync()
    {
        (ImmutableArray<ServiceName> services, bool isSweep) = ([], true);
        long swept = _world.Now;
        while (true)
        {
            try
            {
                await EvaluateAsync(services, isSweep);
                swept = isSweep ? _world.Now : swept;
                (services, isSweep) = await WaitAsync(Sweep - (_world.Now - swept));
            }
            catch (StoreGoneException)
            {
                await _world.Delay(RetryPause, replica.Life);
            }
        }
    }

    private async Task<(ImmutableArray<ServiceName> Services, bool IsSweep)> WaitAsync(long sweepIn)
    {
        if (sweepIn > 0 && !_raised.Task.IsCompleted)
        {
            TaskCompletionSource raised = _raised;
            _world.After(sweepIn, replica.Life, () => raised.TrySetResult());
            await raised.Task;
        }

        // What raised it does not go on inside whatever it was.
        await _world.Delay(1, replica.Life);
        bool isSweep = _services.Count == 0 && !_isMembershipNew || sweepIn <= 0;
        ImmutableArray<ServiceName> services = [.. _services];
        _services.Clear();
        _isMembershipNew = false;
        _raised = new TaskCompletionSource();
        return (services, isSweep);
    }

    private async Task EvaluateAsync(ImmutableArray<ServiceName> wanted, bool isSweep)
    {
        // The session that holds the lock; whatever ends it lets another replica in.
        using Transaction session = cluster.Store.Begin(replica.Life);
        if (!_world.Breaks(Mutation.EvaluationUnlocked))
        {
            await session.LockAsync<EvaluationLock>(EvaluationLock.Name);
        }

        long token = await EvaluationLock.RaiseAsync(cluster.Store, replica.Life);
        if (await LoadAsync() is not { } input)
        {
            return;
        }

        if (await EndIncarnationsAsync(input))
        {
            input = await LoadAsync() ?? input;
        }

        ImmutableArray<ServicePlan> plans = input.Newest.IsQuorate ? Plan(input, wanted, isSweep) : [];
        if (_world.HasSlowEvaluators)
        {
            await _world.Delay(_world.Chance.Between(0, LongestThought), replica.Life);
        }

        await ApplyAsync(input, plans, token);
    }

    private async Task<Input?> LoadAsync()
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        IReadOnlyList<MembershipChanged?> memberships =
            await work.ReadAllAsync<MembershipChanged>([Decisions.NewestMembership, Decisions.EvaluatedMembership]);
        IReadOnlyList<ServiceRow?> rows = await work.ReadAllAsync<ServiceRow>(cluster.Services.Select(ServiceRow.KeyOf));
        return memberships[0] is { } newest ? new Input(newest, memberships[1], [.. rows.OfType<ServiceRow>()]) : null;
    }

    private async Task<bool> EndIncarnationsAsync(Input input)
    {
        bool any = false;
        MembershipView membership = MembershipView.From(input.Newest);
        foreach (ServiceRow row in input.Services)
        {
            foreach ((NodeName node, Incarnation incarnation) in Ended(row.Record, membership))
            {
                any = true;
                using Transaction work = cluster.Store.Begin(replica.Life);
                if (await work.LockAsync<ServiceRow>(ServiceRow.KeyOf(row.Record.Name)) is { } locked)
                {
                    await replica.Decisions.DecideAsync(work, locked, new ServiceEvent.OwnerEnded(node, incarnation));
                    await work.CommitAsync();
                }
            }
        }

        return any;
    }

    private static IEnumerable<(NodeName Node, Incarnation Incarnation)> Ended(ServiceRecord record, MembershipView membership)
    {
        (NodeName? Node, Incarnation? Incarnation)[] depends =
        [
            (record.Owner, record.OwnerIncarnation),
            (record.Hold?.Node, record.Hold?.Incarnation),
            (record.Pending?.Node, record.Pending?.Incarnation),
        ];
        return depends.Where(life => life is { Node: { } node, Incarnation: { } incarnation }
                && membership.Of(node, incarnation, record.Generation) == OwnerStanding.Ended)
            .Select(life => (life.Node!.Value, life.Incarnation!.Value)).Distinct(); // Both are set: the filter above says so.
    }

    private ImmutableArray<ServicePlan> Plan(Input input, ImmutableArray<ServiceName> wanted, bool isSweep)
    {
        PlacementSituation situation = new()
        {
            Configuration = replica.Configuration,
            Membership = MembershipView.From(input.Newest),
            Services = [.. input.Services.Select(row => row.Record)],
            Now = replica.Wall,
        };
        SortedDictionary<ServiceName, ServicePlan> plans = [];
        foreach (PlacementEvent cause in input.Causes(wanted, isSweep))
        {
            foreach (ServicePlan plan in Planner.Plan(situation, cause).Services)
            {
                plans.TryAdd(plan.Service, plan);
            }
        }

        return [.. plans.Values];
    }

    private async Task ApplyAsync(Input input, ImmutableArray<ServicePlan> plans, long token)
    {
        MembershipView membership = MembershipView.From(input.Newest);
        SortedDictionary<ServiceName, ServiceRow> planned = new(input.Services.ToDictionary(row => row.Record.Name));
        using Transaction work = cluster.Store.Begin(replica.Life);
        if (!await CheckAsync(work, input, token))
        {
            return;
        }

        await replica.Looks.RequireAsync(work, input.Newest);
        work.Token = token;
        bool isWhole = true;
        foreach (ServicePlan plan in plans.Where(plan => planned.ContainsKey(plan.Service) && Changes(planned[plan.Service], plan, membership)))
        {
            ServiceRow seen = planned[plan.Service];
            ServiceRow? row = await ReadAgainAsync(work, plan.Service);
            if (row is null || (row.Version != seen.Version && !_world.Breaks(Mutation.VersionUnchecked)))
            {
                isWhole = false;
                work.OnCommitted(() => NeedPlacement([plan.Service]));
                continue;
            }

            replica.Decisions.Write(work, row, Lifecycle.Apply(replica.Decisions.SituationOf(row.Record, membership), plan), $"plan {plan.Action}");
        }

        if (input.IsMembershipNew && isWhole)
        {
            work.Write(Decisions.EvaluatedMembership, input.Newest);
        }
        else if (input.IsMembershipNew)
        {
            work.OnCommitted(MembershipChanged);
        }

        await work.CommitAsync();
    }

    /// <summary>The token and the membership, locked and looked at again.</summary>
    private async Task<bool> CheckAsync(Transaction work, Input input, long token)
    {
        if (!_world.Breaks(Mutation.TokenUnchecked))
        {
            await EvaluationLock.RequireAsync(work, token);
        }

        if (_world.Breaks(Mutation.MembershipUnchecked))
        {
            return true;
        }

        bool isNewest = (await work.LockAsync<MembershipChanged>(Decisions.NewestMembership))?.Generation == input.Newest.Generation;
        if (!isNewest)
        {
            MembershipChanged();
        }

        return isNewest;
    }

    private Task<ServiceRow?> ReadAgainAsync(Transaction work, ServiceName service) => _world.Breaks(Mutation.RowsUnlocked)
        ? work.ReadAsync<ServiceRow>(ServiceRow.KeyOf(service))
        : work.LockAsync<ServiceRow>(ServiceRow.KeyOf(service));

    private bool Changes(ServiceRow row, ServicePlan plan, MembershipView membership)
    {
        Decision decision = Lifecycle.Apply(replica.Decisions.SituationOf(row.Record, membership), plan);
        return decision.IsChanged || !decision.Effects.IsEmpty;
    }

    private sealed record Input(MembershipChanged Newest, MembershipChanged? Evaluated, ImmutableArray<ServiceRow> Services)
    {
        public bool IsMembershipNew => Evaluated is null || Evaluated.Generation < Newest.Generation;

        public IEnumerable<PlacementEvent> Causes(ImmutableArray<ServiceName> wanted, bool isSweep)
        {
            ImmutableArray<NodeName> up = Moved(cameUp: true);
            ImmutableArray<NodeName> down = Moved(cameUp: false);
            if (IsMembershipNew && Newest.IsQuorate && Evaluated is not { IsQuorate: true })
            {
                yield return new PlacementEvent.QuorumFormed();
            }
            else if (IsMembershipNew && (!up.IsEmpty || !down.IsEmpty))
            {
                yield return new PlacementEvent.NodeChanged(up, down);
            }

            if (!wanted.IsEmpty)
            {
                yield return new PlacementEvent.ServicesNeedPlacement(wanted);
            }

            if (isSweep)
            {
                yield return new PlacementEvent.Sweep();
            }
        }

        private ImmutableArray<NodeName> Moved(bool cameUp)
        {
            Dictionary<NodeName, MemberNode> before = Evaluated?.Nodes.ToDictionary(node => node.Name) ?? [];
            return
            [
                .. Newest.Nodes
                    .Where(node => before.GetValueOrDefault(node.Name) is var old && (old?.State != node.State || old?.Incarnation != node.Incarnation)
                        && (cameUp ? node.State == NodeState.Online : node.State != NodeState.Online || old?.State == NodeState.Online))
                    .Select(node => node.Name).Order(),
            ];
        }
    }
}
